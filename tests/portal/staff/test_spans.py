"""How long something took or waits, as the desk says it: two units at most, none that says nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from portal.templatetags.staff_filters import span


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (dt.timedelta(days=7), "7 hari"),
        (dt.timedelta(days=7, minutes=59), "7 hari"),
        (dt.timedelta(days=2, hours=4), "2 hari 4 jam"),
        (dt.timedelta(hours=3), "3 jam"),
        (dt.timedelta(hours=3, minutes=20), "3 jam 20 menit"),
        (-dt.timedelta(minutes=40), "40 menit"),
        (dt.timedelta(0), "0 menit"),
        (None, ""),
    ],
)
def test_a_span_has_no_unit_of_nothing(length: dt.timedelta | None, words: str) -> None:
    with translation.override("id"):
        assert span(length) == words
