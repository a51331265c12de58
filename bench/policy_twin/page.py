"""`docs/policy.md`: what a minister would read of the study, with every figure taken from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bench.policy_twin import plots
from bench.policy_twin.parameters import ASSUMPTIONS, NAMES
from bench.policy_twin.policies import POLICIES
from bench.policy_twin.study import PUBLISHED, SEED, PublicYear, Study, public_year

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
STABLE: Final = 0.95
_YEAR_HOURS: Final = 8760


def write(study: Study, agreement: Mapping[str, float], complaints: int, folder: Path = DOCS) -> None:
    """Writes the page and its pictures; the same bytes for the same study."""
    plots.draw(study, folder / "policy")
    text = "\n".join(_page(study, agreement, complaints, public_year()))
    (folder / "policy.md").write_text(text + "\n", encoding="utf-8")


def _page(study: Study, agreement: Mapping[str, float], complaints: int, year: PublicYear) -> Iterator[str]:
    draws = len(study.values)
    yield _HEAD.format(draws=draws)
    for policy in POLICIES:
        cells = (
            _interval(study, policy.name, "avoided", 100, "{:.1f} %"),
            _interval(study, policy.name, "wrong_hours", 1 / _YEAR_HOURS, "{:,.1f}"),
            _interval(study, policy.name, "held_wrongly", 1, "{:,.0f}"),
            _interval(study, policy.name, "staff_hours", 1, "{:,.0f}"),
        )
        yield f"| {policy.title} | {' | '.join(cells)} |"
    middles = {
        f"{name}_{measure}": study.between(name, measure)[0]
        for name in ("between", "hold3", "fast")
        for measure in ("avoided", "wrong_hours")
    }
    yield _READING.format(**middles, more=100 * (middles["hold3_avoided"] - middles["between_avoided"]))
    yield _RANKING.format(stable=STABLE)
    yield from _ranking(study)
    yield _ASSUMPTIONS.format(gain=100 * study.gain)
    for name in NAMES:
        row = ASSUMPTIONS[name]
        known = f"{row.usual:g} | {row.low:g} to {row.high:g} | {row.mark}"
        yield f"| `{name}` | {known} | {row.meaning} | {row.source} |"
    yield _PUBLIC
    for title, field in _COUNTED:
        published, twin = getattr(PUBLISHED, field), getattr(year, field)
        off = 100 * (twin - published) / published
        yield f"| {title} | {published:,} | {twin:,} | {off:+.0f} % |"
    yield _TRUST.format(draws=draws, complaints=complaints)
    for policy in POLICIES:
        off = agreement.get(policy.name)
        yield f"| {policy.title} | {'not compared at this size' if off is None else f'{off:.2%}'} |"
    yield _LEFT_OUT.format(seed=SEED)


def _interval(study: Study, policy: str, measure: str, factor: float, form: str) -> str:
    middle, low, high = (form.format(value * factor) for value in study.between(policy, measure))
    return f"{middle} ({low} to {high})"


def _ranking(study: Study) -> Iterator[str]:
    titles = {one.name: one.title.removeprefix("+ ") for one in POLICIES}
    for more, verb, less, measure in _ORDERS:
        share = study.more_often(more, less, measure)
        verdict = "stable" if share >= STABLE else "not stable"
        yield f"| “{titles[more]}” {verb} “{titles[less]}” | {share:.1%} | {verdict} |"


_MORE: Final = "avoids more loss than"
_WORSE: Final = "wrongs innocent people for longer than"
_HOLDS: Final = "holds more innocent numbers than"
_ORDERS: Final = (
    ("between", _MORE, "monthly", "avoided"),
    ("hold5", _MORE, "between", "avoided"),
    ("hold3", _MORE, "hold5", "avoided"),
    ("hold1", _MORE, "hold3", "avoided"),
    ("hold3", _HOLDS, "hold5", "held_wrongly"),
    ("hold1", _HOLDS, "hold3", "held_wrongly"),
    ("hold3", _WORSE, "fast", "wrong_hours"),
    ("monthly", _WORSE, "fast", "wrong_hours"),
)
_COUNTED: Final = (
    ("complaints received (went in)", "received"),
    ("numbers blocked (came out)", "blocked"),
    ("complaints rejected (came out)", "rejected"),
    ("complaints open (came out)", "open"),
)
_HEAD: Final = """\
# What each policy avoids, and whom it wrongs

<!-- Written by `make bench PROMISE=policy_twin`. -->

A twin of the country, small and invented: numbers of frauds contact people, some of them complain; innocent
numbers are complained about too; two people decide. Each policy acts on the same year. **Most assumptions
below are guesses. What counts is the order of the policies and how often it holds, not a single figure.**

![Loss avoided, and time for which innocent lines were cut, by policy](policy/policies.svg)

Dots are the medians of {draws:,} draws of all assumptions, bars hold nine draws in ten; all
figures are those of a year.

| policy | loss avoided | years of innocent lines cut | innocent numbers held | reviewers' hours |
|---|---|---|---|---|"""
_READING: Final = """
In the middle draw lists between months avoid {between_avoided:.0%} of the loss, and holds after three
complaints {more:.0f} percentage points more: most people complain after the first day, when much of the loss
has happened. How many complain, and how soon, matters more than how fast two people sign. Nearly all the
time for which innocent lines are cut falls on new holders of numbers that were blocked before them: asking
operators daily, and lifting at once for who proves possession, ends almost all of it."""
_RANKING: Final = """
## Does the order hold?

An order is called stable when at least {stable:.0%} of the draws have it.

| statement | draws | |
|---|---|---|"""
_ASSUMPTIONS: Final = """
## Which assumptions matter

![What each assumption changes, alone, between its bounds](policy/assumptions.svg)

With the usual assumptions holds after three complaints avoid {gain:.1f} percentage points of all loss beyond
what lists between months avoid. Each bar moves one assumption to its bounds and leaves the others.

| assumption | usual | bounds | known | meaning | source |
|---|---|---|---|---|---|"""
_PUBLIC: Final = """
## Against the public year 2023

Only the complaints received went in. No figure that came out chose an assumption; where the twin is far off,
an assumption is wrong or something is missing. Counted under the monthly list, a month after the year.

| | published | twin | off by |
|---|---|---|---|"""
_TRUST: Final = """
Received differs from what went in because chance draws the complaints, and some come after the year. The team
of the usual assumptions is large enough that nothing stays open; the ministry's of 2023 was not.

## How far to trust it

The {draws:,} years are reckoned by a model in arrays. The same policies run in a small world of
{complaints:,} complaints through the real services: intake, candidates, signatures of two people, published
lists, objections and lifts, on a turned clock. The largest difference between both, of loss avoided, hours of
innocent lines cut and reviewers' hours:

| policy | difference |
|---|---|"""
_LEFT_OUT: Final = """
A test compares all of them in a world of some fifty complaints, number by number: at most 5 % apart. Both
sides share the world, its chances and the reckoning of harm; what the services did is read from their lists.

What the twin leaves out: frauds that adapt to the policy; owners who object although they are frauds; people
whom a cut line never reached and who complain all the same; that a held number could be decided first (cases
are decided in the order of their first complaint); a second hold of one number after ninety days. Who holds a
number is asked daily only with the fast release; without it, a new holder of a blocked number has to object.

Seed {seed}; the same seed gives the same bytes. `make bench PROMISE=policy_twin` writes this page."""
