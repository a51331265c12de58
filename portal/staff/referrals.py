"""The ministry's side of referrals: answers without proof, questions, mail, letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.core.errors import DomainError
from aduan.referrals import queries, services
from aduan.referrals.codes import PlatformAnswer
from aduan.referrals.models import EscalationLetter, PlatformMail, Referral, ReferralAnswer
from portal.common.methods import post_only
from portal.staff.refusals import say_refused
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

SHOWN = 50


@staff_page(
    "rujukan/",
    name="referrals",
    permission=Permission.DECIDE,
    title=gettext_lazy("Referrals"),
    menu_order=27,
)
@require_safe
def referral_desk(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("Referrals"),
        "answers": queries.answers_to_settle()[:SHOWN],
        "questions": queries.questions()[:SHOWN],
        "mail": queries.mail_to_read()[:SHOWN],
        "choices": PlatformAnswer.choices,
    }
    return render_staff_page(request, "staff/referrals.html", context)


@staff_page("rujukan/jawaban/<int:pk>/", name="settle_answer", permission=Permission.DECIDE)
@post_only
def settle_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    given = get_object_or_404(ReferralAnswer, pk=pk)
    accept = request.POST.get("accept") == "yes"
    return _act(
        request,
        lambda: services.settle_answer(given, accept=accept, by=staff_user(request), at=timezone.now()),
        _("The answer counts now.") if accept else _("The answer was dismissed."),
    )


@staff_page("rujukan/pertanyaan/<int:pk>/", name="reply_to_question", permission=Permission.DECIDE)
@post_only
def reply(request: HttpRequest, pk: int) -> HttpResponseBase:
    given = get_object_or_404(ReferralAnswer.objects.select_related("referral__platform"), pk=pk)
    text = request.POST.get("text", "")
    return _act(
        request,
        lambda: services.reply_to_question(given, text, by=staff_user(request), at=timezone.now()),
        _("Sent in the thread of the referral."),
    )


@staff_page("rujukan/surat/<int:pk>/", name="settle_mail", permission=Permission.DECIDE)
@post_only
def settle_mail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A mail answers a referral, which the person names; or nothing."""
    mail = get_object_or_404(PlatformMail, pk=pk)
    by, answer = staff_user(request), request.POST.get("answer", "")
    if not answer:
        return _act(
            request, lambda: services.mark_handled(mail, by=by, at=timezone.now()), _("Marked as read.")
        )
    digits = request.POST.get("referral", "").strip().upper().removeprefix("R-")
    referral = Referral.objects.filter(pk=int(digits)).first() if _is_key(digits) else None
    if referral is None:
        messages.error(request, _("There is no such referral."))
        return redirect("staff:referrals")
    note = request.POST.get("note", "")
    return _act(
        request,
        lambda: services.answer_from_mail(mail, referral, answer=answer, note=note, by=by, at=timezone.now()),
        _("The answer counts now."),
    )


@staff_page(
    "penyelenggara-ott/",
    name="platforms",
    permission=Permission.VIEW_LISTS,
    title=gettext_lazy("Letters to platforms"),
    menu_order=73,
)
@require_safe
def platform_letters(request: HttpRequest) -> HttpResponse:
    drafts = EscalationLetter.objects.filter(sent_at=None, discarded_at=None).select_related("platform")
    context = {
        "title": _("Letters to platforms"),
        "drafts": drafts,
        "may_send": staff_user(request).has_permission(Permission.RELEASE_LISTS),
    }
    return render_staff_page(request, "staff/platform_letters.html", context)


@staff_page("penyelenggara-ott/surat/<int:pk>/", name="platform_letter", permission=Permission.RELEASE_LISTS)
@post_only
def end_letter(request: HttpRequest, pk: int) -> HttpResponseBase:
    letter = get_object_or_404(EscalationLetter, pk=pk)
    send = request.POST.get("send") == "yes"
    end = services.send_letter if send else services.discard_letter
    return _act(
        request,
        lambda: end(letter, by=staff_user(request), at=timezone.now()),
        _("The letter is on its way.") if send else _("The letter was discarded."),
        to="staff:platforms",
    )


def _is_key(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal() and len(digits) < 16


def _act(
    request: HttpRequest, act: Callable[[], Any], done: str, *, to: str = "staff:referrals"
) -> HttpResponseBase:
    try:
        act()
    except DomainError as refusal:
        say_refused(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(to)
