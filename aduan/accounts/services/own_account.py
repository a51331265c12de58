"""No one has power over their own account, under whichever log-in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.core.errors import Forbidden


def require_other_person(user: User, *, by: User) -> None:
    """Raises Forbidden when both are one human."""
    if by.same_human(user):
        raise Forbidden("own_account", _("No one changes their own account: ask another administrator."))
