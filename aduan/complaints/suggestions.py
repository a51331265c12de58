"""The evidence coach: what is still weak about a complaint, and why it matters.

It advises, it never refuses. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aduan.complaints import categories
from aduan.complaints.types import Channel, Hint

if TYPE_CHECKING:
    from collections.abc import Callable

    from aduan.complaints.types import ComplaintData, Upload

_SHORT: Final = 60  # characters below which a narrative seldom tells who wanted what
_WRITTEN: Final = frozenset({Channel.SMS, Channel.WHATSAPP, Channel.TELEGRAM})
_WRITES_MONEY: Final = ("transfer", "rekening", "bayar", "kirim uang", "deposit", "biaya", "paid", "payment")


def improvement_hints(report: ComplaintData, uploads: Sequence[Upload] = ()) -> list[Hint]:
    """The weaknesses of a complaint, the most important first. Empty when nothing is missing."""
    found = (check(report, uploads) for check in _CHECKS)
    return [hint for hint in found if hint is not None]


def _evidence(report: ComplaintData, uploads: Sequence[Upload]) -> Hint | None:
    if uploads:
        return None
    if report.channel == Channel.CALL:
        return Hint(
            "recording_missing",
            _("A recording or a screenshot of your call history would help."),
            _("A call leaves no text: without a trace of it, reviewers can rarely prove what was said."),
            "evidence",
        )
    return Hint(
        "screenshot_missing",
        _("The screenshot is missing."),
        _(
            "In 2023 half of all complaints failed because nothing proved them. A screenshot that shows "
            "the number and the message is the strongest proof."
        ),
        "evidence",
    )


def _message_text(report: ComplaintData, _uploads: Sequence[Upload]) -> Hint | None:
    if report.channel not in _WRITTEN or len(report.narrative.strip()) >= _SHORT:
        return None
    return Hint(
        "message_missing",
        _("The text of the message would help. You can copy and paste it."),
        _("The same wording is often sent to thousands of people: it lets us find the other complaints."),
        "narrative",
    )


def _narrative(report: ComplaintData, _uploads: Sequence[Upload]) -> Hint | None:
    if report.channel in _WRITTEN or len(report.narrative.strip()) >= _SHORT:
        return None
    return Hint(
        "narrative_short",
        _("Tell a little more: what did they say, and what did they want from you?"),
        _("Two people who were not there must be able to understand what happened."),
        "narrative",
    )


def _time(report: ComplaintData, _uploads: Sequence[Upload]) -> Hint | None:
    if report.occurred_at is not None:
        return None
    message = _("When did they call?") if report.channel == Channel.CALL else _("When did the message come?")
    return Hint(
        "time_missing",
        message,
        _("Numbers change hands. The date shows who held this one when it happened."),
        "occurred_at",
    )


def _account(report: ComplaintData, _uploads: Sequence[Upload]) -> Hint | None:
    text = report.narrative.casefold()
    if report.bank_account or not (report.loss or any(word in text for word in _WRITES_MONEY)):
        return None
    return Hint(
        "account_missing",
        _("If they named a bank account or e-wallet, add it."),
        _(
            "The account links this number to others of the same group, "
            "and your bank needs it to stop the money."
        ),
        "bank_account",
    )


def _link(report: ComplaintData, _uploads: Sequence[Upload]) -> Hint | None:
    category = categories.all_categories().get(report.category)
    if report.link or category is None or category.code not in {"PHISHING", "APK", "KURIR"}:
        return None
    return Hint(
        "link_missing",
        _("If they sent a link, copy its address. Do not open it again."),
        _("The address can be taken down, and it ties together complaints about different numbers."),
        "link",
    )


def _contact(report: ComplaintData, _uploads: Sequence[Upload]) -> Hint | None:
    if report.contact_email or report.contact_phone:
        return None
    return Hint(
        "contact_missing",
        _("Leave an e-mail address if you like."),
        _(
            "We can then ask when something is missing, instead of closing the case. We never pass it on, "
            "and never ask for an identity card."
        ),
        "contact_email",
    )


_CHECKS: Final[tuple[Callable[[ComplaintData, Sequence[Upload]], Hint | None], ...]] = (
    _evidence,
    _message_text,
    _narrative,
    _time,
    _account,
    _link,
    _contact,
)
