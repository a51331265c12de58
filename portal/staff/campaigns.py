"""A campaign: numbers with nearly the same story, read on one page. Each number is confirmed by itself.

Proposing or signing here is the same act as on the case's own page, once per ticked number: own digest, own
signature, own refusal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases import queries, services
from aduan.cases.models import Campaign, CampaignLink, Case, Proposal
from aduan.cases.models.case import case_reference
from aduan.cases.queries import CampaignSort
from aduan.cases.workflow import ProposalType, Status
from aduan.complaints.models import Evidence
from aduan.complaints.number_spellings import Spelling, spellings_of, typed_numbers
from aduan.core.errors import Invalid
from portal.common import signin
from portal.common.forms import add_form_error
from portal.common.methods import post_only
from portal.staff.case_summaries import alike_stories_by_case, evidence_by_case
from portal.staff.forms import CaseActionForm, Reasons, reasons_for
from portal.staff.rendering import parse_id, render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from django_stubs_ext import StrOrPromise

    from aduan.accounts.models import User
    from aduan.cases.queries import CampaignPage
    from aduan.cases.queries.campaigns import Member
    from aduan.cases.services import BulkResult

NUMBERS: Final = 50
PICTURES: Final = 4
SORTS: Final[dict[CampaignSort, StrOrPromise]] = {
    CampaignSort.NEWEST: gettext_lazy("newest first"),
    CampaignSort.LOSS: gettext_lazy("greatest loss first"),
    CampaignSort.WAITING: gettext_lazy("longest waiting first"),
}


@dataclass(slots=True)
class Shown:
    """One number of the campaign with what is needed to judge it here."""

    member: Member
    why: str
    story: str = ""
    pictures: list[Evidence] = field(default_factory=list)
    evidence_ids: list[int] = field(default_factory=list)
    spellings: list[Spelling] = field(default_factory=list)
    may_propose: bool = False
    may_sign: bool = False

    @property
    def case(self) -> Case:
        return Case(pk=self.member.row.case_id)


@staff_page(
    "kampanye/",
    name="campaigns",
    permission=Permission.VIEW_CASES,
    title=gettext_lazy("Campaigns"),
    menu_order=20,
)
@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("sort", "")
    sort = CampaignSort(wanted) if wanted in set(CampaignSort) else CampaignSort.NEWEST
    rows, further = queries.campaigns(before=parse_id(request.GET.get("before")), sort=sort)
    now = timezone.now()
    context = {
        "title": _("Campaigns"),
        "rows": [(row, now - row.waiting_since if row.waiting_since else None) for row in rows],
        "further": further,
        "sort": sort,
        "sorts": SORTS,
        "kinds": dict(CampaignLink.Kind.choices),
    }
    return render_staff_page(request, "staff/campaigns.html", context)


@staff_page("kampanye/<int:pk>/", name="campaign", permission=Permission.VIEW_CASES)
@require_safe
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    return _render(request, pk)


@staff_page("kampanye/<int:pk>/usul/", name="campaign_propose", permission=Permission.DECIDE)
@post_only
@signin.step_up
def propose_campaign(request: HttpRequest, pk: int) -> HttpResponseBase:
    _found, shown = _read(request, pk)
    form = CaseActionForm(request.POST, reasons=_reasons(shown).beside(ProposalType.BLOCK))
    if not form.is_valid():
        return _render(request, pk, form=form, status=400)
    try:
        result = services.propose_each(
            _ticked(request, shown),
            by=staff_user(request),
            at=timezone.now(),
            step_up=signin.step_up_of(request),
            proposal_type=ProposalType.BLOCK,
            reason_code=form.cleaned_data["reason_code"],
            reason=form.cleaned_data["note"],
            notice=form.cleaned_data["notice"],
        )
    except Invalid as refusal:
        add_form_error(form, refusal)
        return _render(request, pk, form=form, status=400)
    return _tell(request, pk, result)


@staff_page("kampanye/<int:pk>/tanda-tangan/", name="campaign_sign", permission=Permission.SIGN_OFF)
@post_only
@signin.step_up
def sign_campaign(request: HttpRequest, pk: int) -> HttpResponseBase:
    _found, shown = _read(request, pk)
    try:
        result = services.sign_each(
            _ticked(request, shown),
            by=staff_user(request),
            at=timezone.now(),
            step_up=signin.step_up_of(request),
            agrees=True,
        )
    except Invalid as refusal:
        messages.info(request, str(refusal.message))
        return redirect("staff:campaign", pk)
    return _tell(request, pk, result)


def _ticked(request: HttpRequest, shown: Iterable[Shown]) -> list[services.SelectedCase]:
    """Only numbers of this campaign that the person ticked, each with the digest of what they saw."""
    ticked = {parse_id(text) for text in request.POST.getlist("cases")}
    return [
        services.SelectedCase(
            one.case, request.POST.get(f"seen-{one.member.row.case_id}", ""), tuple(one.evidence_ids)
        )
        for one in shown
        if one.member.row.case_id in ticked
    ]


def _tell(request: HttpRequest, pk: int, result: BulkResult) -> HttpResponseBase:
    """A refusal of one leaves the others done."""
    done = len(result.done)
    if done:
        words = ngettext("%(n)d number done.", "%(n)d numbers done, each by itself.", done)
        messages.success(request, words % {"n": done})
    for key, refusal in result.refused:
        messages.warning(request, f"{case_reference(key)}: {refusal.message}")
    return redirect("staff:campaign", pk)


def _render(
    request: HttpRequest, pk: int, *, form: CaseActionForm | None = None, status: int = 200
) -> HttpResponse:
    found, shown = _read(request, pk)
    read = [one.member.row.case_id for one in shown if one.may_propose or one.may_sign]
    services.record_views(read, by=staff_user(request), at=timezone.now())
    reasons = _reasons(shown)
    context: dict[str, Any] = {
        "title": _("Campaign %(name)s") % {"name": found.reference},
        "campaign": found,
        "proposable": [one for one in shown if one.may_propose],
        "signable": [one for one in shown if one.may_sign],
        "others": [one for one in shown if not (one.may_propose or one.may_sign)],
        "form": form or CaseActionForm(reasons=reasons.beside(ProposalType.BLOCK)),
        "reason_notices": reasons.notices,
    }
    return render_staff_page(request, "staff/campaign.html", context, status=status)


def _reasons(shown: list[Shown]) -> Reasons:
    return reasons_for(shown[0].member.row.category if shown else "")


def _read(request: HttpRequest, pk: int) -> tuple[CampaignPage, list[Shown]]:
    """The campaign with what complaints know about its cases; a fixed number of statements."""
    by = staff_user(request)
    try:
        found = queries.campaign_page(pk, viewer=by, at=timezone.now(), size=NUMBERS)
    except Campaign.DoesNotExist as error:
        raise Http404 from error
    shown = [Shown(member, str(CampaignLink.Kind(member.shares).label)) for member in found.members]
    keys = [one.member.row.case_id for one in shown]
    stories, files = alike_stories_by_case(keys), evidence_by_case(keys)
    typed = typed_numbers(keys)
    free_of_part, signable = _open_to(keys, by)
    for one in shown:
        key = one.member.row.case_id
        one.story, mine = stories.get(key, ""), files[key]
        one.spellings = spellings_of(typed[key], one.member.row.number)
        one.evidence_ids = [item.pk for item in mine]
        one.pictures = [item for item in mine if item.medium == Evidence.Medium.IMAGE][:PICTURES]
        free = key in free_of_part and one.member.row.held_by_id in {None, by.pk}
        one.may_propose = (
            free and by.has_permission(Permission.DECIDE) and one.member.row.status == Status.OPEN
        )
        one.may_sign = free and key in signable
    return found, shown


def _open_to(keys: list[int], by: User) -> tuple[set[int], set[int]]:
    """The cases on which this person may act, and those of them that wait for their signature.

    Only for showing: the service decides.
    """
    waiting = Proposal.objects.filter(case=OuterRef("pk"), state=Proposal.State.PENDING, second_by=None)
    theirs = Case.objects.filter(pk__in=keys).exclude(conflicted_user_ids__contains=[by.pk])
    found = dict(theirs.values_list("pk", Exists(waiting.exclude(proposed_by=by))))
    may_sign = by.has_permission(Permission.SIGN_OFF)
    return set(found), {key for key, waits in found.items() if waits and may_sign}
