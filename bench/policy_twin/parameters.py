"""Every figure that the twin assumes, with its bounds, where it comes from and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

import numpy as np

RECEIVED: Final = 57_459  # complaints of 2023: the one public figure that goes in


class Mark(StrEnum):
    """How a figure is known."""

    READ = "read"
    INFERRED = "inferred"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True)
class Assumption:
    """One figure: its usual value, and the bounds between which the draws vary it."""

    usual: float
    low: float
    high: float
    mark: Mark
    meaning: str
    source: str


READ, INFERRED, GUESSED = Mark
NONE: Final = "none found"
ASSUMPTIONS: Final[dict[str, Assumption]] = {
    "harm_in_a_day": Assumption(
        0.75,
        0.6,
        0.9,
        READ,
        "share of one victim's loss within 24 hours of the first contact",
        "police of Korea, on why they suspend within ten minutes; bounds guessed",
    ),
    "moved_on": Assumption(
        0.3, 0.0, 0.6, GUESSED, "share of the loss that goes on by another number when one is cut", NONE
    ),
    "contacts": Assumption(40, 15, 120, GUESSED, "people that one number contacts", NONE),
    "life_days": Assumption(4, 1, 14, GUESSED, "days for which a number contacts people (mean)", NONE),
    "reporting": Assumption(0.08, 0.03, 0.2, GUESSED, "share of the contacted who complain", NONE),
    "late": Assumption(
        0.8,
        0.5,
        0.9,
        READ,
        "share of complaints more than 12 hours after the contact",
        "IASC of OJK, November 2024 to January 2026; bounds guessed",
    ),
    "spread": Assumption(1.5, 1.0, 2.0, GUESSED, "spread of that delay (sigma of its logarithm)", NONE),
    "evident": Assumption(
        0.25,
        0.1,
        0.5,
        INFERRED,
        "share of complaints with a confirmed contact and clean evidence",
        "half of the complaints of 2023 lacked evidence; a confirmed contact is optional",
    ),
    "wrong": Assumption(0.06, 0.02, 0.15, GUESSED, "share of complaints about an innocent number", NONE),
    "brigades": Assumption(
        0.1, 0.02, 0.3, GUESSED, "share of wrongly reported numbers that a group reports together", NONE
    ),
    "brigade_size": Assumption(12, 5, 30, GUESSED, "complaints of such a group (mean)", NONE),
    "brigade_sources": Assumption(
        0.3, 0.1, 0.6, GUESSED, "share of these complaints that look independent", NONE
    ),
    "hold_minutes": Assumption(
        15,
        5,
        60,
        INFERRED,
        "from a candidate to the second signature (median)",
        "leads get an alarm for a candidate that waits ten minutes",
    ),
    "hold_work": Assumption(4, 2, 10, GUESSED, "minutes of one person for one candidate", NONE),
    "holds_fraud": Assumption(0.8, 0.6, 0.95, GUESSED, "two people hold the number of a fraud", NONE),
    "holds_innocent": Assumption(0.15, 0.03, 0.4, GUESSED, "two people hold an innocent number", NONE),
    "blocks_fraud": Assumption(0.6, 0.3, 0.8, GUESSED, "two people block the number of a fraud", NONE),
    "blocks_innocent": Assumption(0.02, 0.005, 0.06, GUESSED, "two people block an innocent one", NONE),
    "reviewers": Assumption(6, 3, 12, GUESSED, "people who decide cases in office hours", NONE),
    "review_minutes": Assumption(12, 6, 25, GUESSED, "minutes of one person for one case", NONE),
    "operator_hours": Assumption(
        12,
        1,
        24,
        READ,
        "from a published list of blocks until the operator acted",
        "operators have 1 x 24 hours; half of it is a guess",
    ),
    "notice_hours": Assumption(
        6, 1, 48, GUESSED, "until the holder of a cut line notices and knows where to object (median)", NONE
    ),
    "objecting": Assumption(0.6, 0.2, 0.9, GUESSED, "share of wrongly cut holders who object", NONE),
    "settle_days": Assumption(5, 1, 14, GUESSED, "from the objection to the answer of two people", NONE),
    "proof_minutes": Assumption(
        30, 5, 240, GUESSED, "until possession is proven, with the fast release (median)", NONE
    ),
    "recycling_days": Assumption(
        180,
        60,
        400,
        INFERRED,
        "from the end of a fraud until the number has a new holder (mean)",
        "at least 60 days by PM Kominfo 14/2018; the rest is a guess",
    ),
}


@dataclass(frozen=True, slots=True)
class Parameters:
    """One set of figures, by the names of `ASSUMPTIONS`."""

    harm_in_a_day: float
    moved_on: float
    contacts: float
    life_days: float
    reporting: float
    late: float
    spread: float
    evident: float
    wrong: float
    brigades: float
    brigade_size: float
    brigade_sources: float
    hold_minutes: float
    hold_work: float
    holds_fraud: float
    holds_innocent: float
    blocks_fraud: float
    blocks_innocent: float
    reviewers: float
    review_minutes: float
    operator_hours: float
    notice_hours: float
    objecting: float
    settle_days: float
    proof_minutes: float
    recycling_days: float


NAMES: Final = tuple(field.name for field in fields(Parameters))
USUAL: Final = Parameters(**{name: ASSUMPTIONS[name].usual for name in NAMES})


def drawn(dice: np.random.Generator) -> Parameters:
    """Each figure between its bounds, most often near its usual value."""
    rows = (ASSUMPTIONS[name] for name in NAMES)
    return Parameters(*(float(dice.triangular(row.low, row.usual, row.high)) for row in rows))
