"""Who a person is: one staff number, one mailbox, one log-in; and which roles go together."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import MINISTRY_ROLES, Role
from aduan.core.contacts import mailbox_of, plain_staff_number
from aduan.core.errors import Invalid

# An administrator could create a second log-in for themselves: they neither decide nor release.
DECIDING = frozenset({Role.REVIEWER, Role.APPROVER, Role.LIST_MANAGER})


def require_free_identity(
    name: str, email: str, staff_number: str, *, of: User | None = None
) -> tuple[str, str, str]:
    """The three, normalised. Raises Invalid when one cannot be read or belongs to another log-in."""
    name, email, staff_number = name.strip(), email.strip().lower(), staff_number.strip()
    others = User.objects.exclude(pk=of.pk) if of else User.objects.all()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid("email_unreadable", _("This is not an e-mail address."), field="email") from error
    if not name or not staff_number:
        raise Invalid("name_missing", _("Name and staff number are needed."), field="name")
    staff = list(others.exclude(roles=[Role.OPERATOR_PERSON]))
    mailboxes = {mailbox_of(one.email) for one in staff}
    if mailbox_of(email) in mailboxes or others.filter(email=email).exists():
        raise Invalid("email_taken", _("There is a log-in with this e-mail address."), field="email")
    numbers = {plain_staff_number(one.staff_number) for one in staff}
    if plain_staff_number(staff_number) in numbers or others.filter(staff_number=staff_number).exists():
        raise Invalid(
            "staff_number_taken",
            _("This person has a log-in already: one staff number, one log-in."),
            field="staff_number",
        )
    return name, email, staff_number


def require_staff_roles(roles: Iterable[str]) -> list[str]:
    """The roles, sorted. Raises Invalid for none, unknown ones, or two that exclude each other."""
    given = sorted(set(roles))
    if not given or not MINISTRY_ROLES.issuperset(given):
        raise Invalid("roles_unknown", _("Choose at least one role of the ministry."), field="roles")
    if Role.ADMINISTRATOR in given and DECIDING.intersection(given):
        raise Invalid(
            "roles_exclude_each_other",
            _("Who administers log-ins neither decides cases nor releases lists: choose one or the other."),
            field="roles",
        )
    return given
