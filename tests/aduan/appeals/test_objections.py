"""Raka's number is blocked wrongly: what he says counts once the number is proven to be his."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aduan.accounts.models import User
from aduan.appeals import queries, services
from aduan.appeals.deadlines import due_after
from aduan.appeals.models import Objection
from aduan.blocklists.models import ListType
from aduan.blocklists.services import dry_run
from aduan.cases.models import Block, Case
from aduan.core import vault
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.periods import JAKARTA
from aduan.notifications.models import OutboxMessage, VerificationCode
from aduan.numbers.parsing import parse
from tests.factories.blocklists import NOVEMBER, a_block
from tests.factories.cases import confirmed_by, dina, released, settlement_asked

pytestmark = pytest.mark.django_db
RAKA = "0812-7000-1234"
HIS_WORD = "Nomor ini saya pakai sejak 2019 untuk warung saya."


@pytest.fixture
def block(telkomsel, budi, citra, now) -> Block:
    return a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)


def objected(now: dt.datetime, **more: Any) -> Objection:
    given: dict[str, Any] = {
        "statement": HIS_WORD,
        "holder_since": None,
        "email": "raka@example.id",
        "language": "id",
    }
    return services.file_objection(parse(RAKA), **{**given, **more}, at=now)


def code_to(number: str) -> str:
    """What the SMS to the number says."""
    message = OutboxMessage.objects.filter(channel="sms").latest("id")
    content = json.loads(
        vault.decrypt(
            message.payload_encrypted,
            aad=vault.aad_for("notifications_outboxmessage", "payload_encrypted", message.key),
        )
    )
    assert content["to"] == number
    return str(content["context"]["code"])


def proven(objection: Objection, now: dt.datetime) -> Objection:
    services.send_code(objection, address="203.0.113.5", at=now)
    assert services.verify_possession(objection, code=code_to("+6281270001234"), at=now)
    objection.refresh_from_db()
    return objection


def answered(case: Case, *, by: User, at: dt.datetime, upheld: bool, reason: str) -> None:
    """This person proposes the answer, Dina confirms it."""
    request = settlement_asked(case, by=by, at=at, upheld=upheld, reason=reason)
    confirmed_by(dina(), services.confirm_answer, request, at=at)


def test_an_objection_alone_changes_nothing(block, now):
    objected(now)
    block.case.refresh_from_db()
    assert block.case.objection_since is None


def test_the_code_from_the_sms_makes_it_count(block, now):
    objection = proven(objected(now), now)
    block.case.refresh_from_db()
    assert (objection.state, objection.proof) == ("open", "code")
    assert block.case.objection_since == now


def test_no_list_takes_the_number_in_while_it_is_answered(block, telkomsel, now):
    proven(objected(now), now)
    seen = dry_run(telkomsel, period=NOVEMBER, kind=ListType.MONTHLY, at=now)
    assert "objection" in {reason["code"] for reason in seen.reasons}


def test_an_accepted_objection_ends_the_block_and_tells_the_holder(block, agus, now):
    objection = proven(objected(now), now)
    answered(block.case, by=agus, at=now, upheld=True, reason="Operator menyatakan pemilik baru.")
    block.refresh_from_db()
    objection.refresh_from_db()
    assert block.released_at == now
    assert (objection.state, objection.answered_by) == ("upheld", dina())
    assert OutboxMessage.objects.filter(kind="objection_answered").count() == 1


def test_a_refused_objection_leaves_the_block_and_says_why(block, agus, now):
    objection = proven(objected(now), now)
    answered(block.case, by=agus, at=now, upheld=False, reason="Bukti menunjukkan sebaliknya.")
    block.refresh_from_db()
    objection.refresh_from_db()
    assert block.released_at is None
    assert (objection.state, objection.answer) == ("rejected", "Bukti menunjukkan sebaliknya.")


def test_no_matter_who_decided_the_block_does_not_answer(block, budi, agus, now):
    proven(objected(now), now)
    with pytest.raises(Forbidden, match="decided_before"):
        settlement_asked(block.case, by=budi, at=now, upheld=False)
    request = settlement_asked(block.case, by=agus, at=now, upheld=False)
    with pytest.raises(Forbidden, match="decided_before"):
        confirmed_by(budi, services.confirm_answer, request, at=now)


@pytest.mark.parametrize("number", ["0813-9999-0000", "1500888", "+1 202 555 0143"])
def test_without_a_block_there_is_nothing_to_object_to(block, now, number):
    with pytest.raises(WrongState, match="nothing_to_object"):
        services.file_objection(
            parse(number), statement=HIS_WORD, holder_since=None, email="", language="id", at=now
        )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"statement": "salah"}, "statement_missing"),
        ({"statement": "a\x00bcdefghijklmn"}, "text_unreadable"),
        ({"holder_since": dt.date(2030, 1, 1)}, "holder_in_future"),
        ({"email": "raka@"}, "email_unreadable"),
    ],
)
def test_bad_input_is_explained_at_its_field(block, now, given, code):
    with pytest.raises(Invalid, match=code) as refusal:
        objected(now, **given)
    assert refusal.value.details["field"] in given


def test_five_wrong_codes_end_a_code(block, now):
    objection = objected(now)
    services.send_code(objection, address="203.0.113.5", at=now)
    right = code_to("+6281270001234")
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    assert not any(services.verify_possession(objection, code=wrong, at=now) for _try in range(5))
    assert not services.verify_possession(objection, code=right, at=now)


def test_a_code_is_good_for_a_day_and_once(block, now):
    objection = objected(now)
    services.send_code(objection, address="203.0.113.5", at=now)
    code = code_to("+6281270001234")
    assert not services.verify_possession(objection, code=code, at=now + dt.timedelta(hours=25))
    assert services.verify_possession(objection, code=code, at=now + dt.timedelta(hours=23))
    with pytest.raises(WrongState, match="proven_already"):
        services.verify_possession(objection, code=code, at=now + dt.timedelta(hours=23))


def test_no_one_can_flood_a_number_with_codes(block, now):
    objections = [objected(now) for _one in range(12)]
    for turn, objection in enumerate(objections):
        services.send_code(objection, address=f"203.0.113.{turn}", at=now + dt.timedelta(hours=turn))
    assert VerificationCode.objects.count() == 3
    services.send_code(objections[3], address="198.51.100.7", at=now + dt.timedelta(days=1, hours=3))
    assert VerificationCode.objects.count() == 4


def test_one_block_has_one_objection_to_answer(block, now):
    first, second = objected(now), objected(now)
    proven(first, now)
    services.send_code(second, address="203.0.113.5", at=now)
    with pytest.raises(WrongState, match="objection_open") as error:
        services.verify_possession(second, code=code_to("+6281270001234"), at=now)
    assert "tautan pribadinya" in str(error.value.message), "where its answer will stand"


def test_staff_who_saw_proof_make_it_count_too(block, agus, lina, now):
    objection = objected(now)
    with pytest.raises(Forbidden):
        services.confirm_possession(objection, by=lina, note="Surat operator", at=now)
    with pytest.raises(Invalid, match="note_missing"):
        services.confirm_possession(objection, by=agus, note=" ", at=now)
    services.confirm_possession(objection, by=agus, note="Surat operator 12/XI", at=now)
    [row] = queries.unanswered(at=now)
    assert (row.proof_note, row.reference) == ("Surat operator 12/XI", block.case.reference)


def test_the_database_lets_no_one_skip_the_proof(block, now):
    objection = objected(now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(state="open")


def test_a_block_that_ended_meanwhile_needs_no_answer(block, agus, now):
    objection = objected(now)
    services.send_code(objection, address="203.0.113.5", at=now)
    released(block.case, by=agus, at=now, reason="Salah nomor")
    with pytest.raises(WrongState, match="block_ended"):
        services.verify_possession(objection, code=code_to("+6281270001234"), at=now)


def test_what_no_one_proved_lapses_and_is_erased(block, now):
    objection = objected(now)
    assert services.lapse_unproven(at=now + dt.timedelta(days=13)) == 0
    assert services.lapse_unproven(at=now + dt.timedelta(days=15)) == 1
    objection.refresh_from_db()
    assert (objection.state, objection.statement, objection.email_encrypted) == ("lapsed", "", None)


def test_what_was_said_is_erased_a_year_after_the_answer(block, agus, now):
    objection = proven(objected(now), now)
    answered(block.case, by=agus, at=now, upheld=False, reason="Tetap diblokir.")
    assert services.erase_old_statements(at=now + dt.timedelta(days=364)) == 0
    assert services.erase_old_statements(at=now + dt.timedelta(days=366)) == 1
    objection.refresh_from_db()
    assert (objection.statement, objection.email_encrypted, objection.answer) == ("", None, "Tetap diblokir.")


@pytest.mark.parametrize(
    ("filed", "due"),
    [
        ("2026-11-18 09:00", "2026-11-23 09:00"),  # Wednesday → Monday
        ("2026-11-20 16:30", "2026-11-25 16:30"),  # Friday → Wednesday
        ("2026-11-21 10:00", "2026-11-25 10:00"),  # Saturday → Wednesday
    ],
)
def test_three_working_days_leave_out_the_weekend(filed, due):
    start, end = (dt.datetime.fromisoformat(day).replace(tzinfo=JAKARTA) for day in (filed, due))
    assert due_after(start) == end


def test_a_private_link_opens_only_with_its_secret(block, now):
    objection = objected(now)
    secret = queries.secret_of(objection.uid)
    assert len(secret) == 22
    assert queries.objection_by_link(objection.uid, secret) == objection
    assert queries.objection_by_link(objection.uid, "x" * 22) is None
    assert queries.objection_by_link(objection.uid, "é") is None


def test_an_objectors_address_turns_over_to_a_new_master_key(block, now, settings):
    """Before, it stayed under the old key, which the runbook then threw away."""
    objection = objected(now)
    new = base64.b64encode(os.urandom(32)).decode()
    settings.VAULT_KEYS = [new, *settings.VAULT_KEYS]
    assert services.rewrap_addresses() == 1
    assert services.rewrap_addresses() == 0
    settings.VAULT_KEYS = [new]
    objection.refresh_from_db()
    assert objection.email_encrypted is not None
    address = vault.decrypt(objection.email_encrypted, aad=objection.aad_for("email_encrypted"))
    assert address == "raka@example.id"
