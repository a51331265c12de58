"""Access keys of machines: made, replaced, revoked by those of the operator's people who manage access."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.step_up import application_mac
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.operators import access_key_format
from aduan.operators.models import AccessKey, Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aduan.accounts.models import User
    from aduan.operators.actors import Actor

DEFAULT_LIFE: Final = dt.timedelta(days=90)
LONGEST_LIFE: Final = dt.timedelta(days=365)
LONGEST_OVERLAP: Final = dt.timedelta(days=7)


@transaction.atomic
def create_key(
    operator: Operator,
    *,
    by: Actor,
    name: str,
    scopes: Sequence[str],
    networks: Sequence[str] = (),
    life: dt.timedelta = DEFAULT_LIFE,
    at: dt.datetime,
) -> tuple[AccessKey, str]:
    """A new key and its text, which no one can see again.

    Raises Invalid, Forbidden, and WrongState when the name has a current key already: rotate that one.
    """
    user = _manager_of(operator, by)
    name = name.strip()
    if not name:
        raise Invalid("name_missing", _("Give the key a name, such as the machine that will use it."))
    key, text = _unsaved(operator, user=user, name=name, scopes=scopes, networks=networks, life=life, at=at)
    _retire_expired(operator, name, at=at)
    _save(key)
    _record(AuditAction.ACCESS_KEY_CREATE, key, by=by, at=at)
    return key, text


@transaction.atomic
def rotate_key(
    key: AccessKey, *, by: Actor, overlap: dt.timedelta = LONGEST_OVERLAP, at: dt.datetime
) -> tuple[AccessKey, str]:
    """A successor with the same name, scopes and addresses.

    The old key stays good for `overlap`, a week at most, so that no download is missed. Raises WrongState
    while the key before is still being replaced.
    """
    key = AccessKey.objects.select_for_update().get(pk=key.pk)
    user = _manager_of(key.operator, by)
    if key.revoked_at is not None or key.rotated_at is not None:
        raise WrongState("key_replaced", _("This key was replaced or revoked already."))
    if not dt.timedelta() <= overlap <= LONGEST_OVERLAP:
        raise Invalid("overlap_too_long", _("Both keys can be good together for seven days at most."))
    _retire_expired(key.operator, key.name, at=at)
    life = min(max(key.expires_at - key.created_at, DEFAULT_LIFE), LONGEST_LIFE)
    successor, text = _unsaved(
        key.operator,
        user=user,
        name=key.name,
        scopes=key.scopes,
        networks=key.allowed_networks,
        life=life,
        at=at,
    )
    if (
        AccessKey.objects.filter(operator=key.operator, name=key.name, revoked_at=None)
        .exclude(pk=key.pk)
        .exists()
    ):
        raise WrongState(
            "two_keys_live", _("Two keys of this name are good already. Revoke the older one first.")
        )
    key.rotated_at, key.expires_at = at, min(key.expires_at, at + overlap)
    key.save(update_fields=["rotated_at", "expires_at"])
    _save(successor)
    _record(AuditAction.ACCESS_KEY_ROTATE, successor, by=by, at=at, replaces=key.prefix)
    return successor, text


@transaction.atomic
def revoke_key(key: AccessKey, *, by: Actor, at: dt.datetime) -> None:
    """The key opens nothing from the commit on: every request asks the database. Twice is fine."""
    user = _manager_of(key.operator, by)
    if AccessKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at, revoked_by=user):
        _record(AuditAction.ACCESS_KEY_REVOKE, key, by=by, at=at)


def keys_of(operator: Operator, *, at: dt.datetime) -> list[AccessKey]:
    """Good keys first, then the ten that ended last; for the page of keys."""
    good = Q(revoked_at=None, expires_at__gt=at)
    keys = AccessKey.objects.filter(operator=operator)
    return [*keys.filter(good), *keys.exclude(good).order_by("-created_at")[:10]]


def _manager_of(operator: Operator, by: Actor) -> User:
    if by.operator.pk != operator.pk:
        raise Forbidden("not_own", _("This belongs to another organisation."))
    return by.must_manage()


def _unsaved(
    operator: Operator,
    *,
    user: User,
    name: str,
    scopes: Sequence[str],
    networks: Sequence[str],
    life: dt.timedelta,
    at: dt.datetime,
) -> tuple[AccessKey, str]:
    if not scopes or set(scopes) - set(AccessKey.Scope.values):
        raise Invalid("scope_unknown", _("Choose what the key may do."))
    if not dt.timedelta(hours=1) <= life <= LONGEST_LIFE:
        raise Invalid("life_unusual", _("A key lives between an hour and 365 days."))
    try:
        spelled = sorted({access_key_format.network(entry) for entry in networks if entry.strip()})
    except ValueError as error:
        raise Invalid(
            "network_unreadable", _("“%(text)s” is not an address or network.") % {"text": error}
        ) from error
    new = access_key_format.new_key()
    key = AccessKey(
        operator=operator,
        name=name,
        prefix=new.prefix,
        secret_hash=new.hash,
        scopes=sorted(set(scopes)),
        allowed_networks=spelled,
        created_by=user,
        created_at=at,
        expires_at=at + life,
    )
    key.mac = _mac(key)
    return key, new.text


def _mac(key: AccessKey) -> bytes:
    """By which `sql/access_by_application` knows that the application made the key."""
    return application_mac(
        "access_key",
        key.prefix,
        key.secret_hash,
        key.operator_id,
        ",".join(key.scopes),
        ",".join(key.allowed_networks),
        key.expires_at,
    )


def _save(key: AccessKey) -> None:
    try:
        with transaction.atomic():
            key.save()
    except IntegrityError as error:
        raise WrongState(
            "name_taken", _("A key of this name is good already. Replace that one instead.")
        ) from error


def _retire_expired(operator: Operator, name: str, *, at: dt.datetime) -> None:
    """Expired keys of a name no longer stand in the way of new ones."""
    AccessKey.objects.filter(operator=operator, name=name, revoked_at=None, expires_at__lte=at).update(
        revoked_at=at
    )


def _record(action: AuditAction, key: AccessKey, *, by: Actor, at: dt.datetime, **detail: str) -> None:
    audit_log.record(
        action,
        actor=by.label,
        subject=f"operator:{key.operator_id}",
        at=at,
        detail={"key": key.prefix, "scopes": key.scopes, **detail},
    )
