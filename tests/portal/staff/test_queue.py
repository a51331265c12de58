"""The queue: rows that explain themselves, saved views, search, and few statements however long it is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from aduan.cases import services
from tests.factories import cases as factory
from tests.factories.complaints import complaint
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def today() -> dt.datetime:
    """The pages ask the real clock, so the cases are of this hour."""
    return timezone.now()


def numbers_on(page) -> list[str]:
    return [entry["row"].number for entry in page.context["shown"]]


def test_a_row_says_why_it_stands_where_it_stands(client, budi, telkomsel, today):
    case = factory.make_case(telkomsel, at=today, loss=2_500_000)
    page = log_in_staff(client, budi).get("/kelola/antrean/")
    assert case.reference in page.text
    assert "Telkomsel" in page.text
    assert "2.500.000" in page.text


def test_views_and_filters_narrow(client, budi, telkomsel, indosat, today):
    mine = factory.make_case(telkomsel, at=today)
    factory.make_case(indosat, at=today, suspected_spoofing=True, channel="whatsapp")
    services.claim(mine, by=budi, at=today)
    log_in_staff(client, budi)
    assert numbers_on(client.get("/kelola/antrean/?view=mine")) == [mine.number_text]
    assert mine.number_text not in numbers_on(client.get("/kelola/antrean/?view=spoofing"))
    assert numbers_on(client.get("/kelola/antrean/?operator=telkomsel")) == [mine.number_text]
    assert mine.number_text not in numbers_on(client.get("/kelola/antrean/?channel=whatsapp"))


@pytest.mark.parametrize("spelling", ["0812-0000-{tail}", "62 812 0000 {tail}", "{tail}"])
def test_a_number_is_found_in_any_spelling_and_by_its_end(client, budi, telkomsel, today, spelling):
    case = factory.make_case(telkomsel, at=today)
    tail = case.number_text[-4:]
    page = log_in_staff(client, budi).get("/kelola/antrean/", {"q": spelling.format(tail=tail)})
    assert numbers_on(page) == [case.number_text]


@pytest.mark.parametrize(
    "address",
    ["?cursor=x", "?cursor=-9.9.9", "?view=nonsense", "?operator=%27--", "?age=-1", "?q=%00", "?q=%25_%5C"],
)
def test_a_broken_address_is_no_error(client, budi, telkomsel, today, address):
    factory.make_case(telkomsel, at=today)
    assert log_in_staff(client, budi).get(f"/kelola/antrean/{address}").status_code == 200


def test_pages_follow_each_other_by_key(client, budi, telkomsel, today):
    for _number in range(60):
        factory.make_case(telkomsel, at=today)
    log_in_staff(client, budi)
    first = client.get("/kelola/antrean/")
    second = client.get("/kelola/antrean/", {"cursor": first.context["next"]})
    assert len(numbers_on(first)) == 50
    assert not set(numbers_on(first)) & set(numbers_on(second))
    back = client.get("/kelola/antrean/", {"cursor": second.context["previous"]})
    assert numbers_on(back) == numbers_on(first)


def test_the_queue_takes_few_statements(client, budi, telkomsel, today, django_assert_max_num_queries):
    for _number in range(20):
        factory.make_case(telkomsel, at=today)
    log_in_staff(client, budi)
    client.get("/kelola/antrean/")
    with django_assert_max_num_queries(12):
        client.get("/kelola/antrean/")


def test_the_next_case_is_the_most_urgent_that_no_one_holds(client, budi, citra, telkomsel, today):
    factory.make_case(telkomsel, at=today)
    urgent = factory.make_case(telkomsel, at=today, loss=90_000_000, evidence_count=5)
    log_in_staff(client, budi)
    assert client.post("/kelola/berikutnya/")["Location"] == f"/kelola/perkara/{urgent.pk}/"
    log_in_staff(client, citra)
    assert client.post("/kelola/berikutnya/")["Location"] != f"/kelola/perkara/{urgent.pk}/"
    assert client.post("/kelola/berikutnya/")["Location"] == "/kelola/antrean/"


def test_many_are_asked_or_closed_only_after_a_list_was_shown(client, budi, telkomsel, today):
    factory.reasons()
    pair = [factory.make_case(telkomsel, at=today) for _n in range(2)]
    marked = {"step": "dismiss", "cases": [case.pk for case in pair]}
    log_in_staff(client, budi)
    listed = client.post("/kelola/antrean/bersama/", marked)
    assert all(case.reference in listed.text for case in pair)
    for case in pair:
        case.refresh_from_db()
        assert case.status == "open"
    shown = {f"seen-{case.pk}": case.contents_digest for case in pair}
    assert all(f'name="{name}" value="{digest}"' in listed.text for name, digest in shown.items())
    services.open_or_join(pair[0].number, report=factory.report(evidence_count=2), at=today)
    confirmed = {**marked, **shown, "confirmed": "1", "reason_code": "test-dismiss"}
    answer = client.post("/kelola/antrean/bersama/", confirmed, follow=True)
    assert "2 bukti baru" in answer.text, "what came after the list was shown is named"
    pair[0].refresh_from_db()
    assert pair[0].status == "open"
    shown = {f"seen-{case.pk}": case.contents_digest for case in pair}
    client.post("/kelola/antrean/bersama/", {**confirmed, **shown})
    for case in pair:
        case.refresh_from_db()
        assert case.status == "dismissed"


def test_nothing_blocks_many_at_once(client, budi, telkomsel, today):
    case = factory.make_case(telkomsel, at=today)
    for step in ("propose", "block", "confirm_block", "agree"):
        log_in_staff(client, budi).post(
            "/kelola/antrean/bersama/", {"step": step, "cases": [case.pk], "confirmed": "1"}
        )
    case.refresh_from_db()
    assert case.status == "open"


def test_many_are_closed_only_with_story_and_evidence_in_view(client, budi, today):
    """Seen on e14b882: the page of a mass closure showed counts, and neither a story nor a picture."""
    reported = complaint(today)
    page = log_in_staff(client, budi).post(
        "/kelola/antrean/bersama/", {"step": "dismiss", "cases": [reported.case_id]}
    )
    assert reported.narrative[:40] in page.text


@pytest.mark.parametrize(
    "asked",
    [
        "q=kata-yang-tidak-ada",
        "q=tidakada+sama+sekali&operator=telkomsel",
        "q=tidakada&operator=telkomsel&category=JUDOL&sort=oldest",
        "q=08123456",
        "operator=telkomsel&view=overdue",
    ],
)
def test_a_search_takes_few_statements_whatever_it_tries(
    client, budi, telkomsel, today, asked, django_assert_max_num_queries
):
    """What finds nothing is looked for in most places: words, their beginnings, what operators answered."""
    factory.make_case(telkomsel, at=today)
    log_in_staff(client, budi)
    client.get(f"/kelola/antrean/?{asked}")
    with django_assert_max_num_queries(14):  # 12, and two for the transaction
        client.get(f"/kelola/antrean/?{asked}")
