"""A person who decides has seen the contents of this moment: the digest of their page is compared."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aduan.cases.dto import ContentsVersion
from aduan.cases.models import Case
from aduan.core.errors import WrongState


def require_seen_contents(case: Case, seen_digest: str) -> None:
    """Raises WrongState, with what changed, unless the digest is that of the contents as they are now."""
    if seen_digest and seen_digest == case.contents_digest:
        return
    seen = ContentsVersion.of(seen_digest)
    changed = {}
    if seen is not None:
        now = {
            "complaints": case.complaint_count - seen.complaints,
            "evidence": case.evidence_count - seen.evidence,
            "confirmed": case.confirmed_count - seen.confirmed,
        }
        changed = {what: difference for what, difference in now.items() if difference}
    raise WrongState(
        "contents_changed",
        _("The case has changed since you opened it (%(what)s). Look at it again, then decide.")
        % {"what": describe_changes(changed) or "…"},
        changed=changed,
        digest=case.contents_digest,
    )


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
