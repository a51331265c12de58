"""A referral as JSON: fields and values of the DSA statement of reasons where they fit. Pure.

Source of the vocabulary: transparency.dsa.ec.europa.eu, API documentation. A platform that publishes such
statements can copy the fields; what the vocabulary lacks stands under `referral`. No personal data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Mapping

CATEGORY: Final = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
KEYWORDS: Final[Mapping[str, str]] = {
    "impersonation": "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",
    "link": "KEYWORD_PHISHING",
}
OTHER_KEYWORD: Final = "KEYWORD_OTHER"
CONTENT_TYPES: Final[Mapping[str, str]] = {
    "image": "CONTENT_TYPE_IMAGE",
    "sound": "CONTENT_TYPE_AUDIO",
    "video": "CONTENT_TYPE_VIDEO",
    "pdf": "CONTENT_TYPE_OTHER",
    "text": "CONTENT_TYPE_TEXT",
}


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """What can be shown on request: how many of each medium, in how many complaints, received when."""

    media: Mapping[str, int]
    complaints: int
    first_on: dt.date | None
    last_on: dt.date | None

    def as_json(self) -> dict[str, Any]:
        return {
            "media": dict(self.media),
            "complaints": self.complaints,
            "first_on": self.first_on.isoformat() if self.first_on else None,
            "last_on": self.last_on.isoformat() if self.last_on else None,
        }


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Everything that a notice says. `case` is as in the column of lists, `account` as in the register.

    An account is "+62…" or "telegram:@name".
    """

    uid: uuid.UUID
    reference: str
    case: str
    account: str
    category: str
    category_group: str
    category_label: str
    ground: str
    explanation: str
    evidence: Mapping[str, Any]
    made_at: dt.datetime
    ministry: Mapping[str, str]


def notice(facts: NoticeFacts) -> dict[str, Any]:
    """The document, in the order in which a person reads it."""
    media = facts.evidence.get("media", {})
    content = sorted({CONTENT_TYPES[medium] for medium in media if medium in CONTENT_TYPES})
    return {
        "puid": str(facts.uid),
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "illegal_content_legal_ground": facts.ground,
        "illegal_content_explanation": facts.explanation,
        "category": CATEGORY,
        "category_specification": [KEYWORDS.get(facts.category_group, OTHER_KEYWORD)],
        "content_type": content or ["CONTENT_TYPE_OTHER"],
        "content_date": facts.evidence.get("first_on"),
        "application_date": None,
        "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
        "source_identity": facts.ministry.get("name", ""),
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "referral": {
            "reference": facts.reference,
            "case": facts.case,
            "voluntary": True,
            "account": facts.account,
            "category": facts.category,
            "category_label": facts.category_label,
            "evidence": dict(facts.evidence),
            "made_at": facts.made_at.isoformat(),
            "contact": dict(facts.ministry),
        },
    }


def canonical(document: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and sent: UTF-8, two spaces of indentation, one newline at the end."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
