"""Cases that share a text stand together; leads see intake, backlog, pace and agreement."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import queries, services
from aduan.cases.models import Campaign, CannedReason, Case
from aduan.cases.services import CaseSimilarity
from aduan.cases.workflow import CaseAction
from aduan.core.errors import Forbidden
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_cases_that_are_alike_grow_into_one_campaign(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    one, two, three, four, alone = (make.make_case(telkomsel, at=now) for _ in range(5))
    pairs = [
        CaseSimilarity(one.pk, two.pk, "text", 91),
        CaseSimilarity(three.pk, four.pk, "link"),
        CaseSimilarity(one.pk, alone.pk, "text", 60),
    ]
    assert services.cluster_cases(pairs, at=now) == 4
    assert services.cluster_cases(pairs, at=now) == 0
    assert len(queries.campaigns()[0]) == 2
    assert services.cluster_cases([CaseSimilarity(two.pk, three.pk, "account")], at=now + HOUR) == 0
    ((row,), more) = queries.campaigns()
    assert (row.size, row.waiting, more) == (4, 4, None)
    page = queries.campaign_page(row.campaign_id, viewer=budi, at=now)
    assert {member.row.case_id for member in page.members} == {one.pk, two.pk, three.pk, four.pk}
    assert {member.row.case_id: member.similarity for member in page.members}[two.pk] == 91
    merged = Campaign.objects.exclude(pk=row.campaign_id).get()
    assert queries.campaign_page(merged.pk, viewer=budi, at=now) == page
    assert queries.case_page(one.pk, viewer=budi, at=now).campaign_id == row.campaign_id


def test_the_dashboard_counts_what_happened(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    make.reasons()
    CannedReason.objects.create(
        code="dismiss-no-evidence", action=CaseAction.DISMISS, text_id="Bukti kurang", text_en="No evidence"
    )
    make.confirmed(telkomsel, first=budi, second=citra, at=now, category="HADIAH")
    disputed = make.make_case(indosat, at=now, category="PINJOL")
    make.proposed(disputed, by=budi, at=now + HOUR)
    make.signed(disputed, by=citra, at=now + HOUR, agrees=False)
    make.dismissed(
        make.make_case(indosat, at=now - 48 * HOUR), by=budi, at=now + HOUR, reason_code="dismiss-no-evidence"
    )
    make.make_case(telkomsel, at=now - 30 * HOUR)
    lead = person("lead@aduan.example", "Lea", Role.LEAD)
    board = queries.dashboard(viewer=lead, at=now + 2 * HOUR, days=7)
    assert len(board.days) == 7
    today = board.days[-1]
    assert (today.day, today.opened, today.decided, today.blocked, today.dismissed) == (
        dt.date(2026, 11, 18),
        2,
        2,
        1,
        1,
    )
    assert {item.status: (item.total, item.overdue) for item in board.backlog} == {
        "open": (1, 1),
        "disputed": (1, 0),
    }
    assert (board.decided, board.in_time.part) == (2, 1)
    assert board.agreement.share == 0.5
    assert board.missing_evidence.share == 0.5
    assert board.quality_reviews.whole == 0
    assert {group.name: group.opened for group in board.by_operator} == {
        "Telkomsel": 2,
        "Indosat Ooredoo Hutchison": 2,
    }
    assert board.p50 is not None
    with pytest.raises(Forbidden):
        queries.dashboard(viewer=budi, at=now)


def test_days_are_days_in_jakarta(telkomsel: Operator, now: dt.datetime) -> None:
    midnight = now.replace(hour=0, minute=0)
    make.make_case(telkomsel, at=midnight - dt.timedelta(seconds=1))
    make.make_case(telkomsel, at=midnight)
    board = queries.figures(at=now, days=2)
    assert [day.opened for day in board.days] == [1, 1]


def test_ranks_move_with_the_age_of_the_newest_complaint(telkomsel: Operator, now: dt.datetime) -> None:
    case = make.make_case(telkomsel, at=now)
    before = Case.objects.get(pk=case.pk)
    assert services.rerank_waiting(at=now + 21 * HOUR, since=now) == 0
    assert services.rerank_waiting(at=now + 25 * HOUR, since=now + 21 * HOUR) == 1
    case.refresh_from_db()
    assert (before.score_parts["recent"], case.score_parts["recent"]) == (40, 25)
    assert before.score - case.score == 15 * 180, "three hours of waiting for a point"
    assert services.rerank_waiting(at=now + 26 * HOUR) == 0


def test_a_rank_that_no_run_moved_in_time_is_moved_later(telkomsel: Operator, now: dt.datetime) -> None:
    """No worker ran for ten days, or the rows came from elsewhere: points for a new complaint do not stay."""
    case = make.make_case(telkomsel, at=now)
    late = now + 240 * HOUR
    assert services.rerank_waiting(at=late, since=late - HOUR) == 1
    case.refresh_from_db()
    assert "recent" not in case.score_parts
    assert services.rerank_waiting(at=late + HOUR, since=late) == 0


def test_reasons_are_loaded_once_and_what_people_changed_stays(
    agus: User, budi: User, now: dt.datetime
) -> None:
    added = services.load_reasons()
    assert added > 30
    services.save_reason(
        by=agus, at=now, code="ask-screenshot", action="ask", text_id="Kirim gambar", text_en="Send a picture"
    )
    CannedReason.objects.filter(code="ask-link").update(notice_id="Kami menyimpan nomornya.")
    assert services.load_reasons() == 0
    assert "alamat tautan" in CannedReason.objects.get(code="ask-link").notice_id  # no one had edited it
    texts = {choice.code: choice.text for choice in queries.reasons_for("ask")}
    assert texts["ask-screenshot"] == "Kirim gambar"
    assert queries.reasons_for("propose", category="PINJOL")[0].code == "propose-loan"
    with pytest.raises(Forbidden):
        services.save_reason(by=budi, at=now, code="x", action="ask", text_id="x", text_en="x")
