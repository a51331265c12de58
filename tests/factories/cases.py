"""Cases in a wanted state, always reached through services."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.dto import ReportFacts
from aduan.cases.models import CannedReason, Case, ChangeRequest, Proposal
from aduan.cases.workflow import CaseAction, ProposalType
from aduan.complaints.models import Complaint, Evidence
from aduan.numbers.models import PhoneNumber, Routing
from aduan.operators.models import Operator
from tests.factories.accounts import person, step_up

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
    operator: Operator | None = None,
    *,
    at: dt.datetime,
    kind: str = "mobile",
    digits: int | None = None,
    **facts: Any,
) -> Case:
    """An open case of a new number with one complaint."""
    return services.open_or_join(
        number(operator, at=at, kind=kind, digits=digits), report=report(**facts), at=at
    )


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


def asked(case: Case, *, by: User, at: dt.datetime, reason_code: str = "test-ask", **more: Any) -> Case:
    """The case whose complainants were asked, over its contents of now."""
    seen = Case.objects.get(pk=case.pk).contents_digest
    return services.request_information(
        case, by=by, at=at, **{"seen_digest": seen, "reason_code": reason_code, **more}
    )


def dismissed(
    case: Case, *, by: User, at: dt.datetime, reason_code: str = "test-dismiss", **more: Any
) -> Case:
    """The case closed without action, over its contents of now."""
    seen = Case.objects.get(pk=case.pk).contents_digest
    return services.dismiss(case, by=by, at=at, **{"seen_digest": seen, "reason_code": reason_code, **more})


def not_ours(
    case: Case, *, by: User, at: dt.datetime, reason_code: str = "test-declare_not_ours", **more: Any
) -> Case:
    """The case closed as another person's matter, over its contents of now."""
    seen = Case.objects.get(pk=case.pk).contents_digest
    return services.declare_not_ours(
        case, by=by, at=at, **{"seen_digest": seen, "reason_code": reason_code, **more}
    )


def selected(cases: Iterable[Case]) -> list[services.SelectedCase]:
    """Cases as a person ticked them, each over its contents of now."""
    return [services.SelectedCase(case, Case.objects.get(pk=case.pk).contents_digest) for case in cases]


def proposed(
    case: Case, *, by: User, at: dt.datetime, proposal_type: ProposalType = ProposalType.BLOCK, **more: Any
) -> Proposal:
    """The case with an open proposal, over its contents of now."""
    case.refresh_from_db()
    reasons()
    given: dict[str, Any] = {
        "step_up": step_up(by, at),
        "reason_code": "test-propose",
        "reason": "Bukti jelas",
        "seen_digest": case.contents_digest,
        "evidence_ids": [make_evidence(case)],
    }
    return services.propose(case, by=by, at=at, proposal_type=proposal_type, **{**given, **more})


def signed(case: Case, *, by: User, at: dt.datetime, agrees: bool = True, **more: Any) -> Proposal:
    """A second signature over the contents of now."""
    case.refresh_from_db()
    given: dict[str, Any] = {
        "step_up": step_up(by, at),
        "seen_digest": case.contents_digest,
        "reason": "" if agrees else "Tidak yakin",
    }
    return services.sign_off(case, by=by, at=at, agrees=agrees, **{**given, **more})


def decided_third(case: Case, *, by: User, at: dt.datetime, agrees: bool = True, **more: Any) -> Proposal:
    """A third signature over the contents of now."""
    case.refresh_from_db()
    given: dict[str, Any] = {
        "step_up": step_up(by, at),
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


def dina() -> User:
    """An approver who decides nothing else: the second person of releases and answers."""
    known = User.objects.filter(email="dina@aduan.example").first()
    return known or person("dina@aduan.example", "Dina Kusuma", Role.APPROVER)


def release_asked(case: Case, *, by: User, at: dt.datetime, reason: str = "Keliru") -> ChangeRequest:
    """What one person asks for; the block is still in force."""
    case.refresh_from_db()
    return services.request_release(
        case, by=by, step_up=step_up(by, at), at=at, seen_digest=case.contents_digest, reason=reason
    )


def released(case: Case, *, by: User, at: dt.datetime, reason: str = "Keliru") -> Case:
    """A block that ended by mistake: this person asked, Dina confirmed."""
    request = release_asked(case, by=by, at=at, reason=reason)
    return confirmed_by(dina(), services.confirm_release, request, at=at)


def settlement_asked(
    case: Case, *, by: User, at: dt.datetime, upheld: bool, reason: str = "Sudah dibaca"
) -> ChangeRequest:
    """An answer that one person proposes to the owner."""
    case.refresh_from_db()
    return services.request_settlement(
        case,
        by=by,
        step_up=step_up(by, at),
        at=at,
        seen_digest=case.contents_digest,
        upheld=upheld,
        reason=reason,
    )


def settled(case: Case, *, by: User, at: dt.datetime, upheld: bool, reason: str = "Sudah dibaca") -> Case:
    """An objection that has its answer: this person proposed it, Dina confirmed."""
    request = settlement_asked(case, by=by, at=at, upheld=upheld, reason=reason)
    return confirmed_by(dina(), services.confirm_settlement, request, at=at)


def confirmed_by(
    second: User,
    service: Callable[..., Case],
    request: ChangeRequest,
    *,
    at: dt.datetime,
    seen_digest: str | None = None,
) -> Case:
    """This person confirms what another asked for, over what that one saw."""
    seen = request.seen_digest if seen_digest is None else seen_digest
    return service(request, by=second, step_up=step_up(second, at), at=at, seen_digest=seen)
