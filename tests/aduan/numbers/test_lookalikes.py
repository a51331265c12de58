"""Which numbers are easily taken for a protected one, with the real register of protected numbers."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.numbers import services
from aduan.numbers.models import PhoneNumber, ProtectedNumber
from aduan.numbers.parsing import parse
from aduan.numbers.services.lookalikes import lookalike_of, mark_lookalikes
from aduan.numbers.similarity import own_digits, resembles, slips

pytestmark = pytest.mark.django_db

LOOKALIKES = [
    ("0812-12-14071", "+628121214017"),  # two neighbours swapped: BRI
    ("0812-12-14016", "+628121214017"),  # one digit changed
    ("0812 1214 0170", "+628121214017"),  # one too many
    ("0811-500-998", "+628111500998"),  # one missing: BCA
    ("0813-57-157-157", "+6281157157157"),  # the same digits under another prefix: OJK
    ("021-57157157", "+6281157157157"),  # … under an area code
    ("022-52997777", "+622152997777"),  # a landline of Bank Mandiri in another city
    ("0857-1500-888", "service:1500888"),  # a bank's code at the end of a plain number
    ("0813-33-14000", "service:14000"),
]
PLAIN = ["0812-3456-7890", "0812-12-14999", "021-52990000", "0856-1234-5678", "0813-1500-123"]


@pytest.mark.parametrize(("text", "pattern"), LOOKALIKES)
def test_a_lookalike_is_known_when_it_is_registered(
    register: None, now: dt.datetime, text: str, pattern: str
) -> None:
    number = services.register(parse(text), at=now)
    assert number.resembles is not None
    assert resembles(number.canonical, pattern)
    assert number.resembles.pattern == pattern


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_number_resembles_nothing(register: None, now: dt.datetime, text: str) -> None:
    assert services.register(parse(text), at=now).resembles is None


def test_foreign_numbers_and_names_are_not_compared(register: None, now: dt.datetime) -> None:
    for text in ("+1 650 253 0000", "BRI", "110"):
        assert services.register(parse(text), at=now).resembles is None


def test_the_way_there_and_the_way_back_agree_on_every_protected_number(
    register: None, now: dt.datetime
) -> None:
    """One new number is compared as all registered ones are compared in sets."""
    rows = list(ProtectedNumber.objects.filter(active=True))
    texts = {text for row in rows for text in sorted(slips(row.pattern))[::10]}
    texts |= {f"+62857{digits}" for row in rows if 5 <= len(digits := own_digits(row.pattern)) <= 8}
    texts |= {f"+6281{turn:09d}" for turn in range(0, 10**9, 9_999_991)}
    PhoneNumber.objects.bulk_create(
        PhoneNumber(canonical=text, kind="mobile", routing="none", first_seen_at=now) for text in texts
    )
    marked = mark_lookalikes(rows)
    found = PhoneNumber.objects.select_related("resembles")
    for number in found:
        one = lookalike_of(number.canonical, number.kind)
        assert (one is None) == (number.resembles is None), number.canonical
        assert number.resembles is None or resembles(number.canonical, number.resembles.pattern)
    assert marked == found.filter(resembles__isnull=False).count() > 300


def test_a_number_protected_later_marks_what_is_registered_already(
    register: None, rini: User, now: dt.datetime
) -> None:
    swapped = services.register(parse("0812-3456-7980"), at=now)
    elsewhere = services.register(parse("0857-34567890"), at=now)
    assert swapped.resembles is None
    row = services.protect(
        "0812-3456-7890", owner="RSUP", kind="hospital", source="surat", reason="diminta", by=rini, at=now
    )
    for number in (swapped, elsewhere):
        number.refresh_from_db()
        assert number.resembles == row
    services.unprotect(row, reason="pindah nomor", by=rini, at=now)
    for number in (swapped, elsewhere):
        number.refresh_from_db()
        assert number.resembles is None


def test_registering_a_number_takes_few_statements(
    register: None, now: dt.datetime, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # four of them savepoints
        services.register(parse("0812-3456-7890"), at=now)
