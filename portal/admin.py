"""Autodiscovered by django.contrib.admin: brings in everything that puts a page on the ministry's site."""

from portal.review import (
    audit,
    bulk,
    calibration,
    campaign,
    case_page,
    dashboard,
    evidence,
    keyboard,
    lists,
    looks,
    machinery,
    people,
    queue,
    reasons,
    reveal,
    steps,
)
from portal.review.register import importing, ranges, upkeep

__all__ = [
    "audit",
    "bulk",
    "calibration",
    "campaign",
    "case_page",
    "dashboard",
    "evidence",
    "importing",
    "keyboard",
    "lists",
    "looks",
    "machinery",
    "people",
    "queue",
    "ranges",
    "reasons",
    "reveal",
    "steps",
    "upkeep",
]
