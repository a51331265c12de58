"""A night of the shadow ranker."""

from __future__ import annotations

import datetime as dt
from importlib.util import find_spec

from aduan.cases import services as cases
from aduan.cases.models import RankerRun
from aduan.cases.models.shadow_ranker import FEWEST_OF_EACH
from aduan.core.periods import local_date
from aduan.ranker.queries import decided_cases, known_of, open_cases


def run_shadow_ranker(*, at: dt.datetime) -> RankerRun | None:
    """Compares the night of a week ago, learns anew and reads the queue; once a day. None: that is done."""
    cases.compare_ranker_runs(at=at)
    if RankerRun.objects.filter(day=local_date(at)).exists():
        return None
    if find_spec("sklearn") is None:
        return cases.record_ranker_run(RankerRun.State.NOT_INSTALLED, at=at)
    decided = decided_cases(at=at)
    blocks = sum(one.blocked for one in decided)
    if min(blocks, len(decided) - blocks) < FEWEST_OF_EACH:
        return cases.record_ranker_run(RankerRun.State.TOO_FEW, at=at, decisions=len(decided), blocks=blocks)
    from aduan.ranker.learning import learn

    outcomes = {one.case_id: one.blocked for one in decided}
    learnt_from = list(known_of({one.case_id: one.decided_at for one in decided}))
    ranker = learn(learnt_from, [outcomes[case.case_id] for case in learnt_from])
    opinions = dict(ranker.opinions(known_of(dict.fromkeys(open_cases(), at))))
    return cases.record_ranker_run(
        RankerRun.State.LEARNT, at=at, decisions=len(decided), blocks=blocks, opinions=opinions
    )
