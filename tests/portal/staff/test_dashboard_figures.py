"""The lead's page: each figure leads to its cases and stands beside its target; alarms say what to do."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists.services import next_lists
from aduan.cases import queries, services
from aduan.cases.models import Alarm, CaseEvent, DeskTarget, QualityReview
from aduan.cases.queries import DeskFigure
from aduan.core.periods import last_ended, local_date
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import person
from tests.factories.blocklists import a_block, published
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
DASHBOARD = "/kelola/dasbor/"


@pytest.fixture
def lead(db: None) -> User:
    return person("lea@aduan.example", "Lea", Role.LEAD)


def behind(figure: DeskFigure, lead: User) -> list[int]:
    found = queries.behind_figure(figure, viewer=lead, at=timezone.now(), days=30)
    return [one.case_id for one in found]


def test_each_figure_leads_to_the_cases_that_make_it(
    client: Client, lead: User, budi: User, citra: User, telkomsel: Operator
) -> None:
    now = timezone.now() - dt.timedelta(minutes=5)
    make.reasons()
    late = make.make_case(telkomsel, at=now - dt.timedelta(days=3))
    soon, quarrel = (make.make_case(telkomsel, at=now - dt.timedelta(hours=1)) for _turn in range(2))
    for case in (late, soon):
        make.dismissed(case, by=budi, at=now)
    make.proposed(quarrel, by=budi, at=now)
    make.signed(quarrel, by=citra, at=now, agrees=False, reason="Tidak cukup")
    event = CaseEvent.objects.get(case=soon, action="dismiss")
    QualityReview.objects.update_or_create(
        event=event,
        defaults={
            "case": soon, "deciders": [budi.pk], "show_from": now, "reviewed_by": citra, "reviewed_at": now,
            "agrees": False, "reason": "Bukti ada",
        },
    )  # fmt: skip
    assert set(behind(DeskFigure.DECIDED, lead)) == {late.pk, soon.pk}
    assert behind(DeskFigure.LATE, lead) == [late.pk]
    assert behind(DeskFigure.DISAGREED, lead) == [quarrel.pk]
    assert behind(DeskFigure.NOT_ALIKE, lead) == behind(DeskFigure.CLOSURES_READ, lead) == [soon.pk]
    page = log_in_staff(client, lead).get(DASHBOARD)
    figures = page.context["figures"]
    assert (figures.closures_reviewed.part, figures.closures_reviewed.whole) == (0, 1)
    for figure in DeskFigure:
        address = f"{DASHBOARD}perkara/{figure}/?days=30"
        assert f'href="{address}"' in page.text
        assert client.get(address).status_code == 200
    assert client.get(f"{DASHBOARD}perkara/salah/").status_code == 404
    assert late.reference in client.get(f"{DASHBOARD}perkara/late/").text
    mine = {one.name: one for one in queries.people_figures(viewer=lead, at=timezone.now(), since=now)}
    assert (mine[budi.name].closures.part, mine[budi.name].closures.whole) in ((0, 1), (0, 0))


def test_a_figure_that_misses_its_target_says_so_and_leads_set_targets(
    client: Client, lead: User, budi: User, telkomsel: Operator
) -> None:
    make.make_case(telkomsel, at=timezone.now())
    log_in_staff(client, lead)
    assert client.get(f"{DASHBOARD}target/").status_code == 200
    given = {"waiting": 0, "in_time": 95, "agreement": 90, "quality": 95}
    refused = client.post(f"{DASHBOARD}target/", {**given, "in_time": 101, "reason": "x"})
    assert refused.status_code == 400
    assert client.post(f"{DASHBOARD}target/", given).status_code == 400, "a reason is asked for"
    client.post(f"{DASHBOARD}target/", {**given, "reason": "Tahun baru"})
    assert DeskTarget.current().waiting == 0
    page = client.get(DASHBOARD)
    assert '<dd class="bad-word"><a href="/kelola/antrean/">1</a></dd>' in page.text
    with pytest.raises(IntegrityError), transaction.atomic():
        DeskTarget.objects.create(in_time=101, reason="x", set_by=lead, set_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        DeskTarget.objects.create(reason="", set_by=lead, set_at=timezone.now())
    assert log_in_staff(client, budi).get(f"{DASHBOARD}target/").status_code == 403


def test_alarms_say_what_to_do_and_a_growing_queue_is_one(
    client: Client, lead: User, budi: User, telkomsel: Operator
) -> None:
    now = timezone.now()
    for kind in Alarm.Kind:
        services.raise_alarm(kind, person=budi, at=now, detail={})
    for day in range(1, 8):
        for _turn in range(2):
            make.make_case(telkomsel, at=now - dt.timedelta(days=day))
    page = log_in_staff(client, lead).get(DASHBOARD)
    assert len(page.context["alarms"]) == len(Alarm.Kind)
    for one in page.context["alarms"]:
        assert str(one.advice) in page.text
        assert client.get(one.address).status_code in (200, 403)
    assert page.context["growing"].address == "/kelola/antrean/?sort=oldest"
    assert "2" in page.context["growing"].sentence


def test_the_dashboard_takes_few_statements(
    client: Client, lead: User, telkomsel: Operator, django_assert_max_num_queries: object
) -> None:
    make.make_case(telkomsel, at=timezone.now())
    log_in_staff(client, lead)
    client.get(DASHBOARD)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(DASHBOARD)


def test_list_managers_see_what_goes_out_next(
    client: Client, lina: User, budi: User, citra: User, telkomsel: Operator, indosat: Operator
) -> None:
    now = timezone.now()
    a_block(telkomsel, by=(budi, citra), at=now - dt.timedelta(days=40))
    a_block(
        telkomsel,
        by=(budi, citra),
        at=now - dt.timedelta(days=40),
        until=local_date(now) + dt.timedelta(days=1),
    )
    published(telkomsel, at=now - dt.timedelta(days=1), period=last_ended(now))
    for _turn in range(2):
        a_block(telkomsel, by=(budi, citra), at=now)
    made_at, rows = next_lists(at=now)
    assert made_at > now
    assert {row.code: (row.added, row.removed) for row in rows} == {"telkomsel": (2, 1), "indosat": (0, 0)}
    log_in_staff(client, lina)
    assert "/kelola/daftar/berikutnya/" in client.get("/kelola/daftar/").text
    page = client.get("/kelola/daftar/berikutnya/")
    assert "+2" in page.text
    assert "−1" in page.text
