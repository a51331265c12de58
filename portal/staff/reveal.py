"""A complainant's contact: hidden until a person says why they need it. Every access is on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aduan.accounts.roles import Permission
from aduan.complaints import services
from aduan.complaints.models import Complaint
from aduan.core.errors import DomainError, Forbidden, Invalid
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.forms import RevealForm
from portal.staff.refusals import action_denied
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


@staff_page("perkara/<int:pk>/aduan/<int:complaint>/kontak/", name="reveal", permission=Permission.REVEAL)
@signin.step_up
@require_http_methods(["GET", "POST"])
def reveal(request: HttpRequest, pk: int, complaint: int) -> HttpResponseBase:
    """The contact is in the answer to the POST only: never in an address, a cache or the session."""
    reported = get_object_or_404(Complaint.objects.select_related("case"), pk=complaint, case_id=pk)
    by = staff_user(request)
    form = RevealForm(request.POST or None)
    contact = None
    if request.method == "POST" and form.is_valid():
        try:
            if by.pk in reported.case.conflicted_user_ids:
                raise Forbidden("conflict_of_interest", _("Your own contact is part of this case."))
            contact = services.reveal_contact(
                reported, by=by, reason=form.cleaned_data["reason"], at=timezone.now()
            )
        except Invalid as refusal:
            add_form_error(form, refusal)
        except DomainError as refusal:
            return action_denied(request, refusal, back=reverse("staff:case", args=[pk]))
    context = {"title": _("Show the contact"), "told": reported, "form": form, "contact": contact}
    return render_staff_page(request, "staff/reveal.html", context)
