"""A person who decides has seen the contents of this moment: the digest of their page is compared."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aduan.cases.dto import ContentsVersion
from aduan.cases.models import Case
from aduan.cases.queries.contents import describe_changes
from aduan.core.errors import WrongState


def require_seen_contents(case: Case, seen_digest: str) -> None:
    """Raises WrongState, with what changed, unless the digest is that of the contents as they are now."""
    if seen_digest and seen_digest == case.contents_digest:
        return
    seen = ContentsVersion.of(seen_digest)
    changed = (
        seen.difference_to(case.complaint_count, case.evidence_count, case.confirmed_count) if seen else {}
    )
    raise WrongState(
        "contents_changed",
        _("The case has changed since you opened it (%(what)s). Look at it again, then decide.")
        % {"what": describe_changes(changed) or "…"},
        changed=changed,
        digest=case.contents_digest,
    )
