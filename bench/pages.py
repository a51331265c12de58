"""Every public page that a GET opens, in both languages, with a visitor's cookies and without.

Floor: an empty Django view without middleware in the same gunicorn (two workers of four threads), asked by
the same eight clients in turns. Promised: home, help, form and check page at least at 40 % of it.
"""

from __future__ import annotations

from itertools import product

from bench.database import scratch
from bench.outcome import Outcome, median
from bench.serving import floor, get, portal

SIZES = (2_000,)
LIMIT, TURNS = 0.4, 3
PROMISED = ("/", "/bantuan/", "/lapor/", "/cek/")
COOKIES = "device=AAAAAAAAAAAAAAAAAAAAAA; csrf=abcdefghijklmnopqrstuvwxyz012345; django_language={}"


def measure(size: int) -> Outcome:
    """`size` requests to each address, a third in each turn, each third right after as many to the floor."""
    ratios: dict[str, list[float]] = {}
    floors: list[float] = []
    with scratch(), floor() as empty, portal() as served:
        asked = {
            _name(path, language, bare): get(
                path, language=language, cookies="" if bare else COOKIES.format(language)
            )
            for path, language, bare in product(addresses(), ("id", "en"), (True, False))
        }
        for _turn in range(TURNS):
            for name, request in asked.items():
                served.ask([request] * 40)  # so that both workers keep the page
                floors.append(empty.ask([get("/")] * (size // TURNS)).rate)
                answered = served.ask([request] * (size // TURNS))
                if set(answered.statuses) != {"200"}:
                    raise RuntimeError(f"{name} answered {answered.statuses}")
                ratios.setdefault(name, []).append(answered.rate / floors[-1])
    medians = {name: median(many) for name, many in ratios.items()}
    return Outcome(
        title="public pages against an empty view; the slowest of home, help, form and check decides",
        runs=TURNS,
        median_ratio=min(ratio for name, ratio in medians.items() if name.split()[0] in PROMISED),
        floor=1 / median(floors),
        limit=LIMIT,
        sense="least",
        rows=[
            ("an empty view", f"{median(floors):,.0f}/s"),
            *((name, f"{ratio:.3f}") for name, ratio in medians.items()),
        ],
        more={"ratios": {name: round(ratio, 4) for name, ratio in medians.items()}},
    )


def addresses() -> list[str]:
    """The paths of the public pages that need neither a ticket nor a link."""
    from django.test import Client
    from django.urls import URLPattern

    from portal.public import urls

    paths = ["/" + str(one.pattern) for one in urls.urlpatterns if isinstance(one, URLPattern)]
    plain = [path for path in paths if "<" not in path and "(" not in path]
    visitor = Client()
    answers = {path: visitor.get(path) for path in plain}
    return [
        path
        for path, answer in answers.items()
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    ]


def _name(path: str, language: str, bare: bool) -> str:
    return f"{path} {language}{'' if bare else ', cookies'}"
