"""The comparison of times finds a difference that is there, and none where there is none."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest

from bench.__main__ import RESULTS
from bench.timing import KINDS, LIMIT, difference


def test_the_comparison_tells_a_difference_from_noise():
    draw = np.random.default_rng(1)
    one, same, later = (draw.gamma(4, 0.5, 2_000) for _kind in range(3))
    gap, error = difference(one, same)
    assert abs(gap) < LIMIT * error
    gap, error = difference(one, later + 0.2)
    assert gap < -LIMIT * error


@pytest.mark.slow
def test_a_short_run_asks_about_each_kind_and_hears_one_answer():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--promise", "timing", "--size", "20"], capture_output=True, text=True
    )
    kept = json.loads((RESULTS / "timing-20.json").read_text())
    assert set(kept["medians_ms"]) == set(KINDS), done.stderr[-2000:]
    assert kept["different_answers"] == 1
