"""What pages, letters, the API and the public figures read about referrals."""

from __future__ import annotations

import datetime as dt
import statistics
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from aduan.cases import reasons
from aduan.complaints import categories
from aduan.complaints.models import Complaint, Evidence
from aduan.core.periods import local_date
from aduan.operators.models import Operator
from aduan.referrals.codes import ACTED, REFUSED, PlatformAnswer
from aduan.referrals.models import PlatformContact, PlatformMail, Referral, ReferralAnswer
from aduan.referrals.notice import EvidenceSummary, NoticeFacts, notice
from aduan.referrals.pretended import PRETENDED_UID, pretended_referral

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aduan.cases.models import Case

SILENT_AFTER: Final = dt.timedelta(days=15)
REFERRAL_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class PlatformFigures:
    """What a platform was asked in a period and did until its end; the same numbers for it and the public.

    `answered`: a final answer, of which `acted` and `refused`. `asked_back`: the newest answer asks for more.
    `unsettled`: answered by link or mail, not yet read by us. `waiting`: without a word; of these `silent`
    for more than 15 days. `hours`: median from the referral to the first final answer, None without one.
    """

    asked: int
    answered: int
    acted: int
    refused: int
    asked_back: int
    unsettled: int
    waiting: int
    silent: int
    hours: float | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CaseReferral:
    """For the page of a complainant: whom the ministry asked, and the newest answer that counts."""

    platform: str
    asked_at: dt.datetime
    answer: str
    answered_at: dt.datetime | None
    withdrawn: bool


def referrals_of(
    platform: Operator, *, answered: bool | None = None, before: int | None = None
) -> QuerySet[Referral] | list[Referral]:
    """Newest first; `answered` None gives all, False those that wait for the platform."""
    if platform.is_sandbox:
        return [] if answered else [pretended_referral(platform)]
    found = Referral.objects.filter(platform=platform).select_related("current", "platform", "case")
    if before is not None:
        found = found.filter(pk__lt=before)
    if answered is True:
        return found.filter(current__isnull=False)
    return found.filter(current=None, withdrawn_at=None) if answered is False else found


def without_a_word() -> QuerySet[Referral]:
    """Open referrals about which the platform has said nothing: an answer that waits for us is a word too."""
    unsettled = ReferralAnswer.objects.filter(referral=OuterRef("pk"), accepted=None)
    unread = PlatformMail.objects.filter(referral=OuterRef("pk"), handled_at=None)
    return Referral.objects.filter(~Exists(unsettled), ~Exists(unread), current=None, withdrawn_at=None)


def referrals_waiting(platform: Operator) -> int:
    """How many the platform has not yet answered."""
    return len(found) if isinstance(found := referrals_of(platform, answered=False), list) else found.count()


def referral_to(platform: Operator, uid: uuid.UUID) -> Referral | None:
    """One referral of this platform by its unique id."""
    if platform.is_sandbox:
        return pretended_referral(platform) if uid == PRETENDED_UID else None
    found = Referral.objects.filter(platform=platform, uid=uid)
    return found.select_related("current", "platform", "case").first()


def summarise_evidence(case: Case) -> EvidenceSummary:
    """Counts and days only: nothing that names a person, no text and no file."""
    media = dict(
        Evidence.objects.filter(case=case, state=Evidence.State.CLEAN)
        .values_list("medium")
        .annotate(count=Count("pk"))
        .order_by("medium")
    )
    period = Complaint.objects.filter(case=case, withdrawn_at=None).aggregate(
        first=Min("filed_at"), last=Max("filed_at")
    )
    return EvidenceSummary(
        media=media,
        complaints=case.complaint_count,
        first_on=local_date(period["first"]) if period["first"] else None,
        last_on=local_date(period["last"]) if period["last"] else None,
    )


def notice_of(referral: Referral, *, ministry: Mapping[str, str]) -> dict[str, Any]:
    """The referral's JSON. `ministry` has the keys name, unit, email, telephone, basis; in English."""
    category = categories.all_categories().get(referral.category)
    texts = {reason.code: reason.text_en for reason in reasons.reference()}
    return notice(
        NoticeFacts(
            uid=referral.uid,
            reference=referral.reference,
            case=referral.case.reference,
            account=referral.account,
            category=referral.category,
            category_group=category.group if category else "other",
            category_label=category.label_en if category else referral.category,
            ground=ministry.get("basis", ""),
            explanation=texts.get(referral.ground, "Complaints and evidence, examined by two officials."),
            evidence=referral.evidence,
            made_at=referral.made_at,
            ministry=ministry,
        )
    )


def platform_figures(
    platform: Operator, *, since: dt.datetime, until: dt.datetime, at: dt.datetime
) -> PlatformFigures:
    """About the referrals made in [since, until), with the answers that count at `at`."""
    asked = Referral.objects.filter(platform=platform, made_at__gte=since, made_at__lt=until)
    final, quiet = [*ACTED, *REFUSED], without_a_word().filter(platform=platform).values("pk")
    counts = asked.aggregate(
        asked=Count("pk"),
        acted=Count("pk", filter=Q(current__answer__in=ACTED)),
        refused=Count("pk", filter=Q(current__answer__in=REFUSED)),
        asked_back=Count("pk", filter=Q(current__answer=PlatformAnswer.NEED_MORE)),
        unsettled=Count("pk", filter=Q(current=None, withdrawn_at=None) & ~Q(pk__in=quiet)),
        waiting=Count("pk", filter=Q(pk__in=quiet)),
        silent=Count("pk", filter=Q(pk__in=quiet, made_at__lt=at - SILENT_AFTER)),
    )
    first = (
        ReferralAnswer.objects.filter(referral__in=asked, accepted=True, answer__in=final)
        .values("referral")
        .annotate(first=Min("received_at"), made=Min("referral__made_at"))
        .values_list("first", "made")
    )
    hours = [(answered - made) / dt.timedelta(hours=1) for answered, made in first]
    return PlatformFigures(
        answered=counts["acted"] + counts["refused"],
        hours=round(statistics.median(hours), 1) if hours else None,
        **counts,
    )


def referrals_of_case(case_id: int) -> list[CaseReferral]:
    """Oldest first."""
    found = Referral.objects.filter(case_id=case_id).select_related("platform", "current").order_by("pk")
    return [
        CaseReferral(
            platform=referral.platform.name,
            asked_at=referral.made_at,
            answer=referral.current.answer if referral.current else "",
            answered_at=referral.current.received_at if referral.current else None,
            withdrawn=referral.withdrawn_at is not None,
        )
        for referral in found
    ]


def contact_of(platform: Operator) -> PlatformContact | None:
    return PlatformContact.objects.filter(platform=platform).first()


def answers_to_settle() -> QuerySet[ReferralAnswer]:
    """Answers that came by link or mail and wait for a person, oldest first."""
    waiting = ReferralAnswer.objects.filter(accepted=None)
    return waiting.select_related("referral__platform", "mail").order_by("pk")


def questions() -> QuerySet[ReferralAnswer]:
    """What platforms asked back and no reviewer has written back to, oldest first."""
    asked = ReferralAnswer.objects.filter(answer=PlatformAnswer.NEED_MORE, accepted=True, reply=None)
    return asked.filter(referral__withdrawn_at=None).select_related("referral__platform").order_by("pk")


def mail_to_read() -> QuerySet[PlatformMail]:
    """Mail that no one has dealt with, oldest first."""
    waiting = PlatformMail.objects.filter(handled_at=None)
    return waiting.select_related("referral__platform").order_by("pk")


def case_of_referral(*, key: int = 0, uid: uuid.UUID | None = None) -> int | None:
    """The case of one referral, named by its key (as in `R-00000012`) or by its unique id."""
    named = Q(uid=uid) if uid else Q(pk=key)
    return Referral.objects.filter(named).values_list("case_id", flat=True).first()


def cases_of_answer_note(text: str, *, limit: int = 50) -> QuerySet[ReferralAnswer, int]:
    """Cases on which a platform answered with these words in a row, the newest first."""
    words = SearchQuery(text, config="simple", search_type="phrase")
    found = ReferralAnswer.objects.annotate(words=SearchVector("note", config="simple"))
    found = found.filter(~Q(note=""), words=words).order_by("-pk")
    return found.values_list("referral__case_id", flat=True)[:limit]
