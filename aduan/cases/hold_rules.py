"""The life of a hold: from its second signature to the hour at which it ends by itself. Pure.

Only the standard library, so that the reference client of operators can follow the same rule. Nothing here
lengthens a hold: every function answers with the earliest end it can see.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

LONGEST: Final = dt.timedelta(days=14)  # no policy may say more; the database refuses it too


def end_of_hold(confirmed_at: dt.datetime, longest: dt.timedelta) -> dt.datetime:
    """The hour at which a hold of this moment ends: whole seconds, UTC, never after `longest`."""
    end = confirmed_at.astimezone(dt.UTC) + min(longest, LONGEST)
    return end.replace(microsecond=0)


def is_held(
    confirmed_at: dt.datetime, ends_at: dt.datetime, ended_at: dt.datetime | None, *, at: dt.datetime
) -> bool:
    """Whether the hold is in force at this moment. Its end, however it came, is the first moment without."""
    return confirmed_at <= at < (ends_at if ended_at is None else min(ends_at, ended_at))


def may_be_held_again(
    last_confirmed_at: dt.datetime | None, again_after: dt.timedelta, *, at: dt.datetime
) -> bool:
    """Whether the number may be held once more: never twice within the policy's days."""
    return last_confirmed_at is None or at >= last_confirmed_at + again_after
