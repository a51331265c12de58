"""A CSV of ranges says what it would change before it changes anything."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from aduan.core.errors import Forbidden, Invalid
from aduan.operators.models import NumberRange
from aduan.operators.queries import holder_of
from aduan.operators.services import imports

pytestmark = pytest.mark.django_db
HEAD = "prefix,operator,brand,status,since,until,source,note\n"
TRANSFER = HEAD + "0811,indosat,Telkomsel,active,2026-12-01,,Berita Negara,merger\n"


def held(who: Any, *, on: dt.date) -> Any:
    return holder_of(who, on=on)


def only(text: str) -> imports.Change:
    (change,) = imports.read_csv(HEAD + text)
    return change


def test_a_new_prefix_is_an_addition(telkomsel):
    change = only("0850,telkomsel,Baru,active,2026-12-01,,Berita Negara,\n")
    assert (change.action, change.prefix, change.after) == ("add", "62850", "Telkomsel")


def test_another_operator_from_a_day_on_is_a_transfer(telkomsel, indosat):
    (change,) = imports.read_csv(TRANSFER)
    assert (change.action, change.before, change.after) == (
        "transfer",
        "Telkomsel",
        "Indosat Ooredoo Hutchison",
    )


def test_a_line_that_says_what_is_known_changes_nothing(telkomsel):
    assert only("0811,telkomsel,Telkomsel,active,2000-01-01,,test,\n").action == "same"


def test_a_line_that_gives_an_end_ends_the_range(telkomsel):
    assert only("0811,telkomsel,Telkomsel,active,2000-01-01,2026-12-01,test,\n").action == "end"


@pytest.mark.parametrize(
    "line",
    [
        "0811,indosat,X,active,1999-01-01,,source,",  # begins before the row that is there
        "0811,nobody,X,active,2026-12-01,,source,",
        "0811,telkomsel,X,sleeping,2026-12-01,,source,",
        "0850,,X,active,2026-12-01,,source,",
        "0850,telkomsel,X,active,01/12/2026,,source,",
        "0850,telkomsel,X,active,2026-12-01,2026-11-01,source,",
        "0850,telkomsel,X,active,2026-12-01,,,",
        "=1+1,telkomsel,X,active,2026-12-01,,source,",
    ],
)
def test_a_line_that_cannot_be_taken_over_says_why(telkomsel, indosat, line):
    change = only(line + "\n")
    assert change.action == "error"
    assert str(change.problem)


def test_an_import_is_done_as_announced(telkomsel, indosat, rini, now):
    imports.apply(TRANSFER, reason="Merger announced", by=rini, at=now)
    assert held(6281112345678, on=dt.date(2026, 11, 30)).operator_code == "telkomsel"
    assert held(6281112345678, on=dt.date(2026, 12, 1)).operator_code == "indosat"
    assert [change.action for change in imports.read_csv(TRANSFER)] == ["same"]


def test_one_bad_line_stops_the_whole_import(telkomsel, indosat, rini, now):
    rows = NumberRange.objects.count()
    with pytest.raises(Invalid, match="import_has_errors"):
        imports.apply(TRANSFER + "08xx,telkomsel,,active,,,s,\n", reason="Merger", by=rini, at=now)
    assert NumberRange.objects.count() == rows


def test_only_people_with_the_role_import(telkomsel, indosat, budi, now):
    with pytest.raises(Forbidden):
        imports.apply(TRANSFER, reason="Merger announced", by=budi, at=now)


def test_a_file_without_the_columns_is_refused(db):
    with pytest.raises(Invalid, match="columns_missing"):
        imports.read_csv("a;b\n1;2\n")


def test_the_shipped_file_can_be_imported_over_itself(register):
    from aduan.operators.reference import DATA

    changes = imports.read_csv((DATA / "number_ranges.csv").read_text("utf-8"))
    assert {change.action for change in changes} == {"same"}
