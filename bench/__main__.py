"""`make bench PROMISE=parse SIZE=100000` measures, prints a table and keeps a file in bench/results/."""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import bench
from bench.outcome import Outcome
from devserver import testing

RESULTS = Path(__file__).parent / "results"
HELPERS = {
    "__main__", "backlog", "by_orm", "complaint_posts", "database", "desk", "desk_rows", "empty_settings",
    "empty_urls", "empty_wsgi", "hammer", "hold_lane", "loading", "mail_sink", "memory", "outcome",
    "pictures", "plots", "ranking_plot", "screen_pen", "screens", "senders", "served_settings", "serving",
    "visits", "world",
}  # fmt: skip


def promises() -> list[str]:
    return sorted(
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name not in HELPERS
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--promise", choices=promises(), help="only this one")
    parser.add_argument("--size", type=int, help="how much of it; default: the promise's own sizes")
    parser.add_argument("--clients", type=int, help="how many ask at once, where requests are measured")
    parser.add_argument("--plots", action="store_true", help="draw what docs/performance/measured/ says")
    options = parser.parse_args()
    if options.plots:
        return _draw()
    if options.clients:
        os.environ["ADUAN_BENCH_CLIENTS"] = str(options.clients)  # also for the processes of _alone
    if not options.promise:
        return max(_alone(name, options.size) for name in promises())
    _start_django()
    module = importlib.import_module(f"bench.{options.promise}")
    held = True
    for size in [options.size] if options.size else module.SIZES:
        outcome: Outcome = module.measure(size)
        _keep(options.promise, size, outcome)
        held = held and outcome.holds
    return 0 if held else 1


def _draw() -> int:
    from bench.plots import draw_all

    draw_all()
    return 0


def _alone(name: str, size: int | None) -> int:
    """Each promise in a process of its own: a child's peak memory begins with that of its parent."""
    more = ["--size", str(size)] if size else []
    return subprocess.run([sys.executable, "-m", "bench", "--promise", name, *more]).returncode


def _start_django() -> None:
    """Its own throw-away PostgreSQL unless DATABASE_URL names one; never the data of `make up`."""
    os.environ["ADUAN_TEST_SERVERS"] = "new"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ.setdefault("ADUAN_TESTS_AS_APP", "0")  # databases to measure in are made and dropped
    os.environ.setdefault("ADUAN_MIGRATE_DATABASE_URL", "")  # who makes a database to measure in owns it
    testing.prepare_run()
    import django

    django.setup()
    testing.start()
    logging.disable(logging.INFO)  # a line for each request would bury the table


def _keep(name: str, size: int, outcome: Outcome) -> None:
    RESULTS.mkdir(exist_ok=True)
    clients = int(os.environ.get("ADUAN_BENCH_CLIENTS", 0))
    kept = {"promise": name, "size": size, **outcome.as_dict()}
    kept |= {"clients": clients} if clients else {}
    file = f"{name}-{size}-{clients}-clients.json" if clients else f"{name}-{size}.json"
    (RESULTS / file).write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    print(f"\n{name} ({size:,}): {outcome.title}")
    for label, value in outcome.rows:
        print(f"  {label:<58} {value:>16}")
    verdict = "holds" if outcome.holds else "DOES NOT HOLD"
    print(f"  {'ratio (median of ' + str(outcome.runs) + ')':<58} {outcome.median_ratio:>16.3f}")
    print(f"  {'limit: at ' + outcome.sense + ' ' + format(outcome.limit, 'g'):<58} {verdict:>16}")


if __name__ == "__main__":
    sys.exit(main())
