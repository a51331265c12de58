"""Codes of lists and outcomes with their labels. A code is stored; a label is what people read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StopReason(models.TextChoices):
    """Why a list is stopped until two list managers resume it, or until it is rejected."""

    TOO_MANY_ADDITIONS = "too_many_additions", _("Unusually many additions")
    EMPTY = "empty", _("The list is empty, the one before was not")
    SHRUNK = "shrunk", _("Unusually many removals")
    FREED = "freed", _("People freed many numbers, or a whole prefix")
    PREFIX_BLOCK = "prefix_block", _("Many additions in one block of numbers")
    STRANGE_CATEGORY = "strange_category", _("A category that cannot be written into the files")
    WRONG_SHAPE = "wrong_shape", _("Numbers of an impossible length or form")
    WRONG_OPERATOR = "wrong_operator", _("Numbers in another operator's range")
    UNASSIGNED = "unassigned", _("Numbers in a range that nobody holds")
    CANARY_ASSIGNED = "canary_assigned", _("A canary number lies in an assigned range")
    NOT_TWO_PEOPLE = "not_two_people", _("Numbers that two people did not decide")
    OBJECTION = "objection", _("Numbers with an open objection")
    PROTECTED = "protected", _("Protected numbers")


class RejectedReason(models.TextChoices):
    """Why a list was rejected; what a person wrote about it stands in `rejected_note`."""

    SUPERSEDED = "superseded", _("Superseded by a newer list")
    BY_MANAGER = "by_manager", _("Rejected by a list manager")


WAITS_FOR_PERSON = "waits_for_person"  # the effect of an answer: too many new holders were named on one day


class OutcomeStatus(models.TextChoices):
    """What a receiver did about one number of a list."""

    BLOCKED = "blocked", _("blocked")
    INACTIVE = "inactive", _("already inactive")
    NOT_OURS = "not_ours", _("not our number")
    RECYCLED = "recycled", _("belongs to a new holder")
    REFUSED = "refused", _("refused")
    UNBLOCKED = "unblocked", _("block lifted")


class ReminderKind(models.TextChoices):
    """What list managers and an operator's managers are reminded of, once per list."""

    NOT_FETCHED = "list_not_fetched", _("List not fetched")
    DUE = "list_due", _("Outcomes due soon")
    OVERDUE = "list_overdue", _("Outcomes overdue")
    UNANSWERED = "list_unanswered", _("Referrals not yet answered")
    DIFFERS = "list_differs", _("Outcomes differ from the list")
