"""Who acts for an operator: a person, or a machine with an access key.

Every act at the operators' interfaces has an `Actor`: one operator, and either a person or a key of it.
Packages above take the actor, never a request; what an actor may do is decided here, by permission or by
scope.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden
from aduan.operators import access_key_format
from aduan.operators.alerts import notify_managers
from aduan.operators.key_lookup import key_with_prefix
from aduan.operators.models import AccessKey, Operator, OperatorMember

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrOrPromise

_USE_NOTED_EVERY: Final = dt.timedelta(minutes=1)

SCOPE_FOR: Final = {
    Permission.FETCH_LISTS: AccessKey.Scope.LIST_READ,
    Permission.REPORT_OUTCOMES: AccessKey.Scope.REPORT_WRITE,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or something that acts for one operator."""

    operator: Operator
    user: User | None = None
    access_key: AccessKey | None = None
    manages: bool = False

    @property
    def label(self) -> str:
        """How the audit log names it: `user:7` or `key:1a2b3c4d`."""
        return (
            f"user:{self.user.pk}"
            if self.user
            else f"key:{self.access_key.prefix if self.access_key else '?'}"
        )

    def has_permission(self, permission: Permission) -> bool:
        if self.access_key is not None:
            return SCOPE_FOR.get(permission) in self.access_key.scopes
        return self.user is not None and self.user.has_permission(permission)

    def require(self, permission: Permission) -> None:
        """Raises Forbidden unless the person's role or the key's scope allows it."""
        if not self.has_permission(permission):
            raise Forbidden(
                "scope_missing",
                _("This needs the scope “%(scope)s”.") % {"scope": SCOPE_FOR.get(permission, permission)},
                scope=str(SCOPE_FOR.get(permission, permission)),
            )

    def must_manage(self) -> User:
        """The person, who must manage the keys and people of the operator. Raises Forbidden."""
        if self.user is None or not self.manages or not self.user.is_active:
            raise Forbidden("not_manager", _("Only people who manage the organisation's access may do this."))
        return self.user


class KeyRefused(Forbidden):
    """A key that gives no access; `status` says whether it is unknown (401) or not allowed here (403)."""

    def __init__(self, code: str, message: StrOrPromise, *, status: int = 401) -> None:
        super().__init__(code, message)
        self.status = status


def actor_for(user: User) -> Actor:
    """The actor of a logged-in person. Raises Forbidden for anybody who does not work for an operator."""
    person = OperatorMember.objects.select_related("operator").filter(user=user, user__is_active=True).first()
    if person is None or not user.has_permission(Permission.FETCH_LISTS):
        raise Forbidden("not_operator", _("This page is for operators' people."))
    return Actor(operator=person.operator, user=user, manages=person.manages_keys)


def actor_with_key(text: str, *, address: str, at: dt.datetime) -> Actor:
    """The actor of a machine's key. Asks the database each time, so that a revocation counts at once.

    Raises KeyRefused: 401 for an unknown, expired or revoked key, 403 from an address outside its list. The
    foreign use is written down here, so call this outside any transaction that the refusal will roll back.
    """
    prefix = access_key_format.prefix_of(text)
    key = key_with_prefix(prefix) if prefix else None
    if key is None or not access_key_format.fits(text, key.secret_hash) or key.revoked_at is not None:
        raise KeyRefused("key_invalid", _("This key is not known or was revoked."))
    if key.expires_at <= at:
        raise KeyRefused("key_expired", _("This key has expired."))
    if key.allowed_networks and not access_key_format.within(address, key.allowed_networks):
        note_misuse(key, AccessKey.Misuse.FOREIGN_ADDRESS, at=at)
        raise KeyRefused("address_not_allowed", _("This key may not be used from this address."), status=403)
    if key.last_used_at is None or key.last_used_at <= at - _USE_NOTED_EVERY:
        AccessKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return Actor(operator=key.operator, access_key=key)


def note_key_in_address(texts: Sequence[str], *, at: dt.datetime) -> None:
    """Keys seen in a URL stand in logs from now on: alarm anyone who manages them."""
    for text in texts:
        key = AccessKey.objects.filter(prefix=access_key_format.prefix_of(text), revoked_at=None).first()
        if key is not None and access_key_format.fits(text, key.secret_hash):
            note_misuse(key, AccessKey.Misuse.IN_URL, at=at)


_MISUSES: Final = {
    AccessKey.Misuse.FOREIGN_ADDRESS: AuditAction.ACCESS_KEY_FOREIGN_ADDRESS,
    AccessKey.Misuse.IN_URL: AuditAction.ACCESS_KEY_IN_URL,
}


def note_misuse(key: AccessKey, kind: AccessKey.Misuse, *, at: dt.datetime) -> None:
    """Write a misuse down and alarm the operator's managers, at most once an hour a key and kind."""
    with transaction.atomic():
        AccessKey.objects.filter(pk=key.pk).update(misused_at=at, misuse=kind)
        if notify_managers(
            key.operator, f"key_{kind}", once=f"key:{key.pk}:{at:%Y%m%d%H}", at=at, name=key.name
        ):
            audit_log.record(
                _MISUSES[kind], actor=f"key:{key.prefix}", subject=f"operator:{key.operator_id}", at=at
            )
