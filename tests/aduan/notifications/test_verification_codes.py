"""One table of codes serves contacts and numbers without mixing them up."""

from __future__ import annotations

import pytest

from aduan.core import vault
from aduan.core.errors import WrongState
from aduan.notifications.models import OutboxMessage, VerificationCode
from aduan.notifications.queries import code_is_pending
from aduan.notifications.services import (
    CodeTarget,
    IssuedCode,
    delete_codes,
    issue_code,
    issue_number_code,
    use_number_code,
    verify_code,
)

pytestmark = pytest.mark.django_db
Purpose = VerificationCode.Purpose

CONTACT = CodeTarget(Purpose.CONTACT, OutboxMessage.Channel.SMS, "complaint:12")
RECIPIENT = vault.blind_index("phone", "+6281270001234")


def issued(target: CodeTarget, now) -> IssuedCode:
    return issue_code(target, recipient_index=RECIPIENT, address="203.0.113.5", at=now)


def test_a_code_proves_only_what_it_was_sent_for(now):
    code = issued(CONTACT, now)
    other = CodeTarget(Purpose.POSSESSION, OutboxMessage.Channel.SMS, CONTACT.subject)
    assert not verify_code(other, code=code.digits, at=now)
    assert verify_code(CONTACT, code=code.digits, at=now)


def test_codes_for_a_contact_leave_the_share_of_an_objection_alone(now):
    for _turn in range(3):
        issued(CONTACT, now)
    with pytest.raises(WrongState, match="too_many_codes"):
        issued(CONTACT, now)
    code = issue_number_code(12, recipient_index=RECIPIENT, address="203.0.113.5", at=now)
    assert code is not None
    assert use_number_code(12, code=code.digits, at=now)


def test_only_the_newest_code_counts(now):
    first, second = issued(CONTACT, now), issued(CONTACT, now)
    assert first.digits == second.digits or not verify_code(CONTACT, code=first.digits, at=now)
    assert verify_code(CONTACT, code=second.digits, at=now)


def test_deleted_codes_open_nothing(now):
    code = issued(CONTACT, now)
    assert code_is_pending(Purpose.CONTACT, CONTACT.subject, at=now)
    delete_codes(purpose=Purpose.CONTACT, subject=CONTACT.subject)
    assert not code_is_pending(Purpose.CONTACT, CONTACT.subject, at=now)
    assert not verify_code(CONTACT, code=code.digits, at=now)
