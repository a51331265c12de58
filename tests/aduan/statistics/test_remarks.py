"""An operator sees its row before everybody does, and its sentence stands beside it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aduan.accounts.models import User
from aduan.core.errors import Invalid, WrongState
from aduan.notifications.models import OutboxMessage
from aduan.operators.actors import actor_for
from aduan.operators.models import Operator
from aduan.statistics import queries, services
from aduan.statistics.models import Remark
from aduan.statistics.remarks import closes_on, open_month
from aduan.statistics.services.snapshots import write_snapshot
from tests.conftest import JAKARTA
from tests.factories.blocklists import a_block, published
from tests.factories.cases import reasons
from tests.factories.statistics import counted

pytestmark = pytest.mark.django_db
OCTOBER = dt.date(2026, 10, 1)
OPEN = dt.datetime(2026, 11, 15, 9, tzinfo=JAKARTA)
TEXT = "Server kami mati dua hari; semua nomor diblokir sesudahnya."


def test_a_month_is_open_for_fifteen_days() -> None:
    assert open_month(dt.date(2026, 11, 1)) == open_month(dt.date(2026, 11, 15)) == OCTOBER
    assert open_month(dt.date(2026, 11, 16)) is None
    assert closes_on(dt.date(2026, 12, 1)) == dt.date(2027, 1, 15)


def test_the_newest_sentence_is_public_with_its_row_and_not_before(dewi: User, telkomsel: Operator) -> None:
    counted("answers", telkomsel.code, dt.date(2026, 10, 20), 40, answer="blocked", promise="kept")
    for text in ("Belum selesai.", TEXT):
        services.write_remark(text=text, actor=actor_for(dewi), at=OPEN)
    before = write_snapshot(at=OPEN)
    assert queries.table_of(before, "remarks") == []
    assert TEXT not in Client().get("/statistik/?fresh=1").text
    after = write_snapshot(at=OPEN + dt.timedelta(days=1))
    assert queries.table_of(after, "remarks") == [{"month": "2026-10", "receiver": "telkomsel", "text": TEXT}]
    page = Client().get("/statistik/?fresh=1").text
    assert TEXT in page
    assert "Belum selesai." not in page


def test_an_operator_sees_its_row_and_writes_on_its_page(
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    dewi: User,
    budi: User,
    citra: User,
    telkomsel: Operator,
) -> None:
    reasons()
    a_block(telkomsel, by=(budi, citra), at=dt.datetime(2026, 10, 5, 9, tzinfo=JAKARTA))
    published(telkomsel, at=dt.datetime(2026, 10, 28, 9, tzinfo=JAKARTA))
    assert services.own_row(telkomsel, OCTOBER) == {"promise": {"missed": 1}, "answer": {"silent": 1}}
    monkeypatch.setattr(timezone, "now", lambda: OPEN)
    client.force_login(dewi)
    address = reverse("operators:own_row")
    assert address in client.get(reverse("operators:home")).text
    assert "15 November 2026" in client.get(address).text
    refused = client.post(address, {"text": "Hubungi 0812-3456-7890"})
    assert refused.status_code == 400
    assert "Hubungi 0812-3456-7890" in refused.text
    client.post(address, {"text": TEXT})
    assert TEXT in client.get(address).text
    assert Remark.objects.get().month == OCTOBER


@pytest.mark.parametrize(
    ("text", "day", "refused"),
    [("", 3, Invalid), ("x" * 301, 3, Invalid), ("Buka bit.ly/a", 3, Invalid), (TEXT, 16, WrongState)],
)
def test_what_is_no_sentence_is_refused(dewi: User, text: str, day: int, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        services.write_remark(text=text, actor=actor_for(dewi), at=OPEN.replace(day=day))


def test_each_receiver_gets_one_letter_a_month(dewi: User, telkomsel: Operator) -> None:
    for day in (1, 1, 2, 15, 16):
        services.announce_rows(at=OPEN.replace(day=day))
    (letter,) = OutboxMessage.objects.filter(kind="operator_row_to_see")
    assert letter.key.endswith(str(dewi.pk))
