"""After a change of the register: what follows for numbers, cases and blocks, shown before and done after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aduan.cases import services as cases
from portal.common import signin
from portal.staff.approval_terms import to_approval
from portal.staff.rendering import staff_user

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


@dataclass(frozen=True, slots=True)
class PreviewedEffects:
    """The moves that a change would cause on its day."""

    on: dt.date
    moves: list[cases.OperatorChange]

    @property
    def numbers(self) -> int:
        return sum(move.numbers for move in self.moves)

    @property
    def cases(self) -> int:
        return sum(move.cases for move in self.moves)

    @property
    def blocks(self) -> int:
        return sum(move.blocks for move in self.moves)


class _RollbackPreview(Exception):
    pass


def preview_effects(change: Callable[[], object], *, on: dt.date) -> PreviewedEffects:
    """Does the change, looks at what would follow on that day, and takes it all back."""
    found: list[cases.OperatorChange] = []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS range_two_people, holder_two_people DEFERRED")  # until taken back
            change()
            found = cases.preview_range_changes(on=on)
            raise _RollbackPreview
    except _RollbackPreview:
        return PreviewedEffects(on, found)


def change_or_ask(request: HttpRequest, terms: cases.Terms, *, reason: str) -> HttpResponseBase | None:
    """Changes the register and says what moved; where a block is at stake, shows the request that waits.

    Raises DomainError, and then nothing has changed.
    """
    done = cases.change_register(
        terms,
        reason=reason,
        by=staff_user(request),
        step_up=signin.step_up_of(request),
        at=timezone.now(),
    )
    if not isinstance(done, cases.RangeChangeResult):
        return to_approval(request, done)
    if done.numbers:
        messages.success(
            request,
            _("%(numbers)d numbers have another operator now; %(blocks)d blocks moved with them.")
            % {"numbers": done.numbers, "blocks": done.blocks},
        )
    return None
