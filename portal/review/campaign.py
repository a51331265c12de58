"""A campaign: numbers with nearly the same story, read on one page. Each number is confirmed by itself.

Proposing or signing here is the same act as on the case's own page, once per ticked number: own digest, own
signature, own refusal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from aduan.accounts.roles import Permission
from aduan.cases import services
from aduan.cases.models import Campaign, CampaignLink, Case, Proposal
from aduan.cases.workflow import Act, Action, Status
from aduan.complaints.models import Complaint, Evidence
from aduan.core.errors import DomainError
from portal import signin
from portal.review.forms import StepForm, reasons_for
from portal.review.shown import person, show, whole_number
from portal.review.site import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from aduan.accounts.models import User

NUMBERS: Final = 50
PICTURES: Final = 4


@dataclass(slots=True)
class Member:
    """One number of the campaign with what is needed to judge it here."""

    case: Case
    why: str
    likeness: int
    story: str = ""
    pictures: list[Evidence] = field(default_factory=list)
    evidence_ids: list[int] = field(default_factory=list)
    may_propose: bool = False
    may_sign: bool = False


_WHY: Final = {
    CampaignLink.Kind.TEXT: lambda: _("nearly the same text"),
    CampaignLink.Kind.LINK: lambda: _("the same link"),
    CampaignLink.Kind.ACCOUNT: lambda: _("the same bank account"),
    CampaignLink.Kind.PICTURE: lambda: _("nearly the same picture"),
}


@page("kampanye/<int:pk>/", name="campaign", permission=Permission.VIEW_CASES)
@require_safe
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    return _render(request, pk)


@page("kampanye/<int:pk>/usul/", name="campaign_propose", permission=Permission.DECIDE)
@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponseBase:
    members = _members(pk, person(request))
    category = members[0].case.category if members else ""
    form = StepForm(request.POST, reasons=reasons_for(category)[Action.PROPOSE])
    if not form.is_valid():
        return _render(request, pk, form=form, status=400)
    by, now = person(request), timezone.now()

    def act(member: Member, seen: str) -> None:
        services.propose(
            member.case,
            by=by,
            at=now,
            act=Act.BLOCK,
            reason_code=form.cleaned_data["reason_code"],
            reason=form.cleaned_data["note"],
            seen_digest=seen,
            evidence_ids=member.evidence_ids,
        )

    return _each(request, pk, members, act)


@page("kampanye/<int:pk>/tanda-tangan/", name="campaign_sign", permission=Permission.SIGN_OFF)
@require_POST
@signin.step_up
def sign(request: HttpRequest, pk: int) -> HttpResponseBase:
    by, now = person(request), timezone.now()

    def act(member: Member, seen: str) -> None:
        services.sign_off(member.case, by=by, at=now, agrees=True, seen_digest=seen)

    return _each(request, pk, _members(pk, by), act)


def _each(
    request: HttpRequest, pk: int, members: Iterable[Member], act: Callable[[Member, str], None]
) -> HttpResponseBase:
    """Only ticked numbers, one by one; a refusal of one leaves the others done."""
    ticked = {whole_number(text) for text in request.POST.getlist("cases")}
    done = 0
    for member in members:
        if member.case.pk not in ticked:
            continue
        try:
            act(member, request.POST.get(f"seen-{member.case.pk}", ""))
            done += 1
        except DomainError as refusal:
            messages.warning(request, f"{member.case.reference}: {refusal.message}")
    if done:
        words = ngettext("%(n)d number done.", "%(n)d numbers done, each by itself.", done)
        messages.success(request, words % {"n": done})
    elif not ticked:
        messages.info(request, _("Tick the numbers that you have read and mean."))
    return redirect(reverse("admin:campaign", args=[pk]))


def _render(
    request: HttpRequest, pk: int, *, form: StepForm | None = None, status: int = 200
) -> HttpResponse:
    found = Campaign.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    members = _members(pk, person(request))
    category = members[0].case.category if members else ""
    context: dict[str, Any] = {
        "title": _("Campaign %(name)s") % {"name": found},
        "campaign": found,
        "proposable": [member for member in members if member.may_propose],
        "signable": [member for member in members if member.may_sign],
        "others": [member for member in members if not (member.may_propose or member.may_sign)],
        "form": form or StepForm(reasons=reasons_for(category)[Action.PROPOSE]),
    }
    return show(request, "admin/campaign.html", context, status=status)


def _members(pk: int, by: User) -> list[Member]:
    """In four statements, whatever the size."""
    links = CampaignLink.objects.filter(campaign=pk).select_related("case__operator", "case__held_by")
    members = [
        Member(link.case, _WHY[CampaignLink.Kind(link.kind)](), link.likeness)
        for link in links.order_by("-case__score", "case_id")[:NUMBERS]
    ]
    keys = [member.case.pk for member in members]
    waiting = Proposal.objects.filter(case__in=keys, state=Proposal.State.PENDING, second_by=None)
    signable = set(waiting.exclude(proposed_by=by).values_list("case_id", flat=True))
    told = Complaint.objects.filter(case__in=keys, same_as=None, withdrawn_at=None).order_by("case_id", "pk")
    stories = dict(told.distinct("case_id").values_list("case_id", "narrative"))
    pictures: defaultdict[int, list[Evidence]] = defaultdict(list)
    clean = Evidence.objects.filter(complaint__case__in=keys, state=Evidence.State.CLEAN)
    for item in clean.filter(complaint__withdrawn_at=None).select_related("complaint").order_by("pk"):
        pictures[item.complaint.case_id].append(item)
    for member in members:
        key = member.case.pk
        member.story = stories.get(key, "")
        member.evidence_ids = [item.pk for item in pictures[key]]
        member.pictures = [item for item in pictures[key] if item.medium == Evidence.Medium.IMAGE][:PICTURES]
        open_to = by.pk not in member.case.conflicted
        member.may_propose = open_to and by.may(Permission.DECIDE) and member.case.status == Status.OPEN
        member.may_sign = open_to and by.may(Permission.SIGN_OFF) and key in signable
    return members
