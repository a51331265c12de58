"""What changed in the contents of a case, as people read it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import ngettext


def describe_changes(changed: Mapping[str, int]) -> str:
    """Return the changed counts as words in the reader's language, e.g. "1 new complaint, 2 items fewer"."""
    return ", ".join(_change(what, difference) for what, difference in changed.items())


def _change(what: str, difference: int) -> str:
    count = abs(difference)
    match what, difference > 0:
        case "complaints", True:
            text = ngettext("%d new complaint", "%d new complaints", count)
        case "complaints", False:
            text = ngettext("%d complaint fewer", "%d complaints fewer", count)
        case "evidence", True:
            text = ngettext("%d new evidence item", "%d new evidence items", count)
        case "evidence", False:
            text = ngettext("%d evidence item fewer", "%d evidence items fewer", count)
        case "confirmed", True:
            text = ngettext("%d contact confirmed", "%d contacts confirmed", count)
        case _:
            text = ngettext("%d confirmed contact fewer", "%d confirmed contacts fewer", count)
    return text % count
