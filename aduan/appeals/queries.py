"""What the holder's page and the reviewers' pages show of objections. Nothing is written."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import re
import uuid
from dataclasses import dataclass

from django.db import models
from django.db.models import Q

from aduan.appeals.models import Objection
from aduan.cases.models import Block, Hold, TemporaryLift
from aduan.cases.queries import measure_in_force
from aduan.core import vault
from aduan.core.periods import local_date
from aduan.notifications import queries as notifications
from aduan.notifications.models import VerificationCode

_SHOWN = 100
_QUOTED = re.compile(r"(?:KB)?[-\s]{0,5}([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """One objection in the reviewers' list and on the case page."""

    id: int
    uid: uuid.UUID
    case_id: int
    reference: str
    number: str
    state: str
    state_label: str
    statement: str
    holder_since: dt.date | None
    filed_at: dt.datetime
    proof_label: str
    proof_note: str
    due_at: dt.datetime | None
    overdue: bool
    answer: str
    answered_at: dt.datetime | None
    wants_second: bool  # the operator's confirmation, as long as one person alone has seen it
    proven_by_id: int | None
    lifted_at: dt.datetime | None  # while the measure is lifted until the answer


def secret_of(uid: uuid.UUID) -> str:
    """The 128-bit secret (22 characters) of the private link: made again whenever needed, never stored."""
    return base64.urlsafe_b64encode(vault.derive("objection", str(uid))[:16]).rstrip(b"=").decode()


def objection_by_link(uid: uuid.UUID, secret: str) -> Objection | None:
    """The objection that a private link opens. A wrong secret and an unknown objection cost the same."""
    fits = hmac.compare_digest(secret_of(uid).encode(), secret.encode())
    objection = Objection.objects.select_related("number", "case").filter(uid=uid).first()
    return objection if fits else None


def code_was_sent(objection: Objection, *, at: dt.datetime) -> bool:
    """Whether a code that can still be typed was sent to the number, whichever objection asked for it."""
    subject = notifications.number_subject(objection.number_id)
    return notifications.code_is_pending(VerificationCode.Purpose.POSSESSION, subject, at=at)


def unanswered(*, at: dt.datetime) -> list[ObjectionRow]:
    """Proven objections without an answer, the most urgent first."""
    return _rows(Objection.objects.filter(state=Objection.State.OPEN).order_by("due_at", "id"), at)


def unproven(*, at: dt.datetime, reference: str = "") -> list[ObjectionRow]:
    """Objections whose number no one has proven yet, the newest first; or the one that a letter quotes.

    Strangers may file as many as they like: the one of a letter has to be found among them.
    """
    rows = Objection.objects.filter(state=Objection.State.UNPROVEN)
    if reference:
        quoted = _QUOTED.fullmatch(reference.strip().upper())
        rows = rows.filter(pk=int(quoted[1])) if quoted else rows.none()
    return _rows(rows.order_by("-filed_at", "-id"), at)


def objections_of(case_id: int, *, at: dt.datetime) -> list[ObjectionRow]:
    """What holders have said about this case, the newest first; what no one proved is not shown."""
    proven = Objection.objects.filter(case=case_id, proven_at__isnull=False)
    return _rows(proven.order_by("-id"), at)


def lift_of(objection: Objection) -> TemporaryLift | None:
    """The newest temporary lift of the measure that this objection is against."""
    return TemporaryLift.objects.filter(case=objection.case_id).order_by("-pk").first()


def outlasts_its_answer(objection: Objection) -> bool:
    """Whether the block or the hold was in force at the moment of the answer, and not ended by it."""
    at = objection.answered_at
    if at is None:
        return False
    blocks = Block.objects.filter(
        case=objection.case_id, requested_action="block", valid_until__gt=local_date(at)
    )
    holds = Hold.objects.filter(case=objection.case_id, state=Hold.State.CONFIRMED, ends_at__gt=at)
    return (
        blocks.filter(Q(released_at=None) | Q(released_at__gt=at)).exists()
        or holds.filter(Q(ended_at=None) | Q(ended_at__gt=at)).exists()
    )


def may_be_lifted(objection: Objection, *, at: dt.datetime) -> bool:
    """Only for showing the button: the service checks again, and decides. A hold may have ended by itself."""
    if objection.state != Objection.State.OPEN or not objection.carries_lift:
        return False
    block, hold = measure_in_force(objection.case, at=at)
    lifted_before = TemporaryLift.objects.filter(block=block, hold=hold).exists()
    return not lifted_before and (block is not None or hold is not None)


def _rows(objections: models.QuerySet[Objection], at: dt.datetime) -> list[ObjectionRow]:
    rows = list(objections.select_related("case", "number")[:_SHOWN])
    lifts = TemporaryLift.objects.filter(case__in={row.case_id for row in rows}, ended_at=None)
    lifted = dict(lifts.values_list("case", "lifted_at")) if rows else {}
    return [
        ObjectionRow(
            id=row.pk,
            uid=row.uid,
            case_id=row.case_id,
            reference=row.case.reference,
            number=row.number.canonical,
            state=row.state,
            state_label=str(row.get_state_display()),
            statement=row.statement,
            holder_since=row.holder_since,
            filed_at=row.filed_at,
            proof_label=str(row.get_proof_display()),
            proof_note=row.proof_note,
            due_at=row.due_at,
            overdue=row.state == Objection.State.OPEN and row.due_at is not None and row.due_at <= at,
            answer=row.answer,
            answered_at=row.answered_at,
            wants_second=row.state == Objection.State.OPEN
            and row.proof == Objection.Proof.OPERATOR
            and not row.carries_lift,
            proven_by_id=row.proven_by_id,
            lifted_at=lifted.get(row.case_id) if row.state == Objection.State.OPEN else None,
        )
        for row in rows
    ]
