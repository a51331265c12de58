"""Which acts wait for a second person, and what each would do: the number of blocks that end, and which."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Block, Case, ChangeRequest
from aduan.cases.queries.signing_facts import SigningFacts, signing_facts
from aduan.cases.workflow import ProposalType
from aduan.numbers.queries import numbers_under

LISTED: Final = 500
OF_CASES: Final = (ChangeRequest.Kind.RELEASE, ChangeRequest.Kind.OBJECTION, *ChangeRequest.OF_NUMBERS)
OF_REGISTER: Final = (ChangeRequest.Kind.PROTECT, ChangeRequest.Kind.UNPROTECT)


@dataclass(frozen=True, slots=True)
class EndingBlock:
    """One block that ends with the act; for an end of protection, one that ended before and stays ended."""

    case_id: int
    reference: str
    number: str
    operator: str
    valid_from: dt.date
    complainants: int
    evidence: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What an act does to blocks. `digest` covers all of them, also those beyond `blocks`, which is cut."""

    count: int
    blocks: tuple[EndingBlock, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """One line of the work list."""

    id: int
    kind: ChangeRequest.Kind
    case_id: int | None
    of_what: str
    by: str
    requested_at: dt.datetime
    block_count: int
    own: bool


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A request as the second person sees it. `seen` goes into the form: confirmed is what was seen."""

    request: ChangeRequest
    effect: Effect
    seen: str
    own: bool
    may_confirm: bool
    because: str
    facts: SigningFacts | None  # of its case, where it has one


def waiting_changes(*, viewer: User, limit: int = 200) -> list[WaitingChange]:
    """Requests that this person may look at, oldest first."""
    rows = _open_to(viewer).select_related("requested_by", "case").order_by("requested_at", "id")
    return [_waiting(row, viewer) for row in rows[:limit]]


def waiting_change_of(case: Case, *, viewer: User) -> WaitingChange | None:
    """The request about this case that waits, if any. Shown on the case page."""
    row = _open_to(viewer).filter(case=case).select_related("requested_by", "case").first()
    return _waiting(row, viewer) if row is not None else None


def count_waiting_changes(*, viewer: User) -> int:
    """How many requests wait for this person's word: those that others asked for. One indexed statement."""
    kinds: list[str] = []
    if viewer.has_permission(Permission.SIGN_OFF):
        kinds += OF_CASES
    if viewer.has_permission(Permission.EDIT_REGISTER):
        kinds += OF_REGISTER
    if not kinds:
        return 0
    waiting = ChangeRequest.objects.filter(state=ChangeRequest.State.PENDING, kind__in=kinds)
    return waiting.exclude(requested_by=viewer).count()


def effect_of(request: ChangeRequest) -> Effect:
    """The blocks that this act ends; for the end of a protection those that stay ended."""
    if request.case_id is not None:
        blocks = Block.objects.filter(case=request.case_id, released_at=None)
        if request.kind != ChangeRequest.Kind.RELEASE and not request.upheld:
            blocks = blocks.none()
        return _effect(blocks)
    return effect_of_pattern(request.pattern, begins=request.kind == ChangeRequest.Kind.PROTECT)


def effect_of_pattern(pattern: str, *, begins: bool) -> Effect:
    """What a protection of this pattern, or its end, does to blocks."""
    blocks = Block.objects.filter(number__in=numbers_under(pattern), requested_action=ProposalType.BLOCK)
    return _effect(blocks.filter(released_at=None) if begins else blocks)


def change_page(request_id: int, *, viewer: User) -> ChangePage:
    """Raises ChangeRequest.DoesNotExist, also for one that this person may not look at."""
    rows = _visible_to(viewer).select_related("requested_by", "settled_by", "case", "protected")
    request = rows.get(pk=request_id)
    effect = effect_of(request)
    own = request.requested_by_id == viewer.pk
    needed = Permission.SIGN_OFF if request.kind in OF_CASES else Permission.EDIT_REGISTER
    pending = request.state == ChangeRequest.State.PENDING
    return ChangePage(
        request=request,
        effect=effect,
        seen=request.case.contents_digest if request.case else effect.digest,
        own=own,
        may_confirm=pending and not own and viewer.has_permission(needed),
        because=request.reason,
        facts=signing_facts([request.case])[request.case.pk] if request.case else None,
    )


def _waiting(row: ChangeRequest, viewer: User) -> WaitingChange:
    return WaitingChange(
        id=row.pk,
        kind=ChangeRequest.Kind(row.kind),
        case_id=row.case_id,
        of_what=row.case.number_text if row.case else row.pattern,
        by=str(row.requested_by),
        requested_at=row.requested_at,
        block_count=row.block_count,
        own=row.requested_by_id == viewer.pk,
    )


def _visible_to(viewer: User) -> QuerySet[ChangeRequest]:
    seen = Q()
    if not viewer.has_permission(Permission.VIEW_CASES):
        seen &= Q(kind__in=OF_REGISTER)
    if not viewer.has_permission(Permission.VIEW_REGISTER):
        seen &= Q(kind__in=OF_CASES)
    return ChangeRequest.objects.filter(seen)


def _open_to(viewer: User) -> QuerySet[ChangeRequest]:
    return _visible_to(viewer).filter(state=ChangeRequest.State.PENDING)


def _effect(blocks: QuerySet[Block]) -> Effect:
    keys = list(blocks.order_by("pk").values_list("pk", flat=True))
    shown = blocks.select_related("case", "operator").order_by("pk")[:LISTED]
    return Effect(
        count=len(keys),
        blocks=tuple(
            EndingBlock(
                case_id=block.case_id,
                reference=block.case.reference,
                number=block.case.number_text,
                operator=block.operator.name,
                valid_from=block.valid_from,
                complainants=block.case.independent_count,
                evidence=block.case.evidence_count,
            )
            for block in shown
        ),
        digest=hashlib.sha256(",".join(map(str, keys)).encode()).hexdigest(),
    )
