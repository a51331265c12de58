"""What people do in the twin, each act through the real services at its moment of the turned clock."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services as cases
from aduan.cases.models import CannedReason, Case, ChangeRequest, Hold, TemporaryLift
from aduan.cases.workflow import CaseAction, ProposalType
from aduan.complaints import services as complaints
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.types import ClientIdentity, ComplaintData, ContactWay
from aduan.core import vault
from aduan.core.errors import DomainError
from aduan.notifications.models import OutboxMessage
from aduan.numbers.parsing import parse
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories import files
from tests.factories.accounts import person, step_up

_PREFIXES: Final = {"telkomsel": "0812", "indosat": "0857", "xlsmart": "0878"}
_STORY: Final = "Ia mengaku petugas bank, minta kode OTP dan PIN lewat telepon. Saya {name}."
_SIGNED: Final = dt.timedelta(seconds=30)  # between two signatures of one decision


@dataclass(frozen=True, slots=True)
class Staff:
    """Who signs holds, decides cases, and answers objections: never the same people."""

    holders: tuple[User, User]
    deciders: tuple[User, User, User]
    answerers: tuple[User, User]


def only_three_operators() -> None:
    """Lists of others would only stay empty."""
    with as_administrator():
        others = Operator.objects.exclude(code__in=_PREFIXES)
        others.update(active=DateRange(dt.date(2000, 1, 1), dt.date(2001, 1, 1)))


def hire() -> Staff:
    reviewers = [person(f"r{turn}@aduan.example", f"Reviewer {turn}", Role.REVIEWER) for turn in range(4)]
    approvers = [person(f"a{turn}@aduan.example", f"Approver {turn}", Role.APPROVER) for turn in range(3)]
    for action in (CaseAction.PROPOSE, CaseAction.DISMISS):
        CannedReason.objects.get_or_create(
            code=f"twin-{action.value}", defaults={"action": action, "text_id": "Alasan", "text_en": "Reason"}
        )
    return Staff(
        (reviewers[0], reviewers[1]),
        (reviewers[2], reviewers[3], approvers[2]),
        (approvers[0], approvers[1]),
    )


def written(number: int) -> str:
    """How people write this number of the world: spread over blocks of numbers, as real ones are."""
    prefixes = tuple(_PREFIXES.values())
    operator, turn = number % len(prefixes), number // len(prefixes)
    return f"{prefixes[operator]}{(turn * 7_777_777 + 1_234_567) % 100_000_000:08d}"


def case_of(number: int) -> Case:
    """The newest case of this number."""
    return Case.objects.filter(number_text=parse(written(number)).canonical).order_by("-pk")[0]


def complain(number: int, source: int, *, evident: bool, turn: int, at: dt.datetime) -> None:
    """One person's complaint; an evident one has an examined picture and a confirmed contact."""
    person_of = number * 1_000_003 + source
    data = ComplaintData(
        number=parse(written(number)),
        number_raw=written(number),
        channel="call",
        category="PETUGAS_BANK",
        narrative=_STORY.format(name=_name(person_of)),
        occurred_at=at - dt.timedelta(hours=1),
        contact_email=f"p{person_of}@contoh.example" if evident else "",
    )
    sender = ClientIdentity(
        address=f"{60 + person_of % 60}.{person_of // 60 % 250}.{person_of // 15_000 % 250}.7",
        device=f"twin-{person_of}",
    )
    picture = files.jpeg(files.chat(person_of, width=300, height=600))
    complaints.file_complaint(
        data,
        evidence=[files.upload(picture)] if evident else [],
        sender=sender,
        idempotency_key=uuid.uuid5(uuid.NAMESPACE_OID, f"{turn}"),
        at=at,
    )
    if evident:
        _confirm(Complaint.objects.latest("pk"), sender, at)


def _name(turn: int) -> str:
    """Letters for a number, so that no two people write the same text."""
    letters = ""
    while turn:
        turn, rest = divmod(turn, 26)
        letters += chr(ord("a") + rest)
    return letters


def _confirm(complaint: Complaint, sender: ClientIdentity, at: dt.datetime) -> None:
    for key in complaint.evidence.filter(state=Evidence.State.QUARANTINED).values_list("pk", flat=True):
        complaints.process_evidence(key, at=at)
    complaints.send_code(complaint, way=ContactWay.EMAIL, sender=sender, at=at)
    message = OutboxMessage.objects.filter(kind="contact_code").latest("pk")
    aad = vault.aad_for("notifications_outboxmessage", "payload_encrypted", message.key)
    code = json.loads(vault.decrypt(message.payload_encrypted, aad=aad))["context"]["code"]
    assert complaints.confirm_contact(complaint, way=ContactWay.EMAIL, code=str(code), at=at)


def propose_hold(case: Case, staff: Staff, *, at: dt.datetime) -> Hold | None:
    """None when the complaints are no grounds any more."""
    by = staff.holders[0]
    try:
        return cases.propose_hold(
            case, by=by, step_up=step_up(by, at), at=at, seen_digest=case.contents_digest, reason="Sedang"
        )
    except DomainError:
        return None


def confirm_hold(hold: Hold, staff: Staff, *, at: dt.datetime) -> bool:
    case, by = Case.objects.get(pk=hold.case_id), staff.holders[1]
    try:
        cases.confirm_hold(hold, by=by, step_up=step_up(by, at), at=at, seen_digest=case.contents_digest)
    except DomainError:
        return False
    return True


def block(case: Case, staff: Staff, *, urgent: bool, at: dt.datetime) -> None:
    """Two people confirm it, or three where the number asks for that."""
    first, second, third = staff.deciders
    evidence = Evidence.objects.filter(case=case, state=Evidence.State.CLEAN)
    proposal = cases.propose(
        case, by=first, at=at - _SIGNED, step_up=step_up(first, at - _SIGNED),
        proposal_type=ProposalType.BLOCK, reason_code="twin-propose", seen_digest=case.contents_digest,
        evidence_ids=list(evidence.values_list("pk", flat=True)), urgent=urgent,
    )  # fmt: skip
    seen = Case.objects.get(pk=case.pk)
    cases.sign_off(
        seen, by=second, at=at, step_up=step_up(second, at), agrees=True, seen_digest=seen.contents_digest
    )
    if proposal.needs_third:
        seen.refresh_from_db()
        cases.decide_third(
            seen, by=third, at=at, step_up=step_up(third, at), agrees=True, seen_digest=seen.contents_digest
        )


def dismiss(case: Case, staff: Staff, *, at: dt.datetime) -> None:
    by = staff.deciders[0]
    cases.dismiss(case, by=by, at=at, seen_digest=case.contents_digest, reason_code="twin-dismiss")


def object_to(case: Case, *, at: dt.datetime) -> bool:
    """The holder objects to what is in force; whether anything was."""
    held = case.holds.filter(state=Hold.State.CONFIRMED, ended_at=None, ends_at__gt=at).exists()
    blocked = case.blocks.filter(released_at=None).exists()
    if not (held or blocked) or case.objection_since is not None:
        return False
    cases.record_objection(case, at=at)
    return True


def lift(case: Case, *, at: dt.datetime) -> TemporaryLift:
    return cases.lift_temporarily(case, at=at)


def settle(case: Case, staff: Staff, *, at: dt.datetime) -> None:
    """Two others say that the holder is right."""
    first, second = staff.answerers
    asked: ChangeRequest = cases.request_settlement(
        case, by=first, step_up=step_up(first, at - _SIGNED), at=at - _SIGNED,
        seen_digest=case.contents_digest, upheld=True, reason="Nomor milik orang lain.",
    )  # fmt: skip
    cases.confirm_settlement(
        asked, by=second, step_up=step_up(second, at), at=at, seen_digest=asked.seen_digest
    )


def has_new_holder(case: Case, *, at: dt.datetime) -> None:
    """The operator says so, asked daily."""
    assert case.operator_id is not None
    cases.record_operator_outcome(case, operator_id=case.operator_id, answer="recycled", at=at)
