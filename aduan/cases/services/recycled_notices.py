"""A number has a new holder: its block ends at once, up to a ceiling a day; above it a person looks first.

One stolen key, or one interface that lies, must not free every number of an operator.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.step_up import application_mac
from aduan.cases.models import Block, Case, Proposal, RecycledNotice
from aduan.cases.notices import NoticeText
from aduan.cases.services.lead_letters import write_to_leads
from aduan.cases.services.releases import record_operator_outcome
from aduan.cases.services.transitions import apply_transition, lock_case
from aduan.cases.workflow import IN_QUEUE, CaseAction
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.db import insert_or_ignore
from aduan.core.errors import WrongState
from aduan.core.periods import JAKARTA, local_date
from aduan.operators.alerts import notify_managers
from aduan.operators.models import Operator

FEWEST: Final = 5  # a day count without a person, whatever the length of the list
SHARE: Final = 100  # and one of so many blocks in force, where that is more

_NEW_HOLDER: Final = NoticeText(
    "Menurut operator, nomor ini sudah beralih ke pemegang baru setelah aduan Anda. Aduan tentang pemegang"
    " lama tidak lagi diberlakukan terhadap nomor ini.",
    "The operator says that this number was given to a new holder after your complaint. Complaints about the"
    " holder before count no more against it.",
)
NOT_FROM_OPERATOR: Final = _(
    "The portal cannot prove that this word came from the operator. Put it aside; if the operator confirms"
    " the new holder, ask for the release on the page of the case: a second person confirms it."
)
State = RecycledNotice.State


def require_same_holder(case: Case) -> None:
    """Raises WrongState while it waits for a person whether the number was given to someone else."""
    if RecycledNotice.objects.filter(case=case, state=State.WAITING).exists():
        raise WrongState(
            "new_holder_waits",
            _("The number is said to have a new holder. That has to be settled before it is decided."),
        )


def ceiling_of(operator_id: int) -> int:
    """How many notices of a day count without a person: five, or one in a hundred of the blocks in force."""
    blocks = Block.objects.filter(operator_id=operator_id, requested_action="block", released_at=None)
    return max(FEWEST, blocks.count() // SHARE)


@transaction.atomic
def take_recycled(
    case: Case,
    *,
    operator_id: int,
    source: RecycledNotice.Source,
    batch: int,
    at: dt.datetime,
    note: str = "",
    detail: dict[str, Any] | None = None,
    is_ours: bool = True,
) -> bool:
    """Whether the notice counted at once; otherwise it waits for a person, and both sides are alarmed.

    `batch` is how many such notices came together, this one included and those taken before left out: a
    batch that goes beyond the ceiling waits as a whole. `is_ours`: the application itself wrote down what
    the operator said; a row that SQL may have written waits, and one person cannot believe it.
    """
    case = lock_case(case)
    with connection.cursor() as cursor:  # two batches of one operator are counted one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cases_recycled'), %s)", [operator_id])
    midnight = dt.datetime.combine(local_date(at), dt.time(0), JAKARTA)
    today = RecycledNotice.objects.filter(operator_id=operator_id, received_at__gte=midnight).count()
    notice = RecycledNotice(
        case=case, operator_id=operator_id, source=source, received_at=at, detail=detail or {}
    )
    notice.mac = application_mac(*notice.word) if is_ours else None
    if is_ours and today + batch <= ceiling_of(operator_id):
        notice.state = State.APPLIED
        notice.save(force_insert=True)
        _apply(notice, at=at, note=note)
        return True
    notice.state = State.WAITING
    if insert_or_ignore(notice):
        _alarm(Operator.objects.get(pk=operator_id), at=at)
    return False


@transaction.atomic
def settle_recycled(notice: RecycledNotice, *, by: User, at: dt.datetime, believed: bool) -> RecycledNotice:
    """A person has asked the operator: the number is released, or the notice is put aside.

    Raises WrongState where the application did not take the notice itself: two people release, then.
    """
    if not by.has_permission(Permission.LEAD_HOLDS):
        by.require(Permission.SIGN_OFF)
    case = lock_case(notice.case)
    notice = RecycledNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if notice.state != State.WAITING:
        raise WrongState("already_settled", _("This notice is settled already."))
    if believed and not notice.may_be_believed:
        raise WrongState("not_from_operator", NOT_FROM_OPERATOR)
    notice.state = State.CONFIRMED if believed else State.DECLINED
    notice.settled_by, notice.settled_at = by, at
    notice.save(update_fields=["state", "settled_by", "settled_at"])
    if believed:
        _apply(notice, at=at)
    audit_log.record(
        AuditAction.CASE_SETTLE_RECYCLED,
        actor=f"user:{by.pk}",
        subject=f"case:{case.pk}",
        at=at,
        detail={"notice": notice.pk, "believed": believed},
    )
    return notice


def _apply(notice: RecycledNotice, *, at: dt.datetime, note: str = "") -> None:
    detail = {"source": str(notice.source), **notice.detail}
    record_operator_outcome(
        notice.case, operator_id=notice.operator_id, answer="recycled", note=note, at=at, detail=detail
    )
    if notice.source == RecycledNotice.Source.INTERFACE:  # it was asked about the day of the complaints
        _take_from_decision(lock_case(notice.case), said_at=notice.received_at, at=at)


def _take_from_decision(case: Case, *, said_at: dt.datetime, at: dt.datetime) -> None:
    """Takes back what waits for a signature in a locked case, and closes it: its complaints are old ones.

    They count no more against the new holder. A later complaint opens a case of its own; where it came
    while the notice waited for a person, the case stays open for it.
    """
    for proposal in case.proposals.filter(state__in=(Proposal.State.PENDING, Proposal.State.DISPUTED)):
        proposal.state, proposal.settled_at = Proposal.State.RETRACTED, at
        proposal.save(update_fields=["state", "settled_at"])
        apply_transition(case, CaseAction.RETRACT, by=None, at=at, detail={"proposal": proposal.pk})
    complained_since = case.last_complaint_at is not None and case.last_complaint_at > said_at
    if case.status in IN_QUEUE and not complained_since:
        apply_transition(case, CaseAction.DISMISS, by=None, at=at, notice=_NEW_HOLDER)


def _alarm(operator: Operator, *, at: dt.datetime) -> None:
    """Once a day: to those who manage the operator's access, and to the leads."""
    once = f"{operator.pk}:{local_date(at)}"
    notify_managers(operator, "recycled_waits", once=once, at=at)
    write_to_leads("recycled_waits", once=f"recycled:{once}", context={"operator": operator.name}, at=at)
