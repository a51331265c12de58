"""A block takes two people who saw the same thing; a disagreement takes a third."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.cases import services
from aduan.cases.models import Block, CaseEvent, Proposal, TraceRequest
from aduan.cases.workflow import ProposalType, Status
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.models import AuditLogEntry
from aduan.numbers.models import RoutingTask
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import past_triggers
from tests.factories.numbers import a_protected_number
from tests.factories.operators import operator

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_two_people_agree_and_the_block_is_in_force(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    block = Block.objects.get(case=case)
    assert case.status == Status.CONFIRMED
    assert (block.operator, block.requested_action, block.digits) == (
        telkomsel,
        "block",
        int(case.number_text[1:]),
    )
    assert (block.valid_from, block.valid_until) == (dt.date(2026, 11, 18), dt.date(2027, 11, 18))
    steps = list(case.events.values_list("action", "from_status", "to_status"))
    assert steps == [
        ("file", "open", "open"),
        ("propose", "open", "proposed"),
        ("confirm_block", "proposed", "confirmed"),
    ]
    acts = AuditLogEntry.objects.filter(subject=f"case:{case.pk}").values_list("action", "actor")
    assert list(acts) == [
        ("case.propose", f"user:{budi.pk}"),
        ("case.confirm_block", f"user:{citra.pk}"),
    ]


def test_the_proposer_cannot_be_the_second_person(telkomsel: Operator, budi: User, now: dt.datetime) -> None:
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    with pytest.raises(Forbidden) as refusal:
        make.signed(case, by=budi, at=now)
    assert refusal.value.code == "same_person"
    case.refresh_from_db()
    assert case.status == Status.PROPOSED
    assert not Block.objects.exists()


def test_a_disagreement_says_why_and_asks_a_third_person(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    with pytest.raises(Invalid):
        make.signed(case, by=citra, at=now, agrees=False, reason=" ")
    make.signed(case, by=citra, at=now, agrees=False)
    case.refresh_from_db()
    assert case.status == Status.DISPUTED
    for signer in (budi, citra):
        with pytest.raises(Forbidden):
            make.decided_third(case, by=signer, at=now)
    make.decided_third(case, by=agus, at=now)
    case.refresh_from_db()
    assert case.status == Status.CONFIRMED


def test_a_third_person_may_reject(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    make.signed(case, by=citra, at=now, agrees=False)
    proposal = make.decided_third(case, by=agus, at=now, agrees=False)
    case.refresh_from_db()
    assert (case.status, proposal.state) == (Status.OPEN, Proposal.State.REJECTED)
    assert not Block.objects.exists()
    make.proposed(case, by=citra, at=now)  # the way is free for another proposal


def test_a_protected_number_is_never_blocked(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now, protected=True)
    assert case.suspected_spoofing
    with pytest.raises(Forbidden) as refusal:
        make.proposed(case, by=budi, at=now)
    assert refusal.value.code == "number_protected"


def test_a_number_protected_meanwhile_cannot_be_confirmed(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    services.set_protected(case.number, protected=True, at=now + HOUR)
    with pytest.raises(WrongState) as refusal:
        make.signed(case, by=citra, at=now + HOUR)
    assert refusal.value.code == "proposal_outdated"
    assert not Block.objects.exists()


def test_a_spoofed_number_is_not_blocked_but_traced(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    operator("whatsapp", "WhatsApp", kind=Operator.Kind.OTT, obligation=Operator.Obligation.VOLUNTARY)
    case = make.confirmed(telkomsel, first=budi, second=citra, at=now, proposal_type=ProposalType.SPOOFED)
    assert case.status == Status.SPOOFED
    assert not Block.objects.exists()
    asked = TraceRequest.objects.filter(case=case).values_list("operator__code", flat=True)
    assert sorted(asked) == ["indosat", "telkomsel"]


def test_a_referral_goes_to_the_platform_of_the_complaints(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    whatsapp = operator(
        "whatsapp", "WhatsApp", kind=Operator.Kind.OTT, obligation=Operator.Obligation.VOLUNTARY
    )
    case = make.confirmed(
        telkomsel, first=budi, second=citra, at=now, proposal_type=ProposalType.REFER, channel="whatsapp"
    )
    block = Block.objects.get(case=case)
    assert (case.status, block.operator, block.requested_action) == (Status.REFERRED, whatsapp, "refer")


def test_no_one_is_referred_to_a_platform_that_no_complaint_names(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now, channel="call")
    with pytest.raises(Invalid) as refusal:
        make.proposed(case, by=budi, at=now, proposal_type=ProposalType.REFER)
    assert refusal.value.code == "no_platform"


def test_a_block_waits_for_an_operator_when_none_is_known(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.confirmed(None, first=budi, second=citra, at=now)
    assert case.status == Status.CONFIRMED
    assert not Block.objects.exists()
    assert RoutingTask.objects.filter(number=case.number, resolved_at=None).count() == 1
    assert services.route_blocks(at=now + HOUR) == 0
    case.number.operator = telkomsel
    case.number.save(update_fields=["operator"])
    assert services.route_blocks(at=now + HOUR) == 1
    assert services.route_blocks(at=now + HOUR) == 0
    assert Block.objects.get(case=case).operator == telkomsel


def test_a_block_follows_a_number_to_its_new_operator(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    case.number.operator = indosat
    with past_triggers():  # through the register: tests/security/test_register_by_two.py
        case.number.save(update_fields=["operator"])
    assert services.route_blocks(at=now + dt.timedelta(days=3)) == 1
    old, new = Block.objects.filter(case=case).order_by("id")
    assert (old.release_reason, old.released_on) == ("rerouted", dt.date(2026, 11, 21))
    assert (new.operator, new.valid_from, new.valid_until, new.released_at) == (
        indosat,
        dt.date(2026, 11, 21),
        old.valid_until,
        None,
    )


def test_a_changed_mind_takes_the_proposal_back(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    with pytest.raises(Forbidden):
        services.retract(case, by=citra, at=now, reason="Salah")
    assert services.retract(case, by=budi, at=now, reason="Salah").state == Proposal.State.RETRACTED
    with pytest.raises(WrongState):
        make.signed(case, by=citra, at=now)
    assert CaseEvent.objects.filter(case=case).latest("id").to_status == Status.OPEN


def test_the_register_of_protected_numbers_is_asked_at_the_signature_too(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    """The case was never told; the register knows."""
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    a_protected_number(case.number_text)
    with pytest.raises(Forbidden) as refusal:
        make.signed(case, by=citra, at=now)
    assert refusal.value.code == "number_protected"
