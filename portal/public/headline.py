"""The largest line of a complaint's page: how it stands, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from aduan.complaints.types import TimelineStep

# By the code of the step at which a complaint stands.
_STANDS: Final[dict[str, StrOrPromise]] = {
    "withdrawn": _("You withdrew your complaint"),
    "asked": _("Your complaint lacks something"),
    "reopened": _("The decision is looked at again"),
    "review": _("Your complaint is in review"),
}
# Not "late": a block may be decided and wait for its list, which is not told before.
_PASSED: Final = _("The date for the decision has passed")


def headline_of(steps: Sequence[TimelineStep]) -> StrOrPromise:
    """Where it stands now; else the newest decision."""
    for step in steps:
        if step.state == "now" and step.code in _STANDS:
            return _PASSED if step.missed else _STANDS[step.code]
    decided = [step.title for step in steps if step.code == "decided" and step.state == "done"]
    return decided[-1] if decided else _("My complaint")
