"""The queue shows the most urgent first, page by page, and says why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation

from aduan.accounts.models import User
from aduan.cases import queries, services
from aduan.cases.models import Case
from aduan.cases.queries import Filters, View
from aduan.core.errors import Invalid
from aduan.operators.models import Operator
from tests.factories import cases as make

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def _some(operator: Operator, count: int, at: dt.datetime) -> list[Case]:
    """Cases with 1, 2, 3 … independent complaints: the last is the most urgent."""
    made = []
    for extra in range(count):
        case = make.make_case(operator, at=at)
        for _ in range(extra):
            services.open_or_join(case.number, report=make.report(), at=at)
        made.append(case)
    return made


def test_pages_follow_one_another_without_gap_in_both_directions(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    expected = [case.pk for case in reversed(_some(telkomsel, 7, now))]
    seen: list[list[int]] = []
    cursor = ""
    while True:
        page = queries.queue_page(viewer=budi, at=now, cursor=cursor, size=3)
        seen.append([row.case_id for row in page.rows])
        if not page.next:
            break
        cursor = page.next
    assert seen == [expected[:3], expected[3:6], expected[6:]]
    back = queries.queue_page(viewer=budi, at=now, cursor=page.previous, size=3)
    assert [row.case_id for row in back.rows] == expected[3:6]
    first = queries.queue_page(viewer=budi, at=now, cursor=back.previous, size=3)
    assert [row.case_id for row in first.rows] == expected[:3]
    assert first.previous == ""


def test_each_row_says_why_it_stands_there(
    telkomsel: Operator, budi: User, now: dt.datetime, settings: object
) -> None:
    case = make.make_case(telkomsel, at=now, confirmed=True, loss=12_500_000)
    services.open_or_join(case.number, report=make.report(), at=now)
    with translation.override("en"):
        (row,) = queries.queue_page(viewer=budi, at=now + HOUR).rows
    points = sum(row.points.values())
    assert row.why == (
        f"{points} points: 2 independent complainants, 1 confirmed contact, 2 evidence items, "
        "Rp\u00a012.500.000 lost, newest in the last 24 hours, due in 23 h."
    )


@pytest.mark.parametrize(
    ("hours", "said"), [(29, "overdue by 5 h."), (71, "overdue by 47 h."), (96, "overdue by 3 days.")]
)
def test_what_is_long_overdue_is_shown_in_days(
    telkomsel: Operator, budi: User, now: dt.datetime, hours: int, said: str
) -> None:
    make.make_case(telkomsel, at=now)
    with translation.override("en"):
        (row,) = queries.queue_page(viewer=budi, at=now + hours * HOUR).rows
    assert row.why.endswith(said)


def test_a_crowd_of_copies_ranks_below_five_independent_people(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    brigaded = make.make_case(telkomsel, at=now)
    for _ in range(200):
        services.open_or_join(
            brigaded.number, report=make.report(independent=False, evidence_count=0), at=now
        )
    honest = make.make_case(telkomsel, at=now)
    for _ in range(4):
        services.open_or_join(honest.number, report=make.report(evidence_count=0), at=now)
    rows = queries.queue_page(viewer=budi, at=now).rows
    assert [row.case_id for row in rows] == [honest.pk, brigaded.pk]


def test_filters_narrow(telkomsel: Operator, indosat: Operator, budi: User, now: dt.datetime) -> None:
    make.make_case(telkomsel, at=now - 50 * HOUR, category="HADIAH", region="Jawa Barat")
    other = make.make_case(indosat, at=now, category="PINJOL", channel="call")
    for filters in (Filters(operator="indosat"), Filters(category="PINJOL"), Filters(channel="call")):
        rows = queries.queue_page(viewer=budi, at=now, filters=filters).rows
        assert [row.case_id for row in rows] == [other.pk]
    old = queries.queue_page(viewer=budi, at=now, filters=Filters(older_than=dt.timedelta(days=2))).rows
    assert [row.operator for row in old] == ["Telkomsel"]
    assert len(queries.queue_page(viewer=budi, at=now, filters=Filters(region="Jawa Barat")).rows) == 1


def test_saved_views_hold_what_they_promise(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    make.reasons()
    held = services.claim(make.make_case(telkomsel, at=now), by=budi, at=now)
    waiting = make.make_case(telkomsel, at=now)
    make.proposed(waiting, by=budi, at=now)
    late = make.make_case(telkomsel, at=now - 25 * HOUR)
    soon = make.make_case(telkomsel, at=now - 21 * HOUR)
    spoofed = make.make_case(telkomsel, at=now, protected=True)
    unrouted = make.make_case(None, at=now)
    chat = make.make_case(telkomsel, at=now, channel="telegram")
    asked = make.make_case(telkomsel, at=now)
    make.asked(asked, by=budi, at=now, reason_code="test-ask")
    objected = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    services.record_objection(objected, at=now)
    again = make.make_case(telkomsel, at=now)
    make.dismissed(again, by=budi, at=now, reason_code="test-dismiss")
    services.reopen(again, by=budi, at=now, reason="Bukti baru")

    def shown(view: View, viewer: User) -> set[int]:
        return {row.case_id for row in queries.queue_page(view=view, viewer=viewer, at=now).rows}

    assert shown(View.MINE, budi) == {held.pk}
    assert shown(View.MINE, citra) == set()
    assert shown(View.SIGNATURE, citra) == {waiting.pk}
    assert shown(View.SIGNATURE, budi) == set()
    assert shown(View.OVERDUE, budi) == {late.pk}
    assert shown(View.DUE_SOON, budi) == {soon.pk}
    assert shown(View.SPOOFING, budi) == shown(View.PROTECTED, budi) == {spoofed.pk}
    assert shown(View.UNROUTED, budi) == {unrouted.pk}
    assert shown(View.OTT, budi) == {chat.pk}
    assert shown(View.ASKED, budi) == {asked.pk}
    assert shown(View.OBJECTION, budi) == {objected.pk}
    assert shown(View.REOPENED, budi) == {again.pk}
    assert shown(View.UNASSIGNED, budi) == {late.pk, soon.pk, spoofed.pk, unrouted.pk, chat.pk, again.pk}
    assert held.pk in {
        row.case_id for row in queries.queue_page(view=View.UNASSIGNED, viewer=budi, at=now + HOUR).rows
    }
    counts = queries.view_counts(viewer=citra, at=now)
    assert counts == {view: len(shown(view, citra)) for view in View}


@pytest.mark.parametrize("cursor", ["x", "1", "1.x", "1.2.3", "99999999999999999999999999.1"])
def test_a_cursor_that_is_none_is_refused(budi: User, now: dt.datetime, cursor: str) -> None:
    with pytest.raises(Invalid):
        queries.queue_page(viewer=budi, at=now, view=View.DUE_SOON, cursor=cursor)


def test_a_page_takes_one_statement(
    telkomsel: Operator, budi: User, now: dt.datetime, django_assert_num_queries: object
) -> None:
    _some(telkomsel, 3, now)
    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.queue_page(viewer=budi, at=now)


def test_two_people_who_ask_for_the_next_case_get_two(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    cases = _some(telkomsel, 2, now)
    first = services.next_case(by=budi, at=now)
    second = services.next_case(by=citra, at=now)
    assert first is not None
    assert second is not None
    assert [first.pk, second.pk] == [cases[1].pk, cases[0].pk]
    assert services.next_case(by=citra, at=now) is None
    lapsed = services.next_case(by=citra, at=now + HOUR)
    assert lapsed is not None
    assert lapsed.pk == cases[1].pk
