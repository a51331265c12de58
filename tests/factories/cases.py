"""Cases in a wanted state, always reached through services."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import count
from typing import Any

from aduan.accounts.models import User
from aduan.cases import services
from aduan.cases.dto import ReportFacts
from aduan.cases.models import CannedReason, Case, Proposal
from aduan.cases.workflow import CaseAction, ProposalType
from aduan.complaints.models import Complaint, Evidence
from aduan.numbers.models import PhoneNumber, Routing
from aduan.operators.models import Operator

_digits = count(6281200000001)
_prints = count(1)
REASONS = (CaseAction.PROPOSE, CaseAction.ASK, CaseAction.DISMISS, CaseAction.DECLARE_NOT_OURS)


def number(
    operator: Operator | None = None, *, at: dt.datetime, digits: int | None = None, kind: str = "mobile"
) -> PhoneNumber:
    """A registered number; without an operator it is one that no one could be found for."""
    digits = digits or next(_digits)
    return PhoneNumber.objects.create(
        canonical=f"+{digits}",
        kind=kind,
        digits=digits,
        operator=operator,
        routing=Routing.BY_RANGE if operator else Routing.UNASSIGNED,
        first_seen_at=at,
    )


def report(**facts: Any) -> ReportFacts:
    """A plain complete complaint by SMS, each with its own fingerprint."""
    given = {
        "channel": "sms",
        "category": "HADIAH",
        "evidence_count": 1,
        "fingerprint": f"print-{next(_prints)}",
    }
    return ReportFacts(**{**given, **facts})


def make_case(
    operator: Operator | None = None, *, at: dt.datetime, kind: str = "mobile", **facts: Any
) -> Case:
    """An open case of a new number with one complaint."""
    return services.open_or_join(number(operator, at=at, kind=kind), report=report(**facts), at=at)


def reasons() -> None:
    """One reason a step, named like the step."""
    for action in REASONS:
        CannedReason.objects.get_or_create(
            code=f"test-{action.value}", defaults={"action": action, "text_id": "Alasan", "text_en": "Reason"}
        )


def make_evidence(case: Case) -> int:
    """A picture of a complaint in this case that reviewers can see."""
    known = Evidence.objects.filter(complaint__case=case, state=Evidence.State.CLEAN).values_list(
        "pk", flat=True
    )
    if (first := known.first()) is not None:
        return first
    turn, at = next(_prints), case.opened_at
    complaint = Complaint.objects.create(
        ticket=f"T{turn:09d}",
        secret_digest=b"",
        idempotency_key=uuid.uuid4(),
        body_digest=b"",
        number_id=case.number_id,
        number_raw=case.number_text,
        case=case,
        disposition="review",
        channel="sms",
        category="HADIAH",
        filed_at=at,
    )
    return Evidence.objects.create(
        complaint=complaint,
        case=case,
        state=Evidence.State.CLEAN,
        medium=Evidence.Medium.IMAGE,
        kind="png",
        name="layar.png",
        size=1,
        sha256=f"{turn:064d}",
        derivative="clean",
        next_try_at=at,
        received_at=at,
    ).pk


def proposed(
    case: Case, *, by: User, at: dt.datetime, proposal_type: ProposalType = ProposalType.BLOCK, **more: Any
) -> Proposal:
    """The case with an open proposal, over its contents of now."""
    case.refresh_from_db()
    reasons()
    given: dict[str, Any] = {
        "reason_code": "test-propose",
        "reason": "Bukti jelas",
        "seen_digest": case.contents_digest,
        "evidence_ids": [make_evidence(case)],
    }
    return services.propose(case, by=by, at=at, proposal_type=proposal_type, **{**given, **more})


def signed(case: Case, *, by: User, at: dt.datetime, agrees: bool = True, **more: Any) -> Proposal:
    """A second signature over the contents of now."""
    case.refresh_from_db()
    given: dict[str, Any] = {"seen_digest": case.contents_digest, "reason": "" if agrees else "Tidak yakin"}
    return services.sign_off(case, by=by, at=at, agrees=agrees, **{**given, **more})


def decided_third(case: Case, *, by: User, at: dt.datetime, agrees: bool = True, **more: Any) -> Proposal:
    """A third signature over the contents of now."""
    case.refresh_from_db()
    given: dict[str, Any] = {
        "seen_digest": case.contents_digest,
        "reason": "" if agrees else "Tidak terbukti",
    }
    return services.decide_third(case, by=by, at=at, agrees=agrees, **{**given, **more})


def confirmed(
    operator: Operator | None,
    *,
    first: User,
    second: User,
    at: dt.datetime,
    proposal_type: ProposalType = ProposalType.BLOCK,
    **facts: Any,
) -> Case:
    """A case that two people decided."""
    case = make_case(operator, at=at, **facts)
    proposed(case, by=first, at=at, proposal_type=proposal_type)
    signed(case, by=second, at=at + dt.timedelta(minutes=5))
    case.refresh_from_db()
    return case
