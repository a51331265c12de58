"""Pictures show what was measured and nothing between."""

from __future__ import annotations

import json
import math

from bench import plots


def test_a_size_that_was_not_measured_is_a_gap():
    places, costs = plots.with_gaps({10_000: 3.0, 1_000_000: 5.0}, plots.SIZES)
    assert places == [10_000, 100_000, 1_000_000, 10_000_000]
    assert (costs[0], costs[2]) == (3.0, 5.0)
    assert math.isnan(costs[1])
    assert math.isnan(costs[3])


def test_the_same_json_draws_the_same_bytes(tmp_path):
    measured = tmp_path / "measured"
    measured.mkdir()
    kinds = {name: {"median_ms": 30.5, "small_ms": 28.5} for name in plots.PAGES}
    kept = [
        {"promise": "queue", "size": 10_000, "kinds": kinds},
        {"promise": "intake", "size": 500, "clients": 8, "median_ratio": 0.05, "floor": 0.0005},
    ]
    for place, one in enumerate(kept):
        (measured / f"{place}.json").write_text(json.dumps(one))
    drawn = []
    for turn in ("first", "second"):
        plots.draw_all(measured, tmp_path / turn)
        drawn.append([(tmp_path / turn / name).read_bytes() for name in ("sizes.svg", "clients.svg")])
    assert drawn[0] == drawn[1]
    assert b"search: a phrase" in drawn[0][0]
    assert b"complaints" in drawn[0][1]
    assert b"number checks" not in drawn[0][1]


def test_the_pictures_in_the_documentation_are_those_of_the_json(tmp_path):
    plots.draw_all(plots.MEASURED, tmp_path)
    for name in ("sizes.svg", "clients.svg"):
        assert (tmp_path / name).read_bytes() == (plots.FOLDER / name).read_bytes()
