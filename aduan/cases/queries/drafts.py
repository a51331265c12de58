"""The drafts that are offered again on a case page, with what changed since they were typed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aduan.cases.dto import ContentsVersion
from aduan.cases.queries.case_page import CasePage, Step
from aduan.cases.queries.contents import describe_changes


@dataclass(frozen=True, slots=True)
class Draft:
    """What its author typed. `fields` are the posted names with all their values."""

    step: str
    fields: dict[str, list[str]]
    saved_at: dt.datetime
    seen_digest: str

    def changes(self, page: CasePage) -> str:
        """What the case has more or less of now, in words; empty when its counts are the same."""
        seen = ContentsVersion.of(self.seen_digest)
        row = page.row
        return (
            describe_changes(seen.difference_to(row.complaints, row.evidence, row.confirmed)) if seen else ""
        )

    def edited(self, page: CasePage) -> bool:
        """Whether the contents are others than those on which it was typed."""
        return bool(self.seen_digest) and self.seen_digest != page.digest

    def steps_since(self, page: CasePage) -> tuple[Step, ...]:
        """What others did with the case since, oldest first."""
        return tuple(step for step in reversed(page.steps) if step.at > self.saved_at)
