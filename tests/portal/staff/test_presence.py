"""A case page takes a free case, names who else has it open, and gives it back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Case
from tests.factories import cases as factory
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff


def page_of(client: Client, case: Case) -> str:
    return client.get(f"/kelola/perkara/{case.pk}/").text


def opened_in(page: str) -> str:
    found = re.search(r'data-opened="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_two_people_meet_on_a_case(client, budi, citra, case):
    first = page_of(log_in_staff(client, budi), case)
    assert "/langkah/dismiss/" in first
    second = page_of(log_in_staff(Client(), citra), case)
    assert "Budi Santoso" in second
    assert "/langkah/dismiss/" not in second
    leave = {"opened": opened_in(first), "left": "1"}
    assert client.post(f"/kelola/perkara/{case.pk}/hadir/", leave).status_code == 204
    third = page_of(log_in_staff(Client(), citra), case)
    assert "Budi Santoso" not in third
    assert "/langkah/dismiss/" in third


def test_an_open_page_hears_who_came(client, budi, citra, case):
    page = page_of(log_in_staff(client, budi), case)
    page_of(log_in_staff(Client(), citra), case)
    answer = client.post(f"/kelola/perkara/{case.pk}/hadir/", {"opened": opened_in(page)})
    assert answer.json() == {"others": ["Citra Lestari"]}


@pytest.mark.parametrize(
    "opened",
    ["", "kemarin", "2026-11-27T10:00:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"],
)
def test_a_moment_that_is_none_is_refused(client, budi, case, opened):
    log_in_staff(client, budi)
    assert client.post(f"/kelola/perkara/{case.pk}/hadir/", {"opened": opened}).status_code == 400


def test_of_two_tabs_the_one_that_stays_is_seen(client, budi, citra, case):
    first = opened_in(page_of(log_in_staff(client, budi), case))
    second = opened_in(page_of(client, case))
    beat = f"/kelola/perkara/{case.pk}/hadir/"
    client.post(beat, {"opened": second, "left": "1"})
    client.post(beat, {"opened": first})
    assert "Budi Santoso" in page_of(log_in_staff(Client(), citra), case)
    client.post(beat, {"opened": first, "left": "1"})
    assert "Budi Santoso" not in page_of(log_in_staff(Client(), citra), case)


def test_who_only_reads_or_only_waits_takes_nothing(client, budi, citra, case):
    lead = person("lead@aduan.example", "Lead", Role.LEAD)
    page_of(log_in_staff(client, lead), case)
    factory.proposed(case, by=budi, at=timezone.now(), evidence_ids=[])
    page_of(log_in_staff(client, budi), case)  # the proposer has nothing to do there
    case.refresh_from_db()
    assert case.held_by is None
    page_of(log_in_staff(client, citra), case)
    case.refresh_from_db()
    assert case.held_by == citra


def test_skipping_gives_the_case_back_and_the_next_one_is_another(client, budi, telkomsel, case):
    other = factory.make_case(telkomsel, at=timezone.now(), evidence_count=0)
    log_in_staff(client, budi)
    first = client.post("/kelola/berikutnya/")["Location"]
    page = client.get(first).text
    skipped = re.search(r'name="skipped" value="(\d+)"', page)
    assert skipped is not None
    second = client.post("/kelola/berikutnya/", {"skipped": skipped[1]})["Location"]
    assert {first, second} == {f"/kelola/perkara/{one.pk}/" for one in (case, other)}
    assert Case.objects.get(pk=skipped[1]).held_by is None


def test_the_page_with_a_draft_and_a_colleague_takes_no_more_statements(
    client, budi, citra, case, django_assert_max_num_queries
):
    page_of(log_in_staff(Client(), citra), case)
    log_in_staff(client, budi)
    client.post(f"/kelola/perkara/{case.pk}/draf/", {"step": "ask", "note": "Belum selesai"})
    page_of(client, case)
    with django_assert_max_num_queries(13):
        assert "Citra Lestari" in page_of(client, case)


def test_a_name_of_who_only_reads_does_not_widen_its_column(client, budi, case):
    page_of(log_in_staff(Client(), person("lain@aduan.example", "Nama Panjang Sekali", Role.LEAD)), case)
    queue = log_in_staff(client, budi).get("/kelola/antrean/").text
    assert re.search(
        r'class="holder holder-open" title="[^"]*Nama Panjang Sekali" aria-hidden="true">NP<', queue
    )
    assert re.search(r'class="visually-hidden">[^<]*Nama Panjang Sekali<', queue)


@pytest.mark.parametrize(("beats", "after", "held"), [(False, 3, False), (True, 3, True), (False, 2, True)])
def test_a_page_that_never_said_it_is_open_is_let_go_by_the_next(
    budi, citra, telkomsel, case, now, beats, after, held
):
    """Without scripts no page says that it was left. One with scripts says every minute that it is open."""
    other = factory.make_case(telkomsel, at=now)
    opened = services.open_case(case.pk, by=budi, at=now, claims=True)
    if beats:
        a_minute = now + dt.timedelta(minutes=1)
        services.note_presence(case.pk, by=budi, at=a_minute, opened_at=opened.opened_at)
    later = now + dt.timedelta(minutes=after)
    services.open_case(other.pk, by=budi, at=later, claims=True)
    case.refresh_from_db()
    assert (case.held_by == budi) is held
    assert services.open_case(case.pk, by=citra, at=later, claims=True).mine is not held
    other.refresh_from_db()
    assert other.held_by == budi


@pytest.mark.parametrize(
    ("role", "offered"),
    [(Role.REVIEWER, True), (Role.APPROVER, True), (Role.LEAD, False), (Role.AUDITOR, False)],
)
def test_the_next_case_is_offered_to_who_may_take_it(client, case, role, offered):
    """An approver is led to the next signature; a lead has no key that only leads to a refusal."""
    log_in_staff(client, person("lain@aduan.example", "Lain", role))
    form = re.search(r'(?s)<form[^>]*action="/kelola/berikutnya/".*?</form>', page_of(client, case))
    assert (form is not None) == offered
    if form:
        given = dict(re.findall(r'name="(task|skipped)" value="(\w+)"', form[0]))
        assert client.post("/kelola/berikutnya/", given).status_code == 302
