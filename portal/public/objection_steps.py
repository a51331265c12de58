"""The timeline of an objection: what is done, where it stands, what is to come and until when."""

from __future__ import annotations

from django.utils.translation import gettext as _

from aduan.appeals import queries
from aduan.appeals.models import Objection
from aduan.cases.models import TemporaryLift
from aduan.complaints.types import TimelineStep


def objection_steps(found: Objection) -> list[TimelineStep]:
    """Received, proven, lifted until the decision, answered."""
    proven = found.proven_at is not None
    received = TimelineStep("received", _("Received"), at=found.filed_at)
    if found.state == Objection.State.LAPSED:
        lapsed = _("Nobody proved that the number is theirs. You can object again.")
        return [received, TimelineStep("lapsed", _("Ended"), lapsed, state="now")]
    proof = TimelineStep(
        "proven",
        _("The number is yours"),
        "" if proven else _("Prove it below; until then the block or the hold stays as it is."),
        at=found.proven_at,
        state="done" if proven else "now",
    )
    return [received, proof, *_lifted(found), _answer(found)]


def _lifted(found: Objection) -> list[TimelineStep]:
    """That the measure is lifted meanwhile, and what became of that."""
    lift = queries.lift_of(found) if found.proven_at is not None else None
    if lift is None or found.proven_at is None or lift.lifted_at < found.proven_at:
        return []
    text = _("No list carries your number until two other people have decided.")
    steps = [TimelineStep("lifted", _("Lifted until the decision"), text, at=lift.lifted_at)]
    if lift.outcome == TemporaryLift.Outcome.RESTORED:
        back = _(
            "The objection was not accepted, so it is in force again; a hold only for what is left of it."
        )
        steps.append(TimelineStep("restored", _("In force again"), back, at=lift.ended_at))
    return steps


def _answer(found: Objection) -> TimelineStep:
    if found.answered_at is not None:
        return TimelineStep("answered", _verdict(found), found.answer, at=found.answered_at)
    if found.due_at is None:
        promise = _("Someone who did not decide it answers. The date stands here once the proof is there.")
    else:
        promise = _(
            "Someone who did not decide it answers. If that takes longer, it is late, and counted so."
        )
    return TimelineStep(
        "answered",
        _("The answer"),
        promise,
        state="now" if found.proven_at is not None else "todo",
        until=found.due_at,
    )


def _verdict(found: Objection) -> str:
    """A hold may have run out before the answer came: nothing is said to stay that was over."""
    if found.state == Objection.State.UPHELD:
        return _("Accepted: the block or the hold has ended")
    if queries.outlasts_its_answer(found):
        return _("Not accepted: the block or the hold stays")
    return _("Not accepted; the block or the hold had ended by then")
