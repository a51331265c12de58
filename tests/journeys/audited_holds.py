"""The acts of the hold lane: see audited_actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from aduan.cases import services as cases
from aduan.cases.models import PACE_BOUNDS, Case, Hold, RecycledNotice
from tests.factories import cases as factory
from tests.factories import holds
from tests.factories.accounts import step_up
from tests.journeys.scenario import TYPED, Row, Scenario

DAYS = dt.timedelta(days=2)


def _candidate(s: Scenario) -> Case:
    holds.hold_rules()
    return holds.candidate(s.telkomsel, at=s.now)


def _proposed(s: Scenario) -> Hold:
    return holds.proposed_hold(_candidate(s), by=s.budi, at=s.now)


def _held(s: Scenario) -> Hold:
    return holds.confirmed_hold(_proposed(s), by=s.citra, at=s.now)


def _confirm(s: Scenario, hold: Any) -> Hold:
    return holds.confirmed_hold(hold, by=s.citra, at=s.now)


def _waiting(s: Scenario) -> RecycledNotice:
    case = factory.confirmed(s.telkomsel, first=s.budi, second=s.citra, at=s.now)
    cases.take_recycled(
        case, operator_id=s.telkomsel.pk, source=RecycledNotice.Source.OPERATOR, batch=99, at=s.now
    )
    return RecycledNotice.objects.get(case=case)


def _rules_asked(s: Scenario) -> Any:
    return holds.policy_requested(by=s.lea, at=s.now, reason=TYPED)


def _rules_stop(s: Scenario) -> Any:
    return cases.request_hold_stop(
        on=s.now.date() + DAYS, reason=TYPED, by=s.lea, step_up=step_up(s.lea, s.now), at=s.now
    )


def _pace_asked(s: Scenario) -> Any:
    figures = {name: low for name, (low, _high) in PACE_BOUNDS.items()}
    return cases.request_pace_limits(figures, reason=TYPED, by=s.lea, step_up=step_up(s.lea, s.now), at=s.now)


HOLDS: dict[str, Row] = {
    "cases.services.pace_limits.request_pace_limits": Row(
        "lea", ["approval.request"], lambda s: None, lambda s, _: _pace_asked(s)),
    "cases.services.pace_limits.approve_pace_limits": Row(
        "rini", ["approval.approve", "pace_limits.set"], _pace_asked,
        lambda s, asked: cases.approve_pace_limits(
            asked, by=s.rini, step_up=step_up(s.rini, s.now), at=s.now)),
    "cases.services.hold_policies.request_hold_policy": Row(
        "lea", ["approval.request"], lambda s: holds.legal_reference(), lambda s, _: _rules_asked(s)),
    "cases.services.hold_policies.request_hold_stop": Row(
        "lea", ["approval.request"], lambda s: holds.hold_rules(), lambda s, _: _rules_stop(s)),
    "cases.services.hold_policies.approve_hold_policy": Row(
        "rini", ["approval.approve", "hold_policy.set"], _rules_asked,
        lambda s, asked: cases.approve_hold_policy(
            asked, by=s.rini, step_up=step_up(s.rini, s.now), at=s.now)),
    "cases.services.holds.propose_hold": Row(
        "budi", ["case.propose_hold"], _candidate,
        lambda s, case: holds.proposed_hold(case, by=s.budi, at=s.now, reason=TYPED)),
    "cases.services.holds.confirm_hold": Row("citra", ["case.confirm_hold"], _proposed, _confirm),
    "cases.services.holds.decline_hold": Row(
        "citra", ["case.decline_hold"], _proposed,
        lambda s, hold: cases.decline_hold(hold, by=s.citra, at=s.now, reason=TYPED)),
    "cases.services.holds.end_hold": Row(
        "lea", ["case.end_hold"], _held,
        lambda s, hold: cases.end_hold(hold, by=s.lea, at=s.now, mistake=True, note=TYPED)),
    "cases.services.recycled_notices.settle_recycled": Row(
        "agus", ["case.settle_recycled"], _waiting,
        lambda s, notice: cases.settle_recycled(notice, by=s.agus, at=s.now, believed=False)),
}  # fmt: skip
