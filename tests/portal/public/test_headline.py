"""The largest line of a complaint's page says how it stands, and nothing that may not be so."""

from __future__ import annotations

import pytest
from django.utils import translation

from aduan.complaints.types import TimelineStep
from portal.public.headline import headline_of

RECEIVED = TimelineStep("received", "Received")
TO_DECIDE = TimelineStep("decided", "Decision", state="todo")
BLOCK = TimelineStep("decided", "Decided: the number is to be blocked")
RELEASE = TimelineStep("decided", "The block was ended")
REVIEW = TimelineStep("review", "In review", state="now")


@pytest.mark.parametrize(
    ("steps", "headline"),
    [
        ([RECEIVED, REVIEW, TO_DECIDE], "Your complaint is in review"),
        (
            [RECEIVED, TimelineStep("review", "In review", state="now", missed=True), TO_DECIDE],
            "The date for the decision has passed",
        ),
        (
            [
                RECEIVED,
                TimelineStep("asked", "Please complete it", state="now"),
                TimelineStep("review", "In review", state="todo"),
            ],
            "Your complaint lacks something",
        ),
        ([RECEIVED, TimelineStep("asked", "Please complete it"), REVIEW], "Your complaint is in review"),
        ([RECEIVED, TimelineStep("review", "Reviewed"), BLOCK], BLOCK.title),
        ([RECEIVED, BLOCK, TimelineStep("answered", "Answer", state="now", missed=True)], BLOCK.title),
        ([RECEIVED, BLOCK, RELEASE], RELEASE.title),
        (
            [RECEIVED, BLOCK, TimelineStep("reopened", "Again", state="now")],
            "The decision is looked at again",
        ),
        ([RECEIVED, TimelineStep("withdrawn", "Withdrawn", state="now")], "You withdrew your complaint"),
        ([RECEIVED], "My complaint"),
    ],
)
def test_it_names_where_the_complaint_stands(steps: list[TimelineStep], headline: str) -> None:
    with translation.override("en"):
        assert str(headline_of(steps)) == headline
