"""The acts of colleagues for each other: see audited_actions."""

from __future__ import annotations

import datetime as dt

from aduan.accounts.models import User
from aduan.cases import services as cases
from aduan.cases.models import Case
from aduan.teamwork import services
from aduan.teamwork.models import OperatorQuestion
from tests.journeys.scenario import TYPED, Row, Scenario


def _away(s: Scenario) -> User:
    services.mark_away(s.budi, until=s.now.date() + dt.timedelta(days=2), by=s.lea, at=s.now)
    return s.budi


def _dismissed(s: Scenario) -> Case:
    return cases.dismiss(
        s.case(), by=s.budi, at=s.now, seen_digest=Case.objects.get().contents_digest,
        reason_code="test-dismiss", undo_within=dt.timedelta(seconds=30),
    )  # fmt: skip


def _asked(s: Scenario) -> OperatorQuestion:
    return services.ask_operator(s.case(), by=s.budi, at=s.now, text=TYPED)


TEAMWORK: dict[str, Row] = {
    "teamwork.services.operator_questions.ask_operator": Row(
        "budi", ["case.ask_operator"], Scenario.case,
        lambda s, case: services.ask_operator(case, by=s.budi, at=s.now, text=TYPED)),
    "teamwork.services.operator_questions.answer_operator_question": Row(
        "dewi", ["case.answer_question"], _asked,
        lambda s, one: services.answer_operator_question(one, actor=s.machine, at=s.now, text=TYPED)),
    "teamwork.services.handing_over.take_case": Row(
        "budi", ["case.claim"], Scenario.case, lambda s, case: services.take_case(case, by=s.budi, at=s.now)),
    "cases.services.bulk.undo_each": Row(
        "budi", ["case.undo"], _dismissed, lambda s, case: cases.undo_each([case], by=s.budi, at=s.now)),
    "cases.services.undo.undo": Row(
        "budi", ["case.undo"], _dismissed, lambda s, case: cases.undo(case, by=s.budi, at=s.now)),
    "teamwork.services.notes.write_note": Row(
        "budi", ["case.note"], Scenario.case,
        lambda s, case: services.write_note(case, by=s.budi, at=s.now, text=TYPED)),
    "teamwork.services.handing_over.hand_over": Row(
        "budi", ["case.hand_over"], Scenario.case,
        lambda s, case: services.hand_over(case, to=s.citra, by=s.budi, at=s.now)),
    "teamwork.services.handing_over.assign_cases": Row(
        "lea", ["case.assign"], Scenario.case,
        lambda s, case: services.assign_cases([case], to=s.citra, by=s.lea, at=s.now)),
    "teamwork.services.absences.mark_away": Row(
        "lea", ["user.mark_away"], lambda s: s.budi,
        lambda s, who: services.mark_away(who, until=s.now.date(), by=s.lea, at=s.now)),
    "teamwork.services.absences.come_back": Row(
        "budi", ["user.come_back"], _away,
        lambda s, who: services.come_back(who, by=s.budi, at=s.now)),
}  # fmt: skip
