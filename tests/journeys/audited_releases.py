"""The acts of two people that free a number or change what may be blocked: see audited_actions."""

from __future__ import annotations

import datetime as dt

from aduan.appeals import services as appeals
from aduan.blocklists import services as lists
from aduan.cases import services as cases
from aduan.cases.models import Case, ChangeRequest
from aduan.cases.queries import effect_of_pattern
from aduan.complaints import services as complaints
from aduan.numbers.parsing import parse
from tests.factories import cases as make
from tests.factories.accounts import step_up
from tests.factories.complaints import complaint
from tests.journeys.scenario import TYPED, WHY, Row, Scenario


def _urgent(s: Scenario) -> Case:
    case = s.case()
    make.proposed(case, by=s.budi, at=s.now, urgent=True)
    make.signed(case, by=s.citra, at=s.now)
    return case


def _other_number_asked(s: Scenario) -> ChangeRequest:
    mine = complaint(s.now, "0812-9999-1111")
    return complaints.request_number_change(
        mine.case,
        kind="move",
        complaint=mine,
        number=parse("0812-9999-1112"),
        reason=TYPED,
        by=s.agus,
        step_up=step_up(s.agus, s.now),
        at=s.now,
        seen_digest=mine.case.contents_digest,
    )


RELEASES: dict[str, Row] = {
    "cases.services.release_requests.request_release": Row(
        "agus", ["case.request_change"], Scenario.confirmed,
        lambda s, c: make.release_asked(c, by=s.agus, at=s.now, reason=TYPED)),
    "cases.services.release_requests.confirm_release": Row(
        "dina", ["case.release"],
        lambda s: make.release_asked(s.confirmed(), by=s.agus, at=s.now, reason=TYPED),
        lambda s, one: make.confirmed_by(s.dina, cases.confirm_release, one, at=s.now)),
    "cases.services.release_requests.request_settlement": Row(
        "agus", ["case.request_change"], Scenario.objected,
        lambda s, c: make.settlement_asked(c, by=s.agus, at=s.now, upheld=True, reason=TYPED)),
    "cases.services.release_requests.confirm_settlement": Row(
        "dina", ["case.settle", "case.release"],
        lambda s: make.settlement_asked(s.objected(), by=s.agus, at=s.now, upheld=True, reason=TYPED),
        lambda s, one: make.confirmed_by(s.dina, cases.confirm_settlement, one, at=s.now)),
    "cases.services.change_requests.decline_change": Row(
        "dina", ["case.decline_change"],
        lambda s: make.release_asked(s.confirmed(), by=s.agus, at=s.now, reason=TYPED),
        lambda s, one: cases.decline_change(one, by=s.dina, at=s.now, reason=TYPED)),
    "complaints.services.number_changes.request_number_change": Row(
        "agus", ["case.request_change"], lambda s: None,
        lambda s, _: _other_number_asked(s)),
    "complaints.services.number_changes.confirm_number_change": Row(
        "dina", ["case.move", "case.move"], _other_number_asked,
        lambda s, one: make.confirmed_by(s.dina, complaints.confirm_number_change, one, at=s.now)),
    "cases.services.protection_requests.protect_number": Row(
        "rini", ["number.protect"], lambda s: None,
        lambda s, _: cases.protect_number(
            "0812-3456-7890", owner="RSUP", kind="h", **WHY, by=s.rini, at=s.now)),
    "cases.services.protection_requests.unprotect_number": Row(
        "rini", ["number.unprotect"], Scenario.protected,
        lambda s, row: cases.unprotect_number(row, reason=TYPED, by=s.rini, at=s.now)),
    "cases.services.protection_requests.request_protection": Row(
        "rini", ["number.request_change"], Scenario.confirmed,
        lambda s, c: s.protection_asked(c)),
    "cases.services.protection_requests.confirm_protection": Row(
        "lina", ["number.protect", "case.release", "number.confirm_change"],
        lambda s: s.protection_asked(s.confirmed()),
        lambda s, one: cases.confirm_protection(
            one, by=s.lina, step_up=step_up(s.lina, s.now), at=s.now, seen_digest=one.seen_digest)),
    "cases.services.protection_requests.request_unprotection": Row(
        "rini", ["number.request_change"], Scenario.protected_after_block,
        lambda s, row: cases.request_unprotection(
            row, reason=TYPED, by=s.rini, step_up=step_up(s.rini, s.now), at=s.now,
            seen_digest=effect_of_pattern(row.pattern, begins=False).digest)),
    "cases.services.urgent_stop.stop_urgent": Row(
        "citra", ["case.stop_urgent"], _urgent,
        lambda s, c: cases.stop_urgent(
            c, by=s.citra, at=s.now, delay=dt.timedelta(minutes=2), reason=TYPED)),
    "blocklists.services.urgent_stop.stop_urgent_block": Row(
        "lea", ["case.stop_urgent"], _urgent,
        lambda s, c: lists.stop_urgent_block(c, by=s.lea, at=s.now, reason=TYPED)),
    "appeals.services.answers.confirm_answer": Row(
        "dina", ["case.settle"],
        lambda s: make.settlement_asked(s.objected(), by=s.agus, at=s.now, upheld=False, reason=TYPED),
        lambda s, one: make.confirmed_by(s.dina, appeals.confirm_answer, one, at=s.now)),
}  # fmt: skip
