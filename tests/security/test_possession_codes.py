"""Strangers cannot use up the right of a number's holder to object.

Seen to fail on 0.1.0: three requests of strangers used up the day's codes of a number, five wrong tries those
of its code, and 2,000 codes for other numbers those of everybody.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError

from aduan.appeals import services
from aduan.notifications.models import VerificationCode
from aduan.notifications.services import number_codes
from tests.aduan.appeals.test_objections import block, code_to, objected
from tests.factories.blocklists import a_block
from tests.portal.public.test_objections import listed
from tests.portal.public.test_objections import objected as objected_on_the_page
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
__all__ = ["block", "listed"]
NUMBER = "+6281270001234"
COPIED = """INSERT INTO appeals_objection
    (uid, case_id, number_id, state, statement, language, filed_at, proof, proof_note, answer)
    SELECT gen_random_uuid(), %(case)s, number_id, state, statement, language, filed_at, proof,
    proof_note, answer FROM appeals_objection"""


def test_the_codes_that_strangers_asked_for_serve_the_holder(block, now):
    for turn in range(6):
        services.send_code(objected(now), address=f"203.0.113.{turn}", at=now + dt.timedelta(hours=turn))
    later = now + dt.timedelta(hours=7)
    mine = objected(later)
    assert services.send_code(mine, address="198.51.100.7", at=later) is False
    assert services.verify_possession(mine, code=code_to(NUMBER), at=later)


def test_wrong_tries_of_strangers_are_not_the_holders(block, now):
    theirs, mine = objected(now), objected(now)
    services.send_code(theirs, address="203.0.113.5", at=now)
    right = code_to(NUMBER)
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    assert not any(services.verify_possession(theirs, code=wrong, at=now) for _turn in range(20))
    assert not services.verify_possession(theirs, code=right, at=now)
    assert services.verify_possession(mine, code=right, at=now)


@pytest.mark.parametrize("limit", ["PER_DAY", "PER_NETWORK_AND_HOUR"])
def test_a_number_without_a_code_gets_one_whatever_was_sent_to_others(block, now, monkeypatch, limit):
    monkeypatch.setattr(number_codes, limit, 0)
    mine = objected(now)
    assert services.send_code(mine, address="203.0.113.5", at=now)
    assert services.send_code(mine, address="203.0.113.5", at=now + dt.timedelta(hours=1)) is False
    assert VerificationCode.objects.count() == 1
    assert services.verify_possession(mine, code=code_to(NUMBER), at=now + dt.timedelta(hours=1))


def test_the_way_by_the_ministry_stands_beside_the_code(client, listed, settings):
    page = objected_on_the_page(client)["Location"]
    assert settings.CONTACT_EMAIL in client.get(page, follow=True).text


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE appeals_objection SET case_id = %(case)s",
        "UPDATE appeals_objection SET case_id = %(case)s, number_id = %(number)s",
        COPIED,
    ],
)
def test_a_code_to_one_number_lifts_no_block_of_another(
    block, telkomsel, budi, citra, now, injected, forged
):  # on 6e63e80d SQL turned a fraudster's own objection, with a genuine code, to any other case
    other = a_block(telkomsel, by=(budi, citra), at=now, digits=6281270005678)
    objected(now)
    with pytest.raises(IntegrityError, match="the case of its number"):
        run_sql(forged, case=other.case_id, number=other.number_id)
