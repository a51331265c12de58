"""Attacks on the release lane over HTTP: guessed codes, two objections at once, lifts twice or unproven."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.appeals import services
from aduan.appeals.models import Objection
from aduan.appeals.queries import secret_of
from aduan.appeals.services.possession_verification import MAX_TRIES
from aduan.cases.models import CaseEvent, TemporaryLift
from aduan.cases.services import lapse_holds
from aduan.notifications.models import OutboxMessage
from tests.aduan.appeals.test_objections import answered, code_to
from tests.aduan.appeals.test_objections import objected as filed
from tests.aduan.appeals.test_objections import proven as by_code
from tests.factories import holds
from tests.factories.blocklists import a_block, published
from tests.portal.public.test_objections import objected
from tests.races import at_once

CANONICAL = "+6281270001234"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def listed(db: None, telkomsel, budi, citra):
    now = timezone.now()
    block = a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)
    published(telkomsel, at=now)
    return block


def page_of(client: Client) -> str:
    return str(objected(client)["Location"])


def proven(client: Client, page: str) -> str:
    client.post(page, {"action": "send_code"})
    assert (
        "Terima kasih" in client.post(page, {"action": "prove", "code": code_to(CANONICAL)}, follow=True).text
    )
    return page


def test_guesses_over_many_objections_prove_nothing_and_cost_the_owner_no_try(client, listed):
    client.post(owner := page_of(client), {"action": "send_code"})
    right = code_to(CANONICAL)
    guesses = [f"{(int(right) + turn) % 10**8:08d}" for turn in range(1, MAX_TRIES + 1)]
    for _one in range(4):
        stranger = Client()
        page = page_of(stranger)
        stranger.post(page, {"action": "send_code"})
        for guess in guesses:
            assert "salah" in stranger.post(page, {"action": "prove", "code": guess}, follow=True).text
        # Even the right one comes too late here, and asking for another code gives no more tries by itself.
        stranger.post(page, {"action": "send_code"})
        assert "salah" in stranger.post(page, {"action": "prove", "code": right}, follow=True).text
    assert not Objection.objects.exclude(state="unproven").exists()
    assert OutboxMessage.objects.filter(kind="objection_code").count() == 1
    assert "Terima kasih" in client.post(owner, {"action": "prove", "code": right}, follow=True).text
    assert Objection.objects.filter(state="open").count() == 1


def test_of_two_objections_at_once_one_is_answered_and_the_other_says_why_it_waits(client, listed, agus):
    scammer = Client()
    theirs, his = page_of(scammer), page_of(client)
    proven(scammer, theirs)
    client.post(his, {"action": "send_code"})
    page = client.post(his, {"action": "prove", "code": code_to(CANONICAL)}, follow=True).text
    assert "sedang" in page
    assert sorted(Objection.objects.values_list("state", flat=True)) == ["open", "unproven"]
    answered(listed.case, by=agus, at=timezone.now(), upheld=False, reason="Dipakai menipu")
    # The block stands, so the other may still be heard: their code is good as long as it was not used.
    assert (
        "Terima kasih" in client.post(his, {"action": "prove", "code": code_to(CANONICAL)}, follow=True).text
    )


def test_a_block_is_lifted_once_however_often_it_is_asked_for(client, listed, agus):
    page = proven(client, page_of(client))
    for _click in range(2):
        client.post(page, {"action": "lift"})
    assert TemporaryLift.objects.count() == 1
    answered(listed.case, by=agus, at=timezone.now(), upheld=False, reason="Dipakai menipu")
    client.post(page, {"action": "lift"})
    other = Client()
    again = page_of(other)
    other.post(again, {"action": "send_code"})
    other.post(again, {"action": "prove", "code": code_to(CANONICAL)})
    assert Objection.objects.filter(state="open").exists()
    shown = other.get(again).text
    assert "Cabut sementara sekarang" not in shown
    assert "sekali" in other.post(again, {"action": "lift"}, follow=True).text
    assert TemporaryLift.objects.values_list("outcome", flat=True).get() == "restored"
    assert "berlaku lagi; penangguhan hanya selama sisa waktunya" in client.get(page).text, (
        "true of both, ever"
    )


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_lift_once(client, listed):
    page = proven(client, page_of(client))

    def click(_turn: int) -> int:
        browser = Client()
        browser.cookies = client.cookies
        return browser.post(page, {"action": "lift"}).status_code

    assert at_once(click, 2) == [302, 302]
    assert TemporaryLift.objects.count() == 1
    assert CaseEvent.objects.filter(action="lift").count() == 1


def test_who_does_not_prove_possession_lifts_nothing(client, listed, agus):
    page = page_of(client)
    client.post(page, {"action": "lift"})  # nothing is proven yet
    assert Client().post(page, {"action": "lift"}).status_code == 403  # no secret
    stranger = Client()
    page_of(stranger)
    assert stranger.post(page, {"action": "lift"}).status_code in (403, 404)  # the secret of another
    services.confirm_possession(
        Objection.objects.earliest("filed_at"), by=agus, note="Surat kuasa", at=timezone.now()
    )
    assert "Cabut sementara sekarang" not in client.get(page).text
    client.post(page, {"action": "lift"})  # a letter is no proof that one has the line
    assert not TemporaryLift.objects.exists()


@pytest.mark.parametrize(
    ("waited", "upheld", "says"),
    [
        (61, False, "Tidak diterima; blokir atau penangguhan saat itu sudah berakhir"),
        (40, False, "Tidak diterima: blokir atau penangguhan tetap berlaku"),
        (61, True, "Diterima: blokir atau penangguhan sudah berakhir"),
        (40, True, "Diterima: blokir atau penangguhan sudah berakhir"),
    ],
)
def test_an_answer_says_that_a_hold_stays_only_where_it_does(
    client, db, telkomsel, budi, citra, agus, waited, upheld, says
):
    """Seen to fail on b969b36a: Raka waited longer than the hold lasted, and read that his block stays."""
    now = timezone.now()
    holds.hold_rules(hours=1)
    hold = holds.held(telkomsel, first=budi, second=citra, at=now - waited * MINUTE, digits=6281270001234)
    objection = by_code(filed(now - 30 * MINUTE), now - 30 * MINUTE)
    services.request_lift(objection, at=now - 20 * MINUTE)
    lapse_holds(at=now)
    answered(hold.case, by=agus, at=now, upheld=upheld, reason="Sudah diperiksa.")
    page = client.get(f"/keberatan/{objection.uid}/{secret_of(objection.uid)}/", follow=True).text
    assert "Sudah diperiksa." in page
    assert says in page
    assert ("Berlaku kembali" in page) == (waited == 40 and not upheld)
