"""A wrong number at the desk: a link at the complaint, a form, the second person's page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.cases.models import Case, ChangeRequest
from aduan.complaints import tickets
from aduan.numbers.parsing import format_number
from tests.factories.complaints import complaint
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db


def at_the_desk(user: User) -> Client:
    return log_in_staff(Client(headers={"accept-language": "en"}), user)


def test_a_mistyped_number_from_the_case_to_the_second_person(
    now: dt.datetime, budi: User, citra: User
) -> None:
    mine = complaint(now, "0812-3456-7890", narrative="Nomor pelaku berakhir nol sembilan, salah saya ketik.")
    page = f"/kelola/perkara/{mine.case_id}/"
    first, second = at_the_desk(budi), at_the_desk(citra)
    asked_at = f"{page}nomor-lain/"
    assert f'{asked_at}?complaint={mine.pk}" data-key="M"' in first.get(page).text
    form = first.get(f"{asked_at}?complaint={mine.pk}")
    sent = {
        "seen": form.context["form"].initial["seen"],
        "kind": "move",
        "complaint": mine.pk,
        "number": "0812 3456 7809",
        "reason": "Berakhir 09 di ceritanya",
    }
    assert first.post(asked_at, {**sent, "number": "0812"}).status_code == 400
    assert first.post(asked_at, {**sent, "complaint": ""}).status_code == 400
    assert first.post(asked_at, sent)["Location"] == "/kelola/antrean/", (
        "the case is free for the second person"
    )
    assert first.get(page).status_code == 200, "and stays so when who asked looks at it again"
    request = ChangeRequest.objects.get()
    waits = f"/kelola/orang-kedua/{request.pk}/"
    shown = second.get(waits)
    assert waits in second.get("/kelola/orang-kedua/").text
    assert format_number("+6281234567809") in shown.text
    assert tickets.show(mine.ticket) in shown.text
    confirmed = {"step": "confirm", "compared": "on", "seen": shown.context["page"].seen}
    assert first.post(waits, confirmed).status_code == 403
    assert second.post(waits, confirmed).status_code == 302
    mine.refresh_from_db()
    assert Case.objects.get(pk=mine.case_id).number_text == "+6281234567809"
