"""What complainants are notified about, when, and the standard texts. Pure.

A reviewer's note is for colleagues and never part of it: the text comes from the reason that was chosen, or
from what the reviewer wrote for the complainants.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from aduan.cases.workflow import CONFIRMS, CaseAction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

TEXT_MAX: Final = 1000
# Announced when the list that carries it is published: a complaint about one's own number gives away
# nothing that the number check would not tell.
AFTER_PUBLICATION: Final = (CaseAction.CONFIRM_BLOCK, CaseAction.CONFIRM_REFERRAL)


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A text for the complainants in both languages. `next_steps` are codes of `aduan.cases.next_steps`."""

    id: str = ""
    en: str = ""
    next_steps: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.id or self.en)

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") else self.id


_MONEY: Final = ("bank", "iasc", "police")
# By act; for a release by its reason, and apart for one of a referral: that was never a block.
_STANDARD: Final[Mapping[str, tuple[StrOrPromise, tuple[str, ...]]]] = MappingProxyType(
    {
        CaseAction.ASK: (
            _("Something is still missing before your complaint can be decided."),
            ("complete",),
        ),
        CaseAction.CONFIRM_BLOCK: (
            _("Two people confirmed it: the number is to be blocked. It stands on the operator’s list."),
            _MONEY,
        ),
        CaseAction.CONFIRM_REFERRAL: (
            _(
                "Two people confirmed it. The platform or the operators were asked to act; they are not "
                "obliged to."
            ),
            ("in_app", *_MONEY),
        ),
        "unlisted": (
            _(
                "Two people confirmed it. It is an account without a phone number, which our lists cannot "
                "carry: please report it in the app as well."
            ),
            ("in_app", *_MONEY),
        ),
        CaseAction.CONFIRM_SPOOFED: (
            _(
                "The number that you saw was shown falsely; its owner did not contact you. It is not "
                "blocked. The operators were asked where it really came from."
            ),
            ("hang_up", *_MONEY),
        ),
        CaseAction.DISMISS: (_("Your complaint was closed without action."), ("again",)),
        CaseAction.DECLARE_NOT_OURS: (
            _("What you reported cannot be dealt with by blocking a number. Others can help."),
            _MONEY,
        ),
        CaseAction.RELEASE: (_("The block has ended."), ("again",)),
        "error": (
            _("The block was a mistake of ours, so we ended it. The number is no longer to be blocked."),
            ("again",),
        ),
        "expired": (
            _("The block has reached its end date. A block never lasts for ever."),
            ("again",),
        ),
        "recycled": (
            _("The operator says that the number has a new owner, so the block has ended."),
            ("again",),
        ),
        "protected": (
            _(
                "The number is an official one, and those must not be blocked: we ended the "
                "block. Callers may show it falsely."
            ),
            ("hang_up", "again"),
        ),
        "objection": (
            _("The owner of the number objected, and the objection was accepted. The block has ended."),
            ("again",),
        ),
        "referral": (_("What we asked of the platform or the operators has ended."), ("again",)),
        "referral_error": (
            _(
                "The decision was a mistake of ours, so we took it back. The platform or the operators are "
                "no longer asked to act."
            ),
            ("again",),
        ),
        "referral_expired": (
            _("What we asked of the platform or the operators has reached its end date."),
            ("again",),
        ),
        "referral_recycled": (
            _("The operator says that the number has a new owner, so we ask for nothing any more."),
            ("again",),
        ),
        "referral_objection": (
            _(
                "The owner of the number objected, and the objection was accepted. The platform or the "
                "operators are no longer asked to act."
            ),
            ("again",),
        ),
    }
)
NOTIFIED: Final = (
    CaseAction.ASK,
    *CONFIRMS.values(),
    CaseAction.DISMISS,
    CaseAction.DECLARE_NOT_OURS,
    CaseAction.RELEASE,
)


def standard_text(
    action: CaseAction, reason_code: str = "", *, listed: bool = True, referred: bool = False
) -> NoticeText:
    """The text of an act without a reason's own; of a release by its reason.

    `listed`: whether a list can carry the number, which it cannot for an account without digits.
    `referred`: what is released is a referral.
    """
    key: str = action
    if action == CaseAction.RELEASE:
        own = f"referral_{reason_code}" if referred else reason_code
        key = own if own in _STANDARD else "referral" if referred else action
    elif action == CaseAction.CONFIRM_REFERRAL and not listed:
        key = "unlisted"
    text, steps = _STANDARD[key]
    return NoticeText(_in("id", text), _in("en", text), steps)


def text_for(standard: NoticeText, canned: NoticeText, written: NoticeText, *, decided: bool) -> NoticeText:
    """What is announced: what the reviewer wrote, else the reason's own text, else the act's standard.

    A confirmed proposal (`decided`) says first what was decided, then the reason. A text written in one
    language only stands in both: better the right words in the other language than wrong ones in one's own.
    """
    steps = canned.next_steps or standard.next_steps
    own = canned
    if written:
        own = NoticeText(written.id or written.en, written.en or written.id)
    if not own:
        return NoticeText(standard.id, standard.en, steps)
    if decided:
        own = NoticeText(f"{standard.id} {own.id}", f"{standard.en} {own.en}")
    return NoticeText(own.id, own.en, steps)


def _in(language: str, text: StrOrPromise) -> str:
    with override(language):
        return str(text)
