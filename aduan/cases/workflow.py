"""The one table of the workflow: which act leads from which status to which. Pure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from aduan.core.errors import WrongState


class Status(models.TextChoices):
    OPEN = "open", _("waiting for review")
    NEEDS_INFO = "needs_info", _("waiting for the complainants")
    PROPOSED = "proposed", _("waiting for the second person")
    DISPUTED = "disputed", _("waiting for a third person")
    CONFIRMED = "confirmed", _("block confirmed")
    SPOOFED = "spoofed", _("number was spoofed")
    REFERRED = "referred", _("referred to the platform")
    DISMISSED = "dismissed", _("closed without action")
    NOT_OURS = "not_ours", _("not our matter")
    RELEASED = "released", _("block released")


class CaseAction(models.TextChoices):
    FILE = "file", _("complaint received")
    ASK = "ask", _("asked for more")
    COMPLETE = "complete", _("complaint completed")
    PROPOSE = "propose", _("proposed")
    AGREE = "agree", _("second person agreed")
    DISAGREE = "disagree", _("second person disagreed")
    REJECT = "reject", _("proposal rejected")
    RETRACT = "retract", _("proposal withdrawn")
    CONFIRM_BLOCK = "confirm_block", _("block confirmed")
    CONFIRM_SPOOFED = "confirm_spoofed", _("spoofing confirmed")
    CONFIRM_REFERRAL = "confirm_referral", _("referral confirmed")
    DISMISS = "dismiss", _("closed without action")
    DECLARE_NOT_OURS = "declare_not_ours", _("declared not our matter")
    REOPEN = "reopen", _("reopened")
    RELEASE = "release", _("block released")
    OBJECT = "object", _("objection received")
    SETTLE = "settle", _("objection answered")
    ANSWER = "answer", _("operator answered")
    ROUTE = "route", _("sent to another operator")
    REQUEST_CHANGE = "request_change", _("release, answer or other number proposed")
    STOP_URGENT = "stop_urgent", _("urgent block stopped before its list")
    DECLINE_CHANGE = "decline_change", _("release, answer or other number not confirmed")
    MOVE = "move", _("complaint put under its right number")
    MERGE = "merge", _("all complaints put under their right number")
    PROPOSE_HOLD = "propose_hold", _("hold proposed")
    CONFIRM_HOLD = "confirm_hold", _("hold confirmed")
    DECLINE_HOLD = "decline_hold", _("hold not confirmed")
    END_HOLD = "end_hold", _("hold ended")
    LIFT = "lift", _("lifted until the objection is decided")
    UNDO = "undo", _("undone within seconds")
    RESTORE = "restore", _("in force again after the objection")


class ProposalType(models.TextChoices):
    """What a proposal asks for; each needs a second person."""

    BLOCK = "block", _("block at the operator")
    SPOOFED = "spoofed", _("declare the number spoofed")
    REFER = "refer", _("refer to the platform")


S, A = Status, CaseAction

MOVES: dict[tuple[Status, CaseAction], Status] = {
    (S.OPEN, A.FILE): S.OPEN,
    (S.OPEN, A.ASK): S.NEEDS_INFO,
    (S.OPEN, A.COMPLETE): S.OPEN,
    (S.OPEN, A.PROPOSE): S.PROPOSED,
    (S.OPEN, A.DISMISS): S.DISMISSED,
    (S.OPEN, A.DECLARE_NOT_OURS): S.NOT_OURS,
    (S.NEEDS_INFO, A.FILE): S.OPEN,
    (S.NEEDS_INFO, A.COMPLETE): S.OPEN,
    (S.NEEDS_INFO, A.PROPOSE): S.PROPOSED,
    (S.NEEDS_INFO, A.DISMISS): S.DISMISSED,
    (S.NEEDS_INFO, A.DECLARE_NOT_OURS): S.NOT_OURS,
    (S.OPEN, A.MERGE): S.DISMISSED,
    (S.NEEDS_INFO, A.MERGE): S.DISMISSED,
    (S.PROPOSED, A.FILE): S.PROPOSED,
    (S.PROPOSED, A.COMPLETE): S.PROPOSED,
    (S.PROPOSED, A.AGREE): S.PROPOSED,
    (S.PROPOSED, A.DISAGREE): S.DISPUTED,
    (S.PROPOSED, A.REJECT): S.OPEN,
    (S.PROPOSED, A.RETRACT): S.OPEN,
    (S.PROPOSED, A.CONFIRM_BLOCK): S.CONFIRMED,
    (S.PROPOSED, A.CONFIRM_SPOOFED): S.SPOOFED,
    (S.PROPOSED, A.CONFIRM_REFERRAL): S.REFERRED,
    (S.DISPUTED, A.FILE): S.DISPUTED,
    (S.DISPUTED, A.COMPLETE): S.DISPUTED,
    (S.DISPUTED, A.REJECT): S.OPEN,
    (S.DISPUTED, A.RETRACT): S.OPEN,
    (S.DISPUTED, A.CONFIRM_BLOCK): S.CONFIRMED,
    (S.DISPUTED, A.CONFIRM_SPOOFED): S.SPOOFED,
    (S.DISPUTED, A.CONFIRM_REFERRAL): S.REFERRED,
    (S.CONFIRMED, A.FILE): S.CONFIRMED,
    (S.CONFIRMED, A.COMPLETE): S.CONFIRMED,
    (S.CONFIRMED, A.RELEASE): S.RELEASED,
    (S.CONFIRMED, A.ROUTE): S.CONFIRMED,
    (S.CONFIRMED, A.STOP_URGENT): S.OPEN,
    (S.SPOOFED, A.REOPEN): S.OPEN,
    (S.REFERRED, A.FILE): S.REFERRED,
    (S.REFERRED, A.COMPLETE): S.REFERRED,
    (S.REFERRED, A.RELEASE): S.RELEASED,
    (S.REFERRED, A.REOPEN): S.OPEN,
    (S.DISMISSED, A.REOPEN): S.OPEN,
    (S.DISMISSED, A.UNDO): S.OPEN,
    (S.NOT_OURS, A.UNDO): S.OPEN,
    (S.NEEDS_INFO, A.UNDO): S.OPEN,
    (S.NOT_OURS, A.REOPEN): S.OPEN,
    (S.RELEASED, A.REOPEN): S.OPEN,
}
# Things that are notified about a case and leave it where it is.
STAYS = (
    *(A.OBJECT, A.SETTLE, A.ANSWER, A.REQUEST_CHANGE, A.DECLINE_CHANGE, A.MOVE),
    *(A.PROPOSE_HOLD, A.CONFIRM_HOLD, A.DECLINE_HOLD, A.END_HOLD, A.LIFT, A.RESTORE),
)
MOVES |= {(status, action): status for status in Status for action in STAYS}

# A case in one of these is still the number's live case: a new complaint joins it.
LIVE = (S.OPEN, S.NEEDS_INFO, S.PROPOSED, S.DISPUTED, S.CONFIRMED, S.REFERRED)
# A reviewer has something to do.
IN_QUEUE = (S.OPEN, S.NEEDS_INFO, S.PROPOSED, S.DISPUTED)
# Nothing more happens unless a person opens it again.
CLOSED = (S.SPOOFED, S.DISMISSED, S.NOT_OURS, S.RELEASED)

CONFIRMS: dict[ProposalType, CaseAction] = {
    ProposalType.BLOCK: A.CONFIRM_BLOCK,
    ProposalType.SPOOFED: A.CONFIRM_SPOOFED,
    ProposalType.REFER: A.CONFIRM_REFERRAL,
}
# What one person does alone and may take back before complainants hear of it.
UNDOABLE = (A.ASK, A.DISMISS, A.DECLARE_NOT_OURS)
# The steps that decide something: counted on the dashboard, drawn for a later quality review.
DECISIONS = (*CONFIRMS.values(), A.DISMISS, A.DECLARE_NOT_OURS)
DECIDES = (*CONFIRMS.values(), A.REJECT, A.DISMISS, A.DECLARE_NOT_OURS)


def after(status: str, action: CaseAction) -> Status:
    """The status after this action. Raises WrongState when the table has no such move."""
    try:
        return MOVES[Status(status), action]
    except KeyError:
        raise not_possible_in(status, action=action.value) from None


def not_possible_in(status: str, **details: str) -> WrongState:
    """The refusal of a step that a case in this status does not allow."""
    return WrongState(
        "wrong_state",
        _("This case is “%(status)s”; that step is not possible now.") % {"status": Status(status).label},
        status=status,
        **details,
    )
