"""What list managers do, with what the audit log says of it: see audited_actions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from aduan.accounts.services import decline_approval
from aduan.blocklists import services as lists
from aduan.blocklists.services import list_changes, outcomes, rules
from aduan.blocklists.stop_rules import Thresholds
from tests.factories import approvals as make
from tests.factories.accounts import step_up
from tests.journeys.scenario import TYPED, Row, Scenario


def _rules(s: Scenario) -> Any:
    return rules.propose_rules(
        Thresholds(),
        cooling_off=dt.timedelta(0),
        reason=TYPED,
        by=s.lina,
        step_up=step_up(s.lina, s.now),
        at=s.now,
    )


def _inbound(s: Scenario) -> Any:
    return list_changes.request_inbound(
        s.telkomsel, on=True, note=TYPED, by=s.lina, step_up=step_up(s.lina, s.now), at=s.now
    )


def _canary(s: Scenario) -> Any:
    return make.canary_added(s.telkomsel, by=(s.lina, s.mira), at=s.now)


def _nothing(s: Scenario) -> None:
    return None


LISTS: dict[str, Row] = {
    "blocklists.services.publication_control.resume_list": Row(
        "lina", ["block_list.resume"], Scenario.held_list,
        lambda s, one: lists.resume_list(one, by=s.lina, step_up=step_up(s.lina, s.now), at=s.now)),
    "blocklists.services.publication_control.reject": Row(
        "lina", ["block_list.reject"], Scenario.held_list,
        lambda s, one: lists.reject(
            one, by=s.lina, step_up=step_up(s.lina, s.now), at=s.now, reason=TYPED)),
    "blocklists.services.publication_control.stop_publication": Row(
        "lina", ["publication.stop"], _nothing,
        lambda s, _: lists.stop_publication(by=s.lina, at=s.now, reason=TYPED)),
    "blocklists.services.publication_control.lift_stop": Row(
        "mira", ["publication.resume"], lambda s: lists.stop_publication(by=s.lina, at=s.now, reason=TYPED),
        lambda s, stop: lists.lift_stop(stop, by=s.mira, step_up=step_up(s.mira, s.now), at=s.now)),
    "blocklists.services.outcomes.settle_refusal": Row(
        "budi", ["operator_refusal.settle"], Scenario.refusal,
        lambda s, one: outcomes.settle_refusal(one, by=s.budi, at=s.now)),
    "blocklists.services.rules.propose_rules": Row(
        "lina", ["list_rules.propose"], _nothing, lambda s, _: _rules(s)),
    "blocklists.services.rules.agree_rules": Row(
        "mira", ["list_rules.agree"], _rules,
        lambda s, one: rules.agree_rules(one, by=s.mira, step_up=step_up(s.mira, s.now), at=s.now)),
    "blocklists.services.list_changes.request_inbound": Row(
        "lina", ["approval.request"], _nothing, lambda s, _: _inbound(s)),
    "blocklists.services.list_changes.request_canary": Row(
        "lina", ["approval.request"], _nothing,
        lambda s, _: make.canary_asked(s.telkomsel, by=s.lina, at=s.now, reason=TYPED)),
    "blocklists.services.list_changes.request_canary_end": Row(
        "lina", ["approval.request"], _canary,
        lambda s, one: list_changes.request_canary_end(
            one, reason=TYPED, by=s.lina, step_up=step_up(s.lina, s.now), at=s.now)),
    "blocklists.services.list_changes.approve_list_change": Row(
        "mira", ["approval.approve", "operator.switch_inbound"], _inbound,
        lambda s, one: list_changes.approve_list_change(
            one, by=s.mira, step_up=step_up(s.mira, s.now), at=s.now)),
    "accounts.services.approvals.decline_approval": Row(
        "mira", ["approval.decline"], _inbound,
        lambda s, one: decline_approval(one, reason=TYPED, by=s.mira, at=s.now)),
}  # fmt: skip
