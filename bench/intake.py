"""Whole complaint forms: validation, token, number, case, receipt, letter, one key once, limits.

Floor: an empty Django view without middleware in the same gunicorn, asked by the same eight clients in turns.
"""

from __future__ import annotations

from bench.complaint_posts import forms
from bench.database import load_register, scratch
from bench.outcome import Outcome, median
from bench.serving import floor, get, portal

SIZES = (2_000,)
LIMIT, TURNS = 0.12, 3


def measure(size: int) -> Outcome:
    """`size` complaints about as many numbers, a third in each turn, each third right after the floor's."""
    from aduan.complaints.models import Complaint

    ratios, floors, p95s = [], [], []
    with scratch("register", load_register), floor() as empty, portal() as served:
        served.ask(forms(40, seed=0))  # both workers are warm
        for turn in range(TURNS):
            floors.append(empty.ask([get("/")] * size).rate)
            answered = served.ask(forms(size // TURNS, seed=turn + 1))
            if set(answered.statuses) != {"302"}:
                raise RuntimeError(f"the form answered {answered.statuses}")
            ratios.append(answered.rate / floors[-1])
            p95s.append(answered.p95)
        filed = Complaint.objects.count()
    return Outcome(
        title="complaints a second against an empty view",
        runs=TURNS,
        median_ratio=median(ratios),
        floor=1 / median(floors),
        limit=LIMIT,
        sense="least",
        rows=[
            ("an empty view", f"{median(floors):,.0f}/s"),
            ("a complaint", f"{median(ratios) * median(floors):,.0f}/s, P95 {median(p95s):.0f} ms"),
            ("complaints on disk", f"{filed:,}"),
        ],
        also_holds=filed == 40 + TURNS * (size // TURNS),
        more={"p95_ms": median(p95s)},
    )
