"""A public warning: a draft from decided campaigns, one person writes, a second releases, everybody reads."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.complaints.categories import all_categories
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.statistics import queries, services
from aduan.statistics.drafts import draft_of, names_an_address
from aduan.statistics.models import PublicWarning
from tests.factories.accounts import person
from tests.factories.statistics import decided_campaign
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
TEXT = "Mereka bilang Anda menang undian, lalu minta biaya."


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def lea(db: None) -> User:
    return person("lea@aduan.example", "Lea", Role.LEAD)


def written(by: User, at: dt.datetime, **texts: str) -> PublicWarning:
    given = {"text_id": TEXT, "text_en": "They say that you won, then ask for a fee.", **texts}
    return services.write_warning(category=decided_campaign(10, at=at), by=by, at=at, **given)


def test_from_the_draft_to_the_first_page(lea: User, agus: User, now: dt.datetime) -> None:
    decided_campaign(10, at=now)
    desk = log_in_staff(Client(), lea)
    page = desk.get(reverse("staff:warnings")).text
    (draft,) = queries.growing_frauds(at=now)
    assert draft.text_id in page
    desk.post(
        reverse("staff:write_warning"), {"category": "HADIAH", "text_id": TEXT, "text_en": "A prize, a fee."}
    )
    warning = PublicWarning.objects.get()
    for name in ("public:home", "public:warnings", "public:warnings_feed"):
        assert TEXT not in Client().get(reverse(name)).text
    second = log_in_staff(Client(), agus)
    assert TEXT in second.get(reverse("staff:warnings")).text
    second.post(reverse("staff:warning_action", args=[warning.pk]), {"act": "release"})
    for name in ("public:home", "public:warnings", "public:warnings_feed"):
        assert TEXT in Client().get(reverse(name), {"fresh": "1"}).text
    assert "A prize, a fee." in Client(headers={"accept-language": "en"}).get("/peringatan/?fresh=1").text
    second.post(reverse("staff:warning_action", args=[warning.pk]), {"act": "end"})
    assert TEXT not in Client().get("/peringatan/?fresh=1").text


def test_its_author_does_not_release_it(lea: User, now: dt.datetime) -> None:
    warning = written(lea, now)
    with pytest.raises(Forbidden, match="second_person_needed"):
        services.release_warning(warning, by=lea, at=now)
    with pytest.raises(IntegrityError, match="warning_released_by_second"), transaction.atomic():
        PublicWarning.objects.update(released_by=lea, released_at=now)


@pytest.mark.parametrize(
    "text",
    ["Dari 0812-3456-7890", "Rekening 12 34 56", "Buka https://x.id", "Buka bit.ly/menang", "Akun @menang"],
)
def test_it_names_no_number_link_or_account(lea: User, now: dt.datetime, text: str) -> None:
    with pytest.raises(Invalid, match="names_an_address"):
        written(lea, now, text_id=text)


@pytest.mark.parametrize(
    "text",
    [
        *("nol delapan satu dua tiga empat", "zero-eight-one-two", "kosong lapan 1 dua", "Dari 0/8/1/2/3/4"),
        *(
            "0_8_1_2",
            "0,8,1,2",
            "0·8·1·2",
            "0–8–1–2",
            "0*8*1*2",
            "08x12x34",
            "0\u200b8\u200b1\u200b2",
            "O8l2 345",
        ),
        *("０８１２", "①②③④", "⁰⁸¹²", "0️⃣8️⃣1️⃣2️⃣", "𝟬𝟴𝟭𝟮", "٠٨١٢"),
        *(
            "contoh titik com",
            "contoh dot id",
            "contoh[.]com",
            "contoh(titik)id",
            "contoh。com",
            "contoh．com",
        ),
        *("contoh . com", "hxxp contoh", "www contoh", "bit ly menang", "wa me", "budi (at) contoh"),
    ],
)
def test_no_spelling_hides_a_number_or_a_link(text: str) -> None:
    assert names_an_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Hubungi 110 atau 159.", "Dalam 24 jam, 7 hari", "3 dari 10 orang", "30 %, 40 %"),
        *("1. Putuskan. 2. Telepon bank. 3. Lapor.", "Dua orang, tiga kali, empat hari", "di titik kumpul"),
        *("Jangan kirim uang. Id Anda rahasia.", "Do not answer. My bank never asks.", "one or two people"),
    ],
)
def test_plain_words_are_not_taken_for_a_number_or_a_link(text: str) -> None:
    assert not names_an_address(text)


def test_fraud_that_shrinks_makes_no_warning(lea: User, now: dt.datetime) -> None:
    category = decided_campaign(10, at=now - dt.timedelta(days=31))
    decided_campaign(10, at=now)
    assert queries.growing_frauds(at=now) == []
    decided_campaign(1, at=now)
    (draft,) = queries.growing_frauds(at=now)
    assert (draft.category, draft.case_count, draft.before) == (category, 11, 10)


def test_a_warning_ends_by_itself_after_thirty_days(lea: User, agus: User, now: dt.datetime) -> None:
    warning = written(lea, now)
    services.release_warning(warning, by=agus, at=now)
    assert queries.warnings_in_force(at=now + dt.timedelta(days=29, hours=23)) == [warning]
    assert queries.warnings_in_force(at=now + dt.timedelta(days=30)) == []


def test_fewer_than_ten_decided_cases_make_no_warning(lea: User, now: dt.datetime) -> None:
    category = decided_campaign(9, at=now)
    assert queries.growing_frauds(at=now) == []
    with pytest.raises(Invalid, match="no_campaign"):
        services.write_warning(category=category, text_id=TEXT, text_en=TEXT, by=lea, at=now)


def test_a_refused_text_stands_in_its_form(lea: User, now: dt.datetime) -> None:
    decided_campaign(10, at=now)
    desk = log_in_staff(Client(), lea)
    given = {
        "category": "HADIAH",
        "text_id": "Jangan telepon 0812-3456-7890 itu.",
        "text_en": "A prize, a fee.",
    }
    page = desk.post(reverse("staff:write_warning"), given)
    assert page.status_code == 400
    assert given["text_id"] in page.text
    assert given["text_en"] in page.text
    assert "refused-HADIAH" in page.text
    gone = desk.post(reverse("staff:write_warning"), {**given, "category": "KURIR", "text_id": TEXT})
    assert gone.status_code == 400
    assert TEXT in gone.text


def test_an_ended_warning_stays_ended(lea: User, agus: User, now: dt.datetime) -> None:
    warning = written(lea, now)
    services.end_warning(warning, by=lea, at=now)
    with pytest.raises(WrongState, match="warning_ended"):
        services.release_warning(warning, by=agus, at=now)


def test_drafts_hold_nothing_that_a_warning_may_not() -> None:
    for category in all_categories().values():
        draft = draft_of(category, 10, 0)
        assert not names_an_address(draft.text_id), draft.text_id
        assert not names_an_address(draft.text_en), draft.text_en
