"""For the random walks: how two people release a block, and what must hold afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from aduan.accounts.models import User
from aduan.cases import services
from aduan.cases.models import Block, Case, ChangeRequest
from tests.factories import cases as make
from tests.factories.accounts import step_up


def release(case: Case, *, by: User, at: dt.datetime) -> None:
    """One step of a release by this person."""
    _ask_or_confirm(case, make.release_asked, services.confirm_release, by=by, at=at)


def settle(case: Case, *, by: User, at: dt.datetime, upheld: bool) -> None:
    """One step of an answer to an objection by this person."""
    _ask_or_confirm(case, make.settlement_asked, services.confirm_settlement, by=by, at=at, upheld=upheld)


def _ask_or_confirm(
    case: Case,
    ask: Callable[..., ChangeRequest],
    confirm: Callable[..., object],
    *,
    by: User,
    at: dt.datetime,
    **more: Any,
) -> None:
    """This person confirms what another asked for; where nothing waits, they ask."""
    waiting = ChangeRequest.objects.filter(case=case, state=ChangeRequest.State.PENDING).first()
    if waiting is None:
        ask(case, by=by, at=at, **more)
    else:
        confirm(waiting, by=by, step_up=step_up(by, at), at=at, seen_digest=case.contents_digest)


def assert_two_others_behind(block: Block, signers: set[int | None]) -> None:
    """A block that people ended has two of them behind it, and neither signed the block."""
    under = block.released_under
    if block.release_reason in ("error", "objection"):
        assert under is not None
        assert under.state == ChangeRequest.State.CONFIRMED
        assert under.settled_by_id not in {under.requested_by_id, None}
        assert {under.requested_by_id, under.settled_by_id}.isdisjoint(signers)
