"""The number check takes the same time for every kind of number, so that time tells no more than its words.

Four kinds in a mixed order over one kept connection, one question at a time: not reported, waiting for
review, closed without action, and decided but on no list yet. Floor: the standard error of the widest
difference of medians (bootstrap); it may be at most three of them.
"""

from __future__ import annotations

import datetime as dt
import http.client
import itertools
import random
import socket
import time
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from aduan.numbers.parsing import parse
from bench.database import load_register, scratch
from bench.outcome import Outcome
from bench.senders import headers_of
from bench.serving import portal

SIZES = (5_000,)
LIMIT: Final = 3.0  # of six pairs one lies beyond 3 standard errors in one of a hundred runs
NUMBERS: Final = 40  # of each kind
DRAWS: Final = 1_000
KINDS: Final = ("not reported", "waiting", "closed", "decided, not listed")
Took = NDArray[np.float64]  # milliseconds


def measure(size: int) -> Outcome:
    """`size` questions of each kind."""
    with scratch("timing", load_register):
        numbers = _fill()
        with portal() as served:
            _ask(served.port, numbers, 40)  # both workers are warm
            took, said = _ask(served.port, numbers, size)
    pairs = {
        f"{one} against {other}": difference(took[one], took[other])
        for one, other in itertools.combinations(KINDS, 2)
    }
    widest = max(pairs.values(), key=lambda found: abs(found[0]) / found[1])
    return Outcome(
        title="greatest difference of medians between kinds of number, in standard errors",
        runs=1,
        median_ratio=abs(widest[0]) / widest[1],
        floor=widest[1] / 1000,
        limit=LIMIT,
        sense="most",
        rows=[
            *((kind, f"{np.median(took[kind]):.3f} ms of {len(took[kind]):,}") for kind in KINDS),
            *((pair, f"{found[0]:+.3f} ± {found[1]:.3f} ms") for pair, found in pairs.items()),
            ("different answers", f"{len(said)}"),
        ],
        also_holds=len(said) == 1,
        more={
            "different_answers": len(said),
            "medians_ms": {kind: round(float(np.median(took[kind])), 4) for kind in KINDS},
            "differences_ms": {pair: [round(part, 4) for part in found] for pair, found in pairs.items()},
        },
    )


def difference(one: Took, other: Took) -> tuple[float, float]:
    """Of the medians in milliseconds, and its standard error."""
    draw = np.random.default_rng(19)
    drawn = [
        np.median(draw.choice(one, len(one))) - np.median(draw.choice(other, len(other)))
        for _turn in range(DRAWS)
    ]
    return float(np.median(one) - np.median(other)), float(np.std(drawn))


def _fill() -> dict[str, list[str]]:
    """Numbers of each kind, made by the services as people make them."""
    from django.utils import timezone

    from aduan.accounts.roles import Role
    from aduan.operators.models import Operator
    from tests.factories import cases
    from tests.factories.accounts import person

    first, second = (person(f"{name}@aduan.example", name, Role.REVIEWER) for name in ("budi", "citra"))
    operator = Operator.objects.get(code="telkomsel")
    begin = timezone.now() - dt.timedelta(days=1)
    cases.reasons()
    for place in range(NUMBERS):
        now = begin + place * dt.timedelta(minutes=10)  # no one may sign faster than people read
        cases.make_case(operator, at=now, digits=_digits(1, place))
        cases.dismissed(cases.make_case(operator, at=now, digits=_digits(2, place)), by=first, at=now)
        cases.confirmed(operator, first=first, second=second, at=now, digits=_digits(3, place))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {
        kind: [f"0{str(_digits(at, place))[2:]}" for place in range(NUMBERS)] for at, kind in enumerate(KINDS)
    }


def _digits(kind: int, place: int) -> int:
    """Kinds lie between each other, so that none has a page of an index of its own."""
    return 6281234500000 + 37 * place + kind


def _ask(port: int, numbers: Mapping[str, list[str]], size: int) -> tuple[dict[str, Took], set[str]]:
    """Milliseconds of each kind's questions, and the different answers without the number that they name."""
    draw = random.Random(size)
    questions = [kind for kind in numbers for _turn in range(size)]
    draw.shuffle(questions)
    took: dict[str, list[float]] = {kind: [] for kind in numbers}
    said: set[str] = set()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.connect()
    line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for kind in questions:
        number = draw.choice(numbers[kind])
        start = time.perf_counter()
        line.request("POST", "/cek/", urlencode({"number": number}), headers_of(draw))
        answer = line.getresponse()
        page = answer.read().decode()
        took[kind].append(1000 * (time.perf_counter() - start))
        said.add(f"{answer.status} {_without(number, page)}")
    line.close()
    return {kind: np.array(times) for kind, times in took.items()}, said


def _without(number: str, page: str) -> str:
    for written in (quote(number, safe=""), parse(number).display, number):
        page = page.replace(written, "…")
    return page
