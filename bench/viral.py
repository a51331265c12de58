"""One number that thousands report at once: complaints about it against complaints about as many numbers.

Floor: `intake` in the same gunicorn, in turns. Eight clients send those, 64 the viral ones.
"""

from __future__ import annotations

from bench.complaint_posts import forms
from bench.database import load_register, scratch
from bench.outcome import Outcome, median
from bench.serving import Answered, Served, portal

SIZES = (2_000,)
LIMIT, TURNS, CLIENTS = 0.7, 3, 64
NUMBER = "0812-7000-4321"


def measure(size: int) -> Outcome:
    """`size` complaints of each kind, a third in each turn. Every one has to be counted on the one case."""
    from aduan.cases.models import Case

    ratios, floors, p95s = [], [], []
    each = size // TURNS
    with scratch("register", load_register), portal() as served:
        _send(served, forms(40, seed=0))  # both workers are warm
        for turn in range(TURNS):
            floors.append(_send(served, forms(each, seed=2 * turn + 1)).rate)
            viral = _send(served, forms(each, number=NUMBER, seed=2 * turn + 2), clients=CLIENTS)
            ratios.append(viral.rate / floors[-1])
            p95s.append(viral.p95)
        case = Case.objects.get(number__canonical="+6281270004321")
    return Outcome(
        title="complaints about one number a second against complaints about many",
        runs=TURNS,
        median_ratio=median(ratios),
        floor=1 / median(floors),
        limit=LIMIT,
        sense="least",
        rows=[
            ("many numbers, 8 clients", f"{median(floors):,.0f}/s"),
            (f"one number, {CLIENTS} clients", f"{median(ratios) * median(floors):,.0f}/s"),
            ("P95 of those", f"{median(p95s):,.0f} ms"),
            ("counted on the case", f"{case.complaint_count:,} of {TURNS * each:,}"),
        ],
        also_holds=case.complaint_count == TURNS * each,
        more={"p95_ms": median(p95s)},
    )


def _send(served: Served, requests: list[str], *, clients: int = 8) -> Answered:
    answered = served.ask(requests, clients=clients)
    if set(answered.statuses) != {"302"}:
        raise RuntimeError(f"the form answered {answered.statuses}")
    return answered
