"""The acts around public warnings: see audited_actions."""

from __future__ import annotations

import datetime as dt

from aduan.core.periods import JAKARTA
from aduan.operators.actors import actor_for
from aduan.statistics import services
from aduan.statistics.models import PublicWarning
from tests.factories.statistics import decided_campaign
from tests.journeys.scenario import TYPED, Row, Scenario


def _behind(s: Scenario) -> str:
    return decided_campaign(10, at=s.now)


def _written(s: Scenario) -> PublicWarning:
    return services.write_warning(
        category=decided_campaign(10, at=s.now), text_id=TYPED, text_en=TYPED, by=s.lea, at=s.now
    )


def _while_a_row_waits(s: Scenario) -> None:
    s.now = dt.datetime(2026, 11, 3, 9, tzinfo=JAKARTA)  # October's is not public yet


WARNINGS: dict[str, Row] = {
    "statistics.services.remarks.write_remark": Row(
        "dewi", ["remark.write"], _while_a_row_waits,
        lambda s, _given: services.write_remark(text=TYPED, actor=actor_for(s.dewi), at=s.now)),
    "statistics.services.warnings.write_warning": Row(
        "lea", ["warning.write"], _behind,
        lambda s, kind: services.write_warning(
            category=kind, text_id=TYPED, text_en=TYPED, by=s.lea, at=s.now)),
    "statistics.services.warnings.release_warning": Row(
        "agus", ["warning.release"], _written,
        lambda s, one: services.release_warning(one, by=s.agus, at=s.now)),
    "statistics.services.warnings.end_warning": Row(
        "agus", ["warning.end"], _written, lambda s, one: services.end_warning(one, by=s.agus, at=s.now)),
}  # fmt: skip
