"""The answer of the number check: a POST with a number, against an empty view.

Floor: an empty Django view without middleware in the same gunicorn, asked by the same eight clients in turns.
"""

from __future__ import annotations

import random
from urllib.parse import urlencode

from bench.database import load_register, scratch
from bench.outcome import Outcome, median
from bench.senders import headers_of, post
from bench.serving import floor, get, portal

SIZES = (2_000,)
LIMIT, TURNS = 0.25, 3


def measure(size: int) -> Outcome:
    """`size` questions about as many numbers, a third in each turn, each third right after the floor's."""
    ratios, floors, p95s = [], [], []
    with scratch("register", load_register), floor() as empty, portal() as served:
        served.ask(questions(40, seed=0))  # both workers are warm
        for turn in range(TURNS):
            floors.append(empty.ask([get("/")] * size).rate)
            answered = served.ask(questions(size // TURNS, seed=turn + 1))
            if set(answered.statuses) != {"200"}:
                raise RuntimeError(f"the check answered {answered.statuses}")
            ratios.append(answered.rate / floors[-1])
            p95s.append(answered.p95)
    return Outcome(
        title="answers of the number check a second against an empty view",
        runs=TURNS,
        median_ratio=median(ratios),
        floor=1 / median(floors),
        limit=LIMIT,
        sense="least",
        rows=[
            ("an empty view", f"{median(floors):,.0f}/s"),
            ("an answer", f"{median(ratios) * median(floors):,.0f}/s, P95 {median(p95s):.0f} ms"),
        ],
        more={"p95_ms": median(p95s)},
    )


def questions(count: int, *, seed: int) -> list[str]:
    """`count` requests, each about a number of its own, from a device and a network of its own."""
    draw = random.Random(seed)
    return [_post(draw) for _turn in range(count)]


def _post(draw: random.Random) -> str:
    body = urlencode({"number": f"0812{draw.randrange(10**8):08}"})
    return post("/cek/", body, headers_of(draw))
