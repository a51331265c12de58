"""Protecting numbers and ending a protection: two people as soon as blocks, or many numbers, are at stake.

A protection ends the blocks of its numbers; the end of a protection puts nothing back.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.step_up import StepUp
from aduan.cases.models import ChangeRequest
from aduan.cases.queries.change_requests import Effect, effect_of_pattern
from aduan.cases.services.change_requests import (
    audit_request,
    confirm_request,
    lock_request,
    open_request,
    require_another,
)
from aduan.cases.services.closures import require_text
from aduan.cases.services.number_facts import sync_lookalike_flags
from aduan.cases.services.releases import set_protected
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid, WrongState
from aduan.numbers import services as numbers
from aduan.numbers.models import ProtectedNumber
from aduan.numbers.queries import is_protected, numbers_under


@transaction.atomic
def protect_number(
    text: str, *, owner: str, kind: str, source: str, reason: str, by: User, at: dt.datetime
) -> ProtectedNumber:
    """Protects a number that is not blocked, and tells its cases. Raises Forbidden `takes_two` else."""
    row = numbers.protect(text, owner=owner, kind=kind, source=source, reason=reason, by=by, at=at)
    _update_cases(row, at=at)
    return row


@transaction.atomic
def unprotect_number(row: ProtectedNumber, *, reason: str, by: User, at: dt.datetime) -> ProtectedNumber:
    """Ends the protection of a number that was never blocked. Raises Forbidden `takes_two` else."""
    row = numbers.unprotect(row, reason=reason, by=by, at=at)
    _update_cases(row, at=at)
    return row


@transaction.atomic
def request_protection(
    text: str,
    *,
    owner: str,
    kind: str,
    source: str,
    reason: str,
    seen_digest: str,
    by: User,
    step_up: StepUp,
    at: dt.datetime,
) -> ChangeRequest:
    """Asks for a protection that ends blocks. `seen_digest` is that of the blocks on the asker's screen."""
    by.require(Permission.EDIT_REGISTER)
    require_text(reason)
    if not owner.strip() or not source.strip():
        raise Invalid("owner_missing", _("Please say whose number it is, how you know, and why."))
    pattern = numbers.pattern_of(text)
    request = ChangeRequest(
        kind=ChangeRequest.Kind.PROTECT,
        pattern=pattern,
        owner=owner.strip(),
        owner_kind=kind,
        source=source.strip(),
    )
    return _ask(request, reason=reason, seen_digest=seen_digest, by=by, step_up=step_up, at=at)


@transaction.atomic
def request_unprotection(
    row: ProtectedNumber, *, reason: str, seen_digest: str, by: User, step_up: StepUp, at: dt.datetime
) -> ChangeRequest:
    """Asks for the end of a protection under which numbers were blocked before. It puts nothing back."""
    by.require(Permission.EDIT_REGISTER)
    require_text(reason)
    if not row.active:
        raise WrongState("not_protected", _("This number is no longer protected."))
    request = ChangeRequest(kind=ChangeRequest.Kind.UNPROTECT, pattern=row.pattern, protected=row)
    return _ask(request, reason=reason, seen_digest=seen_digest, by=by, step_up=step_up, at=at)


@transaction.atomic
def confirm_protection(
    request: ChangeRequest, *, by: User, step_up: StepUp, at: dt.datetime, seen_digest: str
) -> ProtectedNumber:
    """The second person, over the list of blocks they saw: the register changes, and the blocks end now."""
    request = lock_request(request, by=by)
    require_another(request, by)
    begins = request.kind == ChangeRequest.Kind.PROTECT
    if request.kind not in (ChangeRequest.Kind.PROTECT, ChangeRequest.Kind.UNPROTECT):
        raise WrongState("other_kind", _("This request asks for something else."))
    effect = _seen(request.pattern, seen_digest, begins=begins)
    confirm_request(request, by=by, step_up=step_up, at=at, digest=seen_digest)
    row = _protect(request, by=by, at=at) if begins else _unprotect(request, by=by, at=at)
    _update_cases(row, at=at, under=request if begins else None)
    audit_request(
        AuditAction.NUMBER_CONFIRM_CHANGE, request, by=by, at=at, ended=effect.count if begins else 0
    )
    return row


def _ask(
    request: ChangeRequest, *, reason: str, seen_digest: str, by: User, step_up: StepUp, at: dt.datetime
) -> ChangeRequest:
    effect = _seen(request.pattern, seen_digest, begins=request.kind == ChangeRequest.Kind.PROTECT)
    request.reason, request.seen_digest = reason.strip(), seen_digest
    request.block_count = effect.count
    open_request(request, by=by, step_up=step_up, at=at)
    audit_request(AuditAction.NUMBER_REQUEST_CHANGE, request, by=by, at=at)
    return request


def _seen(pattern: str, seen_digest: str, *, begins: bool) -> Effect:
    effect = effect_of_pattern(pattern, begins=begins)
    if seen_digest != effect.digest:
        raise WrongState(
            "contents_changed",
            _("The blocks under this number have changed since you opened the list. Look at it again."),
        )
    return effect


def _protect(request: ChangeRequest, *, by: User, at: dt.datetime) -> ProtectedNumber:
    row = numbers.protect_pattern(
        request.pattern,
        owner=request.owner,
        kind=request.owner_kind,
        source=request.source,
        reason=request.reason,
        by=by,
        at=at,
    )
    request.protected = row
    request.save(update_fields=["protected"])
    return row


def _unprotect(request: ChangeRequest, *, by: User, at: dt.datetime) -> ProtectedNumber:
    row = request.protected
    if row is None:
        raise WrongState("other_kind", _("This request asks for something else."))
    return numbers.unprotect(row, reason=request.reason, by=by, at=at)


def _update_cases(row: ProtectedNumber, *, at: dt.datetime, under: ChangeRequest | None = None) -> int:
    """Tells the cases of its numbers and of its look-alikes. Another row may still protect a number."""
    touched = sum(
        set_protected(number, protected=is_protected(number), at=at, under=under)
        for number in numbers_under(row.pattern)
    )
    return touched + sync_lookalike_flags(at=at)
