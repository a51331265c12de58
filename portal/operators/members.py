"""People of the own organisation: invited and deactivated by those who manage access."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from aduan.core.errors import DomainError
from aduan.operators import members as member_services
from aduan.operators.actors import Actor
from aduan.operators.models import OperatorMember
from portal.common.forms import add_form_error
from portal.common.signin import send_invitation, step_up
from portal.operators.base import operator_page, render_page
from portal.operators.forms import PersonForm


@operator_page(managers=True)
def people(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    return render_page(request, actor, "people", {"people": member_services.people_of(actor.operator)})


@operator_page("GET", "HEAD", "POST", managers=True)
@step_up
def new_person(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = member_services.invite(actor.operator, by=actor, at=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            add_form_error(form, error)
        else:
            _invite(request, person)
            return redirect("operators:people")
    return render_page(request, actor, "person_new", {"form": form}, status=400 if form.errors else 200)


@operator_page("GET", "HEAD", "POST", managers=True)
@step_up
def switch_person(request: HttpRequest, actor: Actor, pk: int, switch: str) -> HttpResponseBase:
    person = get_object_or_404(OperatorMember.objects.select_related("user"), operator=actor.operator, pk=pk)
    if request.method == "POST":
        act = member_services.deactivate if switch == "nonaktif" else member_services.reactivate
        act(person, by=actor, at=timezone.now())
        messages.success(request, _("Done."))
        return redirect("operators:people")
    return render_page(request, actor, "person_switch", {"person": person, "off": switch == "nonaktif"})


def _invite(request: HttpRequest, person: OperatorMember) -> None:
    send_invitation(person.user)
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": person.user.email})
