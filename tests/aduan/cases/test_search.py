"""A case is found by any spelling or part of its number, by its reference, and by words of its complaints."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.cases import queries, services
from aduan.cases.models import Case
from aduan.cases.queries import word_search
from aduan.operators.models import Operator
from tests.factories import cases as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(telkomsel: Operator, now: dt.datetime) -> Case:
    number = make.number(telkomsel, at=now, digits=6281234567890)
    case = services.open_or_join(number, report=make.report(), at=now)
    other = make.make_case(telkomsel, at=now)
    texts = {case.pk: "Selamat! Anda menang undian BRI berhadiah mobil", other.pk: "pinjaman cepat cair"}
    assert set(queries.cases_to_index()) == set(texts)
    assert services.index_cases(texts, at=now) == 2
    assert queries.cases_to_index() == []
    return case


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("0812-3456-7890", "number"),
        ("+62 812 3456 7890", "number"),
        ("6281234567890", "number"),
        ("０８１２３４５６７８９０", "number"),
        ("0812345", "part"),
        ("628123", "part"),
        ("567890", "part"),
        ("…7890", "part"),
        ("345678", "part"),
        ("K-{id}", "reference"),
        ("k{id:08d}", "reference"),
        ("\u200eK\u2011{id} ", "reference"),
        ("K {id}", "reference"),
        ("“menang undian”", "words"),
        ("undian-berhad", "beginnings"),
        ("undian bri", "words"),
        ('"menang undian"', "words"),
        ("mobil -pinjaman", "words"),
    ],
)
def test_it_is_found(case: Case, now: dt.datetime, text: str, by: str) -> None:
    found = queries.find(text.format(id=case.pk), at=now)
    assert (found.by, [row.case_id for row in found.rows]) == (by, [case.pk])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "12",
        "081299999999",
        "K-999999",
        "helikopter",
        "'; DROP TABLE cases_case; --",
        "%",
        "___",
        "\\",
    ],
)
def test_nothing_is_found(case: Case, now: dt.datetime, text: str) -> None:
    assert queries.find(text, at=now).rows == ()


def test_new_complaints_make_the_document_stale(case: Case, now: dt.datetime) -> None:
    services.open_or_join(case.number, report=make.report(), at=now)
    assert queries.cases_to_index() == [case.pk]
    services.index_cases({case.pk: "kata baru \x00 aneh"}, at=now)
    assert [row.case_id for row in queries.find("kata baru", at=now).rows] == [case.pk]


@pytest.mark.parametrize("text", ["undian", "7890"])
@pytest.mark.parametrize("reach", [1, 1_000])
def test_an_old_case_of_low_rank_is_found_too(
    case: Case, telkomsel: Operator, now: dt.datetime, monkeypatch: pytest.MonkeyPatch, text: str, reach: int
) -> None:
    """However far the first steps of a search reach: what they leave is found by the indexes."""
    monkeypatch.setattr(word_search, "FIRST", reach)
    monkeypatch.setattr(word_search, "NEWEST", reach)
    urgent = make.make_case(telkomsel, at=now, loss=900_000_000, evidence_count=5)
    services.index_cases({urgent.pk: "kurir paket"}, at=now)
    assert [row.case_id for row in queries.find(text, at=now).rows] == [case.pk]


def test_of_many_matches_those_that_rank_highest_are_shown(telkomsel: Operator, now: dt.datetime) -> None:
    cases = [make.make_case(telkomsel, at=now, loss=10**digits) for digits in (9, 5, 7, 6, 8)]
    services.index_cases({one.pk: "hadiah mobil" for one in cases}, at=now)
    found = queries.find("hadiah", at=now, size=2)
    assert [row.case_id for row in found.rows] == [cases[0].pk, cases[4].pk]
    assert found.more


@pytest.fixture
def many(telkomsel: Operator, now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """Old cases with two common words, and ten newer ones with either: all that the first steps look at."""
    monkeypatch.setattr(word_search, "FIRST", 10)
    monkeypatch.setattr(word_search, "NEWEST", 10)
    monkeypatch.setattr(word_search, "FAR", 10)
    monkeypatch.setattr(word_search, "RARE", 0.1)
    old = [make.make_case(telkomsel, at=now) for _one in range(8)]
    urgent = [make.make_case(telkomsel, at=now, loss=900_000_000) for _one in range(10)]
    texts = {one.pk: f"pinjaman tanpa jaminan nomor{one.pk:04d}" for one in old}
    texts |= {one.pk: ("jaminan", "pinjaman")[one.pk % 2] for one in urgent}
    texts[old[0].pk] += " penipuan"
    services.index_cases(texts, at=now)
    return old


@pytest.mark.parametrize("text", ["PINJ penip", "penipu", "jamin tanp nomor{id:04d}", "pinj jamin penipuan"])
def test_a_rare_beginning_is_found_among_common_ones(many: list[Case], now: dt.datetime, text: str) -> None:
    found = queries.find(text.format(id=many[0].pk), at=now)
    assert (found.by, [row.case_id for row in found.rows]) == ("beginnings", [many[0].pk])


def test_the_index_is_asked_for_no_beginning_that_is_common(many: list[Case], now: dt.datetime) -> None:
    """It would collect every text with such a word before it gives the first."""
    assert queries.find("pinj jamin", at=now).rows == ()
    assert len(queries.find("pinj jamin tanp", at=now).rows) == len(many)


@pytest.mark.parametrize(("read", "found"), [(5, 0), (1_000, 1)])
def test_a_phrase_of_common_words_is_looked_for_in_so_many_texts(
    many: list[Case], now: dt.datetime, monkeypatch: pytest.MonkeyPatch, read: int, found: int
) -> None:
    monkeypatch.setattr(word_search, "READ_AGAIN", read)
    services.index_cases({many[-1].pk: "jaminan tanpa pinjaman"}, at=now)
    assert len(queries.find('"jaminan tanpa"', at=now).rows) == found
