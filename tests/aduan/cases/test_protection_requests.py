"""Protecting a number ends its block and so takes two people; so does the end of such a protection.

Seen on 9f931d8: one list manager protected `08210*`, six blocks were released and published within seconds.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.accounts.step_up import application_mac
from aduan.cases import services
from aduan.cases.models import Block, Case, ChangeRequest
from aduan.cases.queries import change_page, count_waiting_changes, effect_of_pattern
from aduan.cases.workflow import Status
from aduan.core.errors import Forbidden, WrongState
from aduan.numbers import services as numbers
from aduan.numbers.models import ProtectedNumber
from aduan.numbers.protection import protected_rows
from aduan.numbers.queries import is_protected
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories.accounts import person, step_up
from tests.factories.blocklists import a_block
from tests.factories.cases import make_case, proposed, report, signed
from tests.factories.numbers import a_protected_number

pytestmark = pytest.mark.django_db
WHY: dict[str, Any] = {"owner": "RSUP", "kind": "other", "source": "surat", "reason": "Nomor rumah sakit"}
PATTERN = "0821 0*"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def mira(db: None) -> User:
    return person("mira@aduan.example", "Mira Handayani", Role.LIST_MANAGER)


@pytest.fixture
def blocks(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> list[Block]:
    return [a_block(telkomsel, by=(budi, citra), at=now, digits=6282100000001 + n) for n in range(3)]


def asked(lina: User, now: dt.datetime, text: str = PATTERN) -> ChangeRequest:
    seen = effect_of_pattern(numbers.pattern_of(text), begins=True).digest
    return services.request_protection(
        text, **WHY, seen_digest=seen, by=lina, step_up=step_up(lina, now), at=now
    )


def end_asked(row: ProtectedNumber, lina: User, now: dt.datetime, seen: str) -> ChangeRequest:
    return services.request_unprotection(
        row, reason="keliru", seen_digest=seen, by=lina, step_up=step_up(lina, now), at=now
    )


def confirm(request: ChangeRequest, by: User, now: dt.datetime, seen: str) -> ProtectedNumber:
    return services.confirm_protection(request, by=by, step_up=step_up(by, now), at=now, seen_digest=seen)


def in_force() -> int:
    return Block.objects.filter(released_at=None).count()


def test_one_list_manager_alone_ends_no_block(blocks: list[Block], lina: User, now: dt.datetime) -> None:
    with pytest.raises(Forbidden, match="takes_two"):
        services.protect_number(PATTERN, **WHY, by=lina, at=now)
    with pytest.raises(Forbidden, match="takes_two"):
        numbers.protect("0821 0000 0001", **WHY, by=lina, at=now)
    request = asked(lina, now)
    assert (in_force(), ProtectedNumber.objects.count(), request.block_count) == (3, 0, 3)


def test_the_second_sees_the_number_and_the_list_of_blocks_that_end(
    blocks: list[Block], lina: User, mira: User, rini: User, now: dt.datetime
) -> None:
    request = asked(lina, now)
    assert [count_waiting_changes(viewer=one) for one in (lina, mira, rini)] == [0, 1, 1]
    page = change_page(request.pk, viewer=mira)
    assert (page.effect.count, page.may_confirm) == (3, True)
    assert {row.case_id for row in page.effect.blocks} == {block.case_id for block in blocks}
    row = confirm(request, mira, now, page.seen)
    ended = Block.objects.filter(released_at__isnull=False)
    assert {(one.release_reason, one.released_by, one.released_under_id) for one in ended} == {
        ("protected", mira, request.pk)
    }
    assert in_force() == 0
    assert (row.active, row.pattern) == (True, "+62821 0*".replace(" ", ""))
    request.refresh_from_db()
    assert request.protected == row


def test_not_by_the_asker_nor_over_another_list(
    blocks: list[Block],
    telkomsel: Operator,
    budi: User,
    citra: User,
    lina: User,
    mira: User,
    now: dt.datetime,
) -> None:
    request = asked(lina, now)
    seen = change_page(request.pk, viewer=mira).seen
    with pytest.raises(Forbidden, match="same_person"):
        confirm(request, lina, now, seen)
    with pytest.raises(Forbidden, match="not_permitted"):
        confirm(request, budi, now, seen)
    a_block(telkomsel, by=(budi, citra), at=now, digits=6282100000099)
    with pytest.raises(WrongState, match="contents_changed"):
        confirm(request, mira, now, seen)
    assert in_force() == 4


def test_without_blocks_one_person_is_enough_and_cases_learn_of_it(
    telkomsel: Operator, lina: User, now: dt.datetime
) -> None:
    case = make_case(telkomsel, at=now)
    row = services.protect_number(case.number_text, **WHY, by=lina, at=now)
    case.refresh_from_db()
    assert (case.protected, case.suspected_spoofing) == (True, True)
    services.unprotect_number(row, reason="pindah", by=lina, at=now)
    case.refresh_from_db()
    assert case.protected is False


def test_the_end_of_a_protection_takes_two_and_puts_nothing_back(
    blocks: list[Block], lina: User, mira: User, now: dt.datetime
) -> None:
    request = asked(lina, now)
    row = confirm(request, mira, now, change_page(request.pk, viewer=mira).seen)
    with pytest.raises(Forbidden, match="takes_two"):
        services.unprotect_number(row, reason="keliru", by=lina, at=now)
    seen = effect_of_pattern(row.pattern, begins=False).digest
    back = end_asked(row, lina, now + MINUTE, seen)
    with pytest.raises(Forbidden, match="same_person"):
        confirm(back, lina, now + MINUTE, seen)
    confirm(back, mira, now + MINUTE, seen)
    row.refresh_from_db()
    assert (row.active, in_force()) == (False, 0)
    assert not is_protected("+6282100000001")
    assert set(Case.objects.values_list("status", flat=True)) == {Status.RELEASED}


def test_the_database_refuses_it_too(blocks: list[Block], lina: User, mira: User, now: dt.datetime) -> None:
    for pattern in ("+628210*", "+6282100000001"):
        with pytest.raises(IntegrityError, match="takes two people"), transaction.atomic():
            a_protected_number(pattern)
    request = asked(lina, now)
    row = confirm(request, mira, now, change_page(request.pk, viewer=mira).seen)
    code = application_mac("protection", row.pk, row.pattern, "false")
    with pytest.raises(IntegrityError, match="takes two people"), transaction.atomic():
        ProtectedNumber.objects.filter(pk=row.pk).update(active=False, mac=code)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic(), as_administrator():
        ProtectedNumber.objects.filter(pk=row.pk).update(pattern="+6281*")


def test_one_request_makes_one_protection(
    blocks: list[Block],
    telkomsel: Operator,
    budi: User,
    citra: User,
    lina: User,
    mira: User,
    now: dt.datetime,
) -> None:
    """A confirmed request is no licence for ever: it is used up by the row that it made."""
    request = asked(lina, now, "0821 0000 0001")
    row = confirm(request, mira, now, change_page(request.pk, viewer=mira).seen)
    seen = effect_of_pattern(row.pattern, begins=False).digest
    back = end_asked(row, lina, now + MINUTE, seen)
    confirm(back, mira, now + MINUTE, seen)
    later = now + dt.timedelta(days=1)
    case = services.open_or_join(blocks[0].number, report=report(), at=later)
    proposed(case, by=budi, at=later)
    signed(case, by=citra, at=later)
    code = application_mac("protection", row.pk, row.pattern, "true")
    with pytest.raises(IntegrityError, match="never comes back"), transaction.atomic():
        ProtectedNumber.objects.filter(pk=row.pk).update(active=True, mac=code)


def test_shipped_numbers_that_are_blocked_are_left_to_two_people(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    shipped = next(row.pattern for row in protected_rows() if row.pattern.startswith("+628"))
    a_block(telkomsel, by=(budi, citra), at=now, digits=int(shipped.removeprefix("+")))
    added = numbers.load_reference()
    assert added == len(protected_rows()) - 1
    assert not is_protected(shipped)
    assert shipped in caplog.text
