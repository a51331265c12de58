"""Changes of who holds a number, with what the audit log says of them: see audited_actions."""

from __future__ import annotations

from typing import Any

from aduan.cases.services import register_changes as register
from aduan.operators.models import NumberRange
from tests.factories.accounts import step_up
from tests.journeys.scenario import DAY, TYPED, Row, Scenario


def _transfer(s: Scenario, prefix: str) -> Any:
    row = NumberRange.objects.get(prefix=prefix)
    return register.change_register(
        register.terms_to_transfer(row, to=s.indosat, on=DAY, source=TYPED),
        reason=TYPED, by=s.rini, step_up=step_up(s.rini, s.now), at=s.now,
    )  # fmt: skip


def _asked(s: Scenario) -> Any:
    """Under the prefix of a number that is blocked."""
    return _transfer(s, str(s.confirmed().number.digits)[:5])


REGISTER: dict[str, Row] = {
    "cases.services.register_changes.change_register": Row(
        "rini", ["number_range.end", "number_range.add"], lambda s: None, lambda s, _: _transfer(s, "62811")),
    "cases.services.register_changes.approve_register_change": Row(
        "lina", ["approval.approve", "number_range.end", "number_range.add"], _asked,
        lambda s, asked: register.approve_register_change(
            asked, by=s.lina, step_up=step_up(s.lina, s.now), at=s.now)),
}  # fmt: skip
