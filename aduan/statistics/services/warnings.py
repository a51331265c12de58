"""Public warnings: written by one person, released by a second, ended by either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.complaints.categories import all_categories
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.statistics.drafts import names_an_address
from aduan.statistics.models import LONGEST_WARNING, PublicWarning
from aduan.statistics.queries import growing_frauds

if TYPE_CHECKING:
    import datetime as dt

    from aduan.accounts.models import User


@transaction.atomic
def write_warning(*, category: str, text_id: str, text_en: str, by: User, at: dt.datetime) -> PublicWarning:
    """A warning that waits for the second person. Raises Invalid where no decided campaign is behind it."""
    by.require(Permission.EDIT_REASONS)
    behind = {one.category: one.case_count for one in growing_frauds(at=at)}
    if category not in behind or category not in all_categories():
        raise Invalid("no_campaign", _("No decided campaign of the last 30 days is behind this warning."))
    for field, text in (("text_id", text_id), ("text_en", text_en)):
        if not text.strip():
            raise Invalid("text_missing", _("Write the text in both languages."), field=field)
        if len(text) > LONGEST_WARNING:
            raise Invalid(
                "text_too_long", _("At most %(n)d characters.") % {"n": LONGEST_WARNING}, field=field
            )
        if names_an_address(text):
            raise Invalid(
                "names_an_address",
                _("A warning holds no number, link or account: it could be an innocent one tomorrow."),
                field=field,
            )
    warning = PublicWarning.objects.create(
        category=category,
        case_count=behind[category],
        text_id=text_id.strip(),
        text_en=text_en.strip(),
        written_by=by,
        written_at=at,
    )
    _record(AuditAction.WARNING_WRITE, warning, by, at)
    return warning


@transaction.atomic
def release_warning(warning: PublicWarning, *, by: User, at: dt.datetime) -> None:
    """Makes it public. Raises Forbidden for its author."""
    by.require(Permission.EDIT_REASONS)
    warning = _waiting(warning)
    if warning.released_at is not None:
        raise WrongState("warning_released", _("This warning is public already."))
    if by.same_human(warning.written_by):
        raise Forbidden("second_person_needed", _("Another person has to release what you wrote."))
    warning.released_by, warning.released_at = by, at
    warning.save(update_fields=["released_by", "released_at"])
    _record(AuditAction.WARNING_RELEASE, warning, by, at)


@transaction.atomic
def end_warning(warning: PublicWarning, *, by: User, at: dt.datetime) -> None:
    """Takes it from the page, or discards it before its release."""
    by.require(Permission.EDIT_REASONS)
    warning = _waiting(warning)
    warning.ended_by, warning.ended_at = by, at
    warning.save(update_fields=["ended_by", "ended_at"])
    _record(AuditAction.WARNING_END, warning, by, at)


def _waiting(warning: PublicWarning) -> PublicWarning:
    locked = PublicWarning.objects.select_for_update(of=("self",)).get(pk=warning.pk)
    if locked.ended_at is not None:
        raise WrongState("warning_ended", _("This warning has ended."))
    return locked


def _record(action: AuditAction, warning: PublicWarning, by: User, at: dt.datetime) -> None:
    audit_log.record(action, actor=f"user:{by.pk}", subject=f"public_warning:{warning.pk}", at=at)
