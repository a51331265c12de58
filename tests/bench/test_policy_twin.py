"""The policy twin: the real services on a turned clock, and the model that runs a thousand years."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from bench.policy_twin import DRAWS, model, office, page, plots, world
from bench.policy_twin.cuts import Cuts, figures
from bench.policy_twin.parameters import ASSUMPTIONS, NAMES, NONE, USUAL
from bench.policy_twin.policies import POLICIES, Policy
from bench.policy_twin.services import Services
from bench.policy_twin.study import study
from bench.policy_twin.world import World

# Much happens in a small world: people report early, innocent numbers are held and blocked too.
LIVELY = dataclasses.replace(
    USUAL, late=0.5, wrong=0.4, brigades=0.6, brigade_size=6, brigade_sources=0.8, holds_innocent=0.9,
    blocks_innocent=0.5, reporting=0.5, contacts=8, objecting=0.9, recycling_days=61, life_days=0.5,
    spread=1, reviewers=1,
)  # fmt: skip
QUICK = ("monthly", "fast")


def small_world() -> World:
    return world.draw(LIVELY, seed=6, complaints=60, days=12, horizon_days=80)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "policy",
    [pytest.param(one, id=one.name, marks=() if one.name in QUICK else pytest.mark.slow) for one in POLICIES],
)
def test_the_model_says_what_the_services_do(policy: Policy, tmp_path: Path, settings) -> None:
    settings.KEYS_DIR, settings.PUBLISH_ROOT = tmp_path / "keys", tmp_path / "published"
    call_command("load_reference", verbosity=0)
    small = small_world()
    made, reckoned = Services(small, policy, LIVELY).run(), model.cuts(small, policy, LIVELY)
    for name in ("held_from", "held_until", "blocked_from", "blocked_until"):
        listed, expected = (np.minimum(getattr(cuts, name), small.horizon) for cuts in (made, reckoned))
        np.testing.assert_allclose(listed, expected, atol=0.2, err_msg=name)  # hours, by number
    one, other = figures(small, made, LIVELY), figures(small, reckoned, LIVELY)
    for name, value in dataclasses.asdict(one).items():
        assert value == pytest.approx(getattr(other, name), rel=0.05), name


def test_what_the_small_world_is_for_happens_in_it() -> None:
    """Else the comparison above would compare nothing."""
    small = small_world()
    fast = figures(small, model.cuts(small, POLICIES[-1], LIVELY), LIVELY)
    assert min(fast.held_wrongly, fast.held - fast.held_wrongly, fast.blocked_wrongly, fast.objections) > 0
    monthly = figures(small, model.cuts(small, POLICIES[0], LIVELY), LIVELY)
    assert fast.avoided > monthly.avoided
    assert fast.wrong_hours < monthly.wrong_hours


def test_an_hour_of_work_is_found_again() -> None:
    at = np.linspace(0, 500, 997)
    inside = np.isclose(office.worked(office.until(office.worked(at))), office.worked(at))
    assert inside.all()
    assert office.worked(7 * 24.0) == 5 * office.LENGTH
    assert office.until(0.5) == office.OPENS + 0.5


def test_harm_is_counted_once_where_a_block_follows_a_hold() -> None:
    """Held from the first hour until the tenth, blocked from the fifth: nothing counts twice."""
    one = dataclasses.replace(
        small_world(), innocent=np.array([False]), contact_at=np.array([0.0]), contact_of=np.array([0]),
        recycled_at=np.array([np.inf]),
    )  # fmt: skip
    first, tenth, fifth, never = (np.array([value]) for value in (1.0, 10.0, 5.0, np.inf))
    both = Cuts(first, tenth, fifth, never, decided_at=fifth)
    alone = Cuts(first, never, never, never, decided_at=fifth)
    assert figures(one, both, USUAL).avoided == pytest.approx(figures(one, alone, USUAL).avoided, rel=1e-6)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    agreement = {policy.name: 0.01 for policy in POLICIES}
    for turn in "ab":
        page.write(study(2, worlds=1), agreement, 45, tmp_path / turn)
    files = sorted(file.relative_to(tmp_path / "a") for file in (tmp_path / "a").rglob("*.*"))
    assert len(files) == 3
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_every_assumption_says_where_it_comes_from_and_lies_between_its_bounds() -> None:
    assert set(ASSUMPTIONS) == set(NAMES)
    for name, row in ASSUMPTIONS.items():
        assert row.low <= row.usual <= row.high, name
        assert row.source, name
        assert row.mark != "read" or row.source != NONE, name


@pytest.mark.slow
def test_the_page_is_that_of_its_seed(tmp_path: Path) -> None:
    """Its pictures; the figures of the services beside them stand in the page itself."""
    plots.draw(study(DRAWS), tmp_path)
    for name in ("policies.svg", "assumptions.svg"):
        assert (tmp_path / name).read_bytes() == (page.DOCS / "policy" / name).read_bytes()
