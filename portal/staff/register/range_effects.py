"""After a change of the register: what follows for numbers, cases and blocks, shown before and done after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aduan.cases import services as cases
from aduan.core.periods import local_date

if TYPE_CHECKING:
    from django.http import HttpRequest


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
        with transaction.atomic():
            change()
            found = cases.preview_range_changes(on=on)
            raise _RollbackPreview
    except _RollbackPreview:
        return PreviewedEffects(on, found)


def apply_effects(request: HttpRequest) -> None:
    """Lets numbers, cases and blocks follow the register of today, and says what moved."""
    now = timezone.now()
    done = cases.apply_range_changes(on=local_date(now), at=now)
    if done.numbers:
        messages.success(
            request,
            _("%(numbers)d numbers have another operator now; %(blocks)d blocks moved with them.")
            % {"numbers": done.numbers, "blocks": done.blocks},
        )
