"""What leads set for the desk; see audited_actions."""

from __future__ import annotations

from aduan.cases import services as cases
from aduan.cases.models import RankingPolicy
from aduan.cases.services.desk_targets import TARGETS
from aduan.cases.services.ranking_policies import RANKING_FIGURES
from tests.factories import ranker
from tests.journeys.scenario import TYPED, Row, Scenario


def _earned(s: Scenario) -> None:
    ranker.compared(90, 60, at=s.now)
    ranker.read_lately(s.now)


DESK: dict[str, Row] = {
    "cases.services.ranking_policies.set_ranking": Row(
        "lea",
        ["ranking.set"],
        lambda s: None,
        lambda s, _: cases.set_ranking(
            {name: getattr(RankingPolicy(), name) + 1 for name in RANKING_FIGURES},
            reason=TYPED,
            by=s.lea,
            at=s.now,
        ),
    ),
    "cases.services.shadow_ranker.use_ranker": Row(
        "lea",
        ["ranking.set"],
        _earned,
        lambda s, _: cases.use_ranker(use=True, reason=TYPED, by=s.lea, at=s.now),
    ),
    "cases.services.desk_targets.set_desk_targets": Row(
        "lea",
        ["desk_targets.set"],
        lambda s: None,
        lambda s, _: cases.set_desk_targets(dict.fromkeys(TARGETS, 90), reason=TYPED, by=s.lea, at=s.now),
    ),
}
