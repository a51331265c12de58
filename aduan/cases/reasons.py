"""The reasons that reviewers start with, in both languages. Data: data/reasons.csv. Pure."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from aduan.cases.workflow import ProposalType

if TYPE_CHECKING:
    from collections.abc import Mapping

# What these say is true of one measure only; every other reason of a proposal fits all three.
_ONLY_FOR: Final[Mapping[str, ProposalType]] = MappingProxyType(
    {"propose-spoofed": ProposalType.SPOOFED, "propose-platform": ProposalType.REFER}
)
_SOURCE: Final = Path(__file__).parent / "data" / "reasons.csv"


@dataclass(frozen=True, slots=True)
class Reason:
    """`category` is empty for a reason that fits every kind of fraud.

    `text_*` is for colleagues, `notice_*` for the complainants, `next_steps` what these can do then.
    """

    code: str
    action: str
    category: str
    text_id: str
    text_en: str
    notice_id: str
    notice_en: str
    next_steps: tuple[str, ...]


def reference() -> tuple[Reason, ...]:
    with _SOURCE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Reason(next_steps=tuple(row.pop("next_steps").split()), **row) for row in rows)


def is_true_beside(code: str, proposal_type: ProposalType) -> bool:
    """Whether the reason's text is true beside this measure."""
    return _ONLY_FOR.get(code, proposal_type) == proposal_type


def is_true_of(code: str, *, independent: int) -> bool:
    """Whether the reason's text is true of a case of so many independent complainants."""
    return code != "propose-several-victims" or independent > 1
