"""What other packages tell a case, as plain values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# From here on one more complaint or picture is no news: signatures stay valid while a number goes viral.
CROWD: Final = 20
# Channels on which a platform carried the message; the same as the platform's `Operator.code`.
PLATFORMS: Final = ("whatsapp", "telegram")


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """One new complaint, as far as a case may know it.

    `independent` is false for a complaint that is linked to an earlier one of the same source; `complete`
    says that a reviewer can decide on it, which starts the clock; `fingerprint` is any digest of its content.
    """

    channel: str
    category: str
    loss: int = 0
    confirmed: bool = False
    independent: bool = True
    evidence_count: int = 0
    suspected_spoofing: bool = False
    protected: bool = False
    complete: bool = True
    region: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class ContentsChange:
    """What changed in what reviewers see.

    The counts are differences (+1, -1), so that two can be notified at once.

    `weaker` marks a change that speaks against the block (withdrawn, evidence refused after it was counted):
    no one can agree to a proposal made before it. `complete` wakes a case that waits for its complainants.
    """

    fingerprint: str
    complaints: int = 0
    independent: int = 0
    confirmed: int = 0
    evidence: int = 0
    loss: int = 0
    weaker: bool = False
    complete: bool = False
    suspected_spoofing: bool | None = None


@dataclass(frozen=True, slots=True)
class ContentsVersion:
    """What a contents digest says about itself: `12.3.2:<40 hex>` is 12 complaints, 3 items, 2 confirmed."""

    complaints: int
    evidence: int
    confirmed: int

    @classmethod
    def of(cls, digest: str) -> ContentsVersion | None:
        try:
            complaints, evidence, confirmed = (int(part) for part in digest.partition(":")[0].split("."))
        except ValueError:
            return None
        return cls(complaints, evidence, confirmed)

    def difference_to(self, complaints: int, evidence: int, confirmed: int) -> dict[str, int]:
        """Return what there is more or less of now, by `complaints`, `evidence` and `confirmed`."""
        now = {
            "complaints": complaints - self.complaints,
            "evidence": evidence - self.evidence,
            "confirmed": confirmed - self.confirmed,
        }
        return {what: difference for what, difference in now.items() if difference}
