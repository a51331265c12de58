"""Nothing typed is lost: a form of a case is kept on the server while it is typed, until it is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.dispatch import receiver
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases import services
from aduan.cases.models import Case
from aduan.cases.workflow import ProposalType
from aduan.core.errors import Invalid
from portal.common.methods import post_only
from portal.common.middleware import session_ends
from portal.common.typed import typed_texts
from portal.staff.hold_forms import HOLD_PANELS
from portal.staff.presence import moment_of
from portal.staff.rendering import parse_id, staff_user
from portal.staff.site import UNSENT, staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django.urls import ResolverMatch

    from aduan.cases.queries import CasePage, Draft

# The fields people fill in; those of the last line alone make a form worth keeping.
_TICKED: Final = ("evidence", "block_until", "urgent", "upheld")
_TYPED: Final = ("reason_code", "note", "notice_id", "notice_en", "reason", "question")
_PANELS: Final = {ProposalType.BLOCK: "propose", ProposalType.SPOOFED: "spoofed", ProposalType.REFER: "refer"}
_STEP: Final = re.compile(r"[a-z_]{1,20}")


def panel_of(act: str) -> str:
    """The panel of the page in which a proposal of this kind is made."""
    return _PANELS[ProposalType(act)] if act in ProposalType.values else "propose"


def is_typed(request: HttpRequest) -> bool:
    """Whether a person filled in something: a reason or a text, not only what the page ticked before."""
    return any(request.POST.get(name, "").strip() for name in _TYPED)


def keep_form(request: HttpRequest, case: Case, step: str) -> bool:
    """Keeps what was typed into the form of this step; whether there was something, and not too much."""
    by, sent = staff_user(request), request.POST
    if step == "propose":
        step = panel_of(sent.get("act", ""))
    if not is_typed(request):
        return False
    given = {name: sent.getlist(name) for name in (*_TYPED, *_TICKED) if name in sent}
    try:
        services.save_draft(
            case,
            by=by,
            at=timezone.now(),
            step=step,
            fields={name: [_storable(text) for text in texts] for name, texts in given.items()},
            seen_digest=_storable(sent.get("seen", "")),
            sent=page_turn(request),
        )
    except Invalid:
        return False
    return True


def discard_form(request: HttpRequest, case: Case, step: str) -> None:
    """Ends the draft of a form that was sent or emptied, and what its page had on the way."""
    by, sent = staff_user(request), page_turn(request)
    services.discard_draft(case, by=by, at=timezone.now(), step=step, sent=sent)


def page_turn(request: HttpRequest) -> services.PageTurn | None:
    """Which page sent this form and its how-manieth request it is; None from a browser without scripts."""
    page, turn = moment_of(request.POST.get("opened", "")), parse_id(request.POST.get("turn"))
    return services.PageTurn(page, turn) if page and turn is not None and turn < 2**31 else None


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL, and a form with one is refused."""
    return text.replace("\x00", "")


@staff_page("perkara/<int:pk>/draf/", name="save_draft", permission=Permission.VIEW_CASES)
@post_only
def save_draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the page sends while a person types: 204. With `discard` that draft goes."""
    case, step = get_object_or_404(Case, pk=pk), request.POST.get("step", "")
    if not _STEP.fullmatch(step):
        return HttpResponse(status=400)
    if "discard" in request.POST:
        services.discard_draft(case, by=staff_user(request), at=timezone.now(), step=step)
        messages.info(request, _("The draft is deleted."))
        return redirect("staff:case", pk)
    if is_typed(request):
        return HttpResponse(status=204 if keep_form(request, case, step) else 400)
    discard_form(request, case, step)
    return HttpResponse(status=204)


@receiver(session_ends)
def _keep_what_came_too_late(request: HttpRequest, **_details: Any) -> dict[str, Any] | None:
    """A form that is sent after its session ended: the person is known, the act is not done.

    A case keeps it as a draft; of another form the texts are shown after the next log-in.
    """
    if request.method != "POST" or not isinstance(request.user, User) or not request.user.is_staff:
        return None
    try:
        match = resolve(request.path)
    except Resolver404:
        return None
    if match.namespace != "staff" or not _has_token(request):
        return None
    step = _step_of(request, match)
    case = Case.objects.filter(pk=match.kwargs["pk"]).first() if step else None
    if case is not None and keep_form(request, case, step):
        return None
    texts = typed_texts(request)
    return {UNSENT: {"person": request.user.pk, "texts": texts}} if texts else None


def _step_of(request: HttpRequest, match: ResolverMatch) -> str:
    """The draft in which a form of a case is kept; empty for other forms."""
    own = match.kwargs.get("step", "")
    step: str = {
        "case_action": own,
        "sign_proposal": "disagree",
        "write_note": "note",
        "ask_operator": "operator",
        "hold_action": HOLD_PANELS.get(own, ""),
        "save_draft": request.POST.get("step", ""),
    }.get(match.url_name or "", "")
    return step if _STEP.fullmatch(step) else ""


@staff_page("ketikan/", name="discard_unsent", permission=Permission.VIEW_REGISTER)
@post_only
def discard_unsent(request: HttpRequest) -> HttpResponseBase:
    """Texts that came after the session ended were copied, or are not wanted."""
    request.session.pop(UNSENT, None)
    return redirect("staff:index")


def _has_token(request: HttpRequest) -> bool:
    checks = CsrfViewMiddleware(lambda _request: HttpResponse())
    return checks.process_view(request, save_draft, (), {}) is None


def offer(page: CasePage, panels: Mapping[str, forms.Form], kept: Sequence[Draft]) -> list[dict[str, Any]]:
    """Fills the forms with the viewer's drafts, newest first and opened; returns what is said about each."""
    for turn, draft in enumerate(kept):
        form = panels.get(draft.step)
        if form is not None:
            form.initial = {**(form.initial or {}), **_initial(draft)}
            form.reopened = turn == 0  # type: ignore[attr-defined]  # the templates open that panel
    return [
        {
            "draft": draft,
            "possible": draft.step in panels,
            "changes": draft.changes(page),
            "edited": draft.edited(page),
            "steps": draft.steps_since(page),
            "texts": [value for name in _TYPED[1:] for value in draft.fields.get(name, []) if value.strip()],
        }
        for draft in kept
    ]


def _initial(draft: Draft) -> dict[str, Any]:
    fields = {name: values for name, values in draft.fields.items() if name in (*_TYPED, *_TICKED)}
    single = {name: values[0] for name, values in fields.items() if values and name != "evidence"}
    return {**single, **({"evidence": fields["evidence"]} if "evidence" in fields else {})}
