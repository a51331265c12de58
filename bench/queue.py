"""Promise: the queue is as fast with 2 million cases (10 million complaints) as with 10,000.

Every kind of page is asked for as a reviewer's browser does it, through middleware, view and template, each
time with other words or numbers; the small and the large ministry take turns, so that a busy machine meets
both. P95 at most 150 ms; no kind more than 1.5 times as slow as in the small ministry; the 10,000th page as
fast as the first; at most 12 statements a page. SIZE is complaints.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from dataclasses import dataclass

from django.test import Client

from aduan.cases.models import Case
from aduan.cases.queries import Sort, View
from aduan.cases.workflow import IN_QUEUE
from bench import desk
from bench.database import scratch, use
from bench.outcome import Outcome, median
from bench.visits import Visit, p95, shown_ms, visit

SIZES = (500_000,)
SMALL = 50_000  # complaints: 10,000 cases
ROUNDS = 40
P95_LIMIT, FLAT, STATEMENTS = 0.150, 1.5, 12
PAGE, DEEP = 50, 10_000
CATEGORIES = ["BELANJA", "PINJOL", "SPAM_TELEPON"]
FINDS_NOTHING = {"search: a word in no text", "search: words of two stories", "search: a phrase of nobody"}
# Words that very many texts have, and hardly any has together: the index must go through all its long lists.
# Such a search is held to the 150 ms alone; how it grows is printed with the rest.
GROWS = {"search: five common words"}
FULL, DEEPEST, FULL_SEARCH = "first page", "10,000th page", "search: three common words"

Kinds = dict[str, Callable[[], dict[str, str]]]
Visits = dict[str, list[Visit]]


@dataclass(frozen=True, slots=True)
class Ministry:
    database: str
    client: Client
    kinds: Kinds


def kinds(choose: random.Random) -> Kinds:
    """What a reviewer asks the queue for; each call another one of its kind."""
    deep = min(DEEP, Case.objects.filter(status__in=IN_QUEUE).count() // PAGE - 2) * PAGE
    cursors = [_cursor(deep + PAGE * step) for step in range(-10, 2)]
    newest = Case.objects.order_by("-pk")[0].pk
    some = Case.objects.filter(pk__in=choose.sample(range(1, newest), 500))
    numbers = list(some.values_list("number_text", flat=True))
    due, opened = (
        [int(at.timestamp() * 1_000_000) for at in some.values_list(clock, flat=True) if at]
        for clock in ("due_at", "opened_at")
    )
    views: Kinds = {f"view: {view}": functools.partial(dict, view=str(view)) for view in View}
    return {
        FULL: dict,
        DEEPEST: lambda: {"cursor": choose.choice(cursors)},
        "10,000th page, backwards": lambda: {"cursor": f"-{choose.choice(cursors)}"},
        **views,
        **{f"order: {sort}": functools.partial(dict, sort=str(sort)) for sort in Sort},
        "order: due, deep": lambda: {"sort": "due", "cursor": f"{choose.choice(due)}.1"},
        "order: oldest, deep": lambda: {"sort": "oldest", "cursor": f"{choose.choice(opened)}.1"},
        "order: newest, deep": lambda: {"sort": "newest", "cursor": f"{choose.choice(opened)}.1"},
        "order: oldest, one category": lambda: {"sort": "oldest", "category": choose.choice(CATEGORIES)},
        "order: due, rare operator": lambda: {"sort": "due", "operator": "tiny"},
        "overdue, deep": lambda: {"view": "overdue", "cursor": f"{choose.choice(due)}.1"},
        "one operator": lambda: {"operator": choose.choice(desk.OPERATORS)},
        "one category": lambda: {"category": choose.choice(CATEGORIES)},
        "one channel": lambda: {"channel": choose.choice(["sms", "telegram", "other"])},
        "one region": lambda: {"region": f"Kabupaten {choose.randrange(500)}"},
        "older than 30 days": lambda: {"age": "30"},
        "a loss of 100 million and more": lambda: {"loss": "100000000"},
        "operator, category, channel": lambda: {
            "operator": choose.choice(desk.OPERATORS), "category": "JUDOL", "channel": "telegram",
        },
        "asked, rare operator": lambda: {"view": "asked", "operator": "tiny"},
        "overdue, rare operator": lambda: {"view": "overdue", "operator": "tiny"},
        "spoofing, one region": lambda: {"view": "spoofing", "region": f"Kabupaten {choose.randrange(500)}"},
        **_searches(choose, newest, numbers),
    }  # fmt: skip


def _searches(choose: random.Random, newest: int, numbers: list[str]) -> Kinds:
    tickets = desk.real_tickets()

    def digits() -> str:
        return choose.choice(numbers).removeprefix("+")

    def words(*ranks: tuple[int, int]) -> str:
        return " ".join(f"kata{choose.randint(*between)}" for between in ranks)

    return {
        "search: case": lambda: {"q": f"K-{choose.randrange(1, newest):08d}"},
        "search: ticket": lambda: {"q": choose.choice(tickets)},
        "search: number": lambda: {"q": "0" + digits()[2:]},
        "search: first digits": lambda: {"q": "0" + digits()[2:8]},
        "search: last digits": lambda: {"q": digits()[-5:]},
        "search: digits in between": lambda: {"q": digits()[4:10]},
        "search: four digits": lambda: {"q": digits()[3:7]},
        "search: digits of every number": lambda: {"q": choose.choice(["6281", "6282", "6284"])},
        "search: an account": lambda: {"q": f"rekening{choose.randrange(1, newest)}"},
        "search: a rare word": lambda: {"q": words((5000, 20000))},
        "search: a word of one in 40": lambda: {"q": words((90, 110))},
        "search: a word of one in 5": lambda: {"q": words((9, 12))},
        "search: a word of nearly all": lambda: {"q": "kata1"},
        "search: three common words": lambda: {"q": words((1, 5), (6, 10), (11, 15))},
        "search: five common words": lambda: {"q": words((1, 5), (6, 10), (11, 15), (16, 20), (21, 30))},
        "search: a common and a rare word": lambda: {"q": words((1, 3), (2000, 8000))},
        "search: words of two stories": lambda: {"q": "ceritabelanja ceritateleponpalsu"},
        "search: a phrase": lambda: {"q": f'"{words((1, 9), (10, 30))}"'},
        "search: a phrase of nobody": lambda: {"q": f'"ceritabelanja {words((1, 3))}"'},
        "search: a rare and a common beginning": lambda: {"q": f"{words((1000, 2000))} ceritab"},
        "search: words left out": lambda: {"q": " ".join(f"-kata{rank}" for rank in range(1, 12))},
        "search: a word in no text": lambda: {"q": f"tidakada{choose.randrange(1000)}"},
        "search: a word and an operator": lambda: {
            "q": words((9, 12)), "operator": choose.choice(desk.OPERATORS),
        },
    }  # fmt: skip


def _cursor(row: int) -> str:
    """The address of the page after so many rows: found by counting, which the queue itself never does."""
    score, key = (
        Case.objects.filter(status__in=IN_QUEUE).order_by("-score", "-id").values_list("score", "id")[row]
    )
    return f"{score}.{key}"


def take_turns(small: Ministry, large: Ministry) -> tuple[Visits, Visits]:
    """Rounds of every kind, first here, then there. The first of each is not counted: it warms."""
    seen: dict[str, Visits] = {small.database: {}, large.database: {}}
    for turn in range(ROUNDS + 1):
        for ministry in (small, large):
            use(ministry.database)
            get = functools.partial(visit, ministry.client, "/kelola/antrean/", marked="data-item")
            for _again in range(2):  # a new connection knows no table yet
                get({"q": "kata1"})
                get({})
            for name, ask in ministry.kinds.items():
                found = get(ask())
                if turn:
                    seen[ministry.database].setdefault(name, []).append(found)
    return seen[small.database], seen[large.database]


def measure(size: int) -> Outcome:
    with (
        scratch(str(SMALL), functools.partial(desk.fill, SMALL)) as small,
        scratch(str(size), functools.partial(desk.fill, size)) as large,
    ):
        few, many = take_turns(_open(small, SMALL), _open(large, size))
    ratios = {name: _ratio(few, many, name) for name in many}
    slowest = max(p95([one.page for one in many[name]]) for name in many)
    deep = _page(many[DEEPEST]) / _page(many[FULL])
    statements = max(one.statements for visits in many.values() for one in visits)
    empty = [name for name, visits in many.items() if not any(one.rows for one in visits)]
    lost = [name for name in empty if name not in FINDS_NOTHING]
    return Outcome(
        title=f"pages of the queue, {size // desk.PER_CASE:,} cases against {SMALL // desk.PER_CASE:,}"
        f" (loosened: {', '.join(GROWS)} held to 150 ms alone, the 10,000th page to {FLAT})",
        runs=ROUNDS,
        median_ratio=max(ratio for name, ratio in ratios.items() if name not in GROWS),
        floor=_page(few[FULL]),
        limit=FLAT,
        sense="most",
        rows=[
            *((name, _row(few[name], many[name], ratios[name])) for name in many),
            ("slowest P95, may be 150 ms", shown_ms(slowest)),
            ("10,000th page against the first, may be 1.5", f"{deep:.2f}"),
            ("most statements of a page, may be 12", str(statements)),
            ("kinds that found nothing, may be none", ", ".join(lost) or "none"),
        ],
        also_holds=slowest <= P95_LIMIT and deep <= FLAT and statements <= STATEMENTS and not lost,
        more={
            "small_size": SMALL,
            "kinds": {name: _kept(few[name], many[name], ratios[name]) for name in many},
            "slowest_p95_ms": round(slowest * 1000, 1),
            "deep_ratio": round(deep, 3),
            "statements": statements,
        },
    )


def _open(database: str, size: int) -> Ministry:
    use(database)
    return Ministry(database, desk.at_the_desk(), kinds(random.Random(size)))


def _page(visits: list[Visit]) -> float:
    return median([one.page for one in visits])


def _ratio(few: Visits, many: Visits, name: str) -> float:
    """Against the same kind in the small ministry.

    Where that shows fewer rows, which take less time to draw, against its full page: of the queue, or of a
    search.
    """
    full = FULL_SEARCH if name.startswith("search") else FULL
    shown_few, shown_many = (median([float(one.rows) for one in visits[name]]) for visits in (few, many))
    return _page(many[name]) / _page(few[name] if shown_few >= 0.9 * shown_many else few[full])


def _row(few: list[Visit], many: list[Visit], ratio: float) -> str:
    database = median([one.database for one in many])
    slow = p95([one.page for one in many])
    return (
        f"{shown_ms(_page(few))} → {shown_ms(_page(many))}, P95 {shown_ms(slow)},"
        f" database {shown_ms(database)}, {ratio:.2f}"
    )


def _kept(few: list[Visit], many: list[Visit], ratio: float) -> dict[str, float]:
    return {
        "small_ms": round(_page(few) * 1000, 2),
        "median_ms": round(_page(many) * 1000, 2),
        "p95_ms": round(p95([one.page for one in many]) * 1000, 2),
        "database_ms": round(median([one.database for one in many]) * 1000, 2),
        "rows": median([float(one.rows) for one in many]),
        "ratio": round(ratio, 3),
    }
