"""What a key may do. Nothing, unless a view says which scope it needs."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from aduan.accounts.roles import Permission
from aduan.operators.actors import Actor


class DenyAll(BasePermission):
    """The default of settings.REST_FRAMEWORK: a view that forgets its permission is closed."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class HasKey(BasePermission):
    """Any good key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, Actor)


class HasScope(HasKey):
    """A good key with the scope that belongs to `view.needs`. Raises Forbidden with the scope's name."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        needs: Permission = view.needs
        actor: Actor = request.auth  # type: ignore[assignment]  # HasKey has just looked
        actor.require(needs)
        return True
