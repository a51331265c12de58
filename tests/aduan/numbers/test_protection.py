"""Protected numbers, their forged forms and their look-alikes; and that no block on one can come to be."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from aduan.cases.models import Block
from aduan.cases.services import record_operator_outcome
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.numbers import services
from aduan.numbers.kinds import NumberKind
from aduan.numbers.models import PhoneNumber, ProtectedNumber
from aduan.numbers.parsing import parse
from aduan.numbers.protection import protected_rows, shipped_set
from aduan.numbers.queries import is_protected, protected_set, protection_of
from tests.factories import cases
from tests.factories.accounts import past_triggers
from tests.factories.numbers import a_protected_number

pytestmark = pytest.mark.django_db

EXACT = [
    "110",
    "112",
    "1500888",
    "14000",
    "159",
    "081157157157",
    "0812-12-14017",
    "BCA",
    "+62110",
    "0804 1500 327",
]
FORGED = [
    "+621500888", "+62 21 1500888", "(021) 1500888", "021-1500888", "+02114041", "6214041", "+6214041",
    "014041",
    "021-14000", "022 14000", "0274-14017", "021-157", "0761-123", "+62 31 1500046",
]  # fmt: skip
LOOKALIKES = [
    "0812-12-14071", "0812 1214 0170", "081157157158", "0811571571577", "08115715715", "021-1500889", "14042",
    "021-14042", "0211150088", "08211500888", "1500889", "BCA1", "021-11088888", "+628211500888",
]  # fmt: skip


@pytest.mark.parametrize("raw", EXACT)
def test_a_protected_number_is_protected(register, raw):
    assert is_protected(parse(raw))


@pytest.mark.parametrize("raw", FORGED)
def test_a_forged_form_is_protected_and_known_as_forged(register, raw):
    protection = protection_of(parse(raw))
    assert protection is not None
    assert protection.forged == (raw not in ("+621500888", "6214041", "+6214041"))  # handsets show codes so


@pytest.mark.parametrize("raw", LOOKALIKES)
def test_a_lookalike_is_not_protected(register, raw):
    assert not is_protected(parse(raw))


def test_the_database_and_the_value_say_the_same(register):
    values = protected_set()
    texts = [parse(raw).canonical for raw in (*EXACT, *FORGED, *LOOKALIKES)]
    texts += [row.pattern for row in protected_rows()]
    texts += [f"+62{area}{code}" for area in (21, 22, 274, 411) for code in (110, 14041, 1500888, 1500889)]
    texts += [f"{kind}:0{code}" for kind in ("short", "service") for code in (110, 14041, 21157, 14042)]
    for text in texts:
        assert protection_of(text) == values.protection_of(text) == shipped_set().protection_of(text), text


def test_a_pattern_protects_all_that_begin_so(register, rini, now):
    pattern = services.pattern_of("0804 1999*")
    assert pattern == "+628041999*"
    with past_triggers():  # two people: tests/security/test_acts_of_one.py
        a_protected_number(pattern, owner="Bank Contoh")
    assert is_protected("+628041999123")
    assert not is_protected("+628041998123")
    with pytest.raises(Invalid, match="pattern_too_short"):
        services.protect("08*", owner="X", kind="bank", source="x", reason="Too wide", by=rini, at=now)


def test_protection_is_given_and_taken_by_people_with_the_role(register, rini, budi, now):
    given = {
        "owner": "Dinas Contoh",
        "kind": "government",
        "source": "surat 1/2026",
        "reason": "Their hotline",
    }
    with pytest.raises(Forbidden):
        services.protect("0812 0000 9999", **given, by=budi, at=now)
    row = services.protect("0812 0000 9999", **given, by=rini, at=now)
    assert is_protected("+6281200009999")
    with pytest.raises(WrongState, match="already_protected"):
        services.protect("+62 812-0000-9999", **given, by=rini, at=now)
    services.unprotect(row, reason="The hotline has moved", by=rini, at=now)
    assert not is_protected("+6281200009999")
    assert ProtectedNumber.objects.filter(pk=row.pk, active=False).exists()


def test_the_numbers_under_a_new_protection_are_found(register, rini, now):
    forged = services.register(parse("021 1500777"), at=now)
    services.register(parse("0812 1500 7777"), at=now)
    row = services.protect(
        "1500777", owner="Bank", kind="bank", source="surat", reason="New call centre", by=rini, at=now
    )
    from aduan.numbers.queries import numbers_under

    assert numbers_under(row.pattern) == [forged]


def test_the_database_refuses_a_block_on_a_protected_number(telkomsel, budi, citra, rini, now):
    """Even when every service has been passed by and the case knows nothing of the protection."""
    case = cases.confirmed(telkomsel, first=budi, second=citra, at=now)
    block = Block.objects.get(case=case)
    record_operator_outcome(case, operator_id=telkomsel.pk, answer="recycled", at=now + dt.timedelta(hours=1))
    a_protected_number(PhoneNumber.objects.get(pk=block.number_id).canonical)
    again = Block(
        **{field.attname: getattr(block, field.attname) for field in Block._meta.fields if field.name != "id"}
    )
    with pytest.raises(IntegrityError, match="a protected number is never blocked"), transaction.atomic():
        again.save(force_insert=True)


def test_every_shipped_protected_number_reads_back_as_itself():
    for row in protected_rows():
        parsed = parse(row.pattern if row.pattern.startswith("+") else row.pattern.partition(":")[2])
        assert parsed.canonical == row.pattern
        assert parsed.kind in (
            NumberKind.SHORT_CODE,
            NumberKind.SERVICE,
            NumberKind.MOBILE,
            NumberKind.LANDLINE,
            NumberKind.SENDER_ID,
        )
