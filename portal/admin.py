"""Autodiscovered by django.contrib.admin: brings in everything that puts a page on the ministry's site."""

from portal.review import (
    audit,
    bulk,
    campaign,
    case_page,
    evidence,
    keyboard,
    people,
    queue,
    reasons,
    reveal,
    steps,
)

__all__ = [
    "audit",
    "bulk",
    "campaign",
    "case_page",
    "evidence",
    "keyboard",
    "people",
    "queue",
    "reasons",
    "reveal",
    "steps",
]
