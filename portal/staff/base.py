"""What model pages of this site share: permissions from roles, no deletion, changes in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.utils import timezone

from aduan.accounts.models import User
from aduan.core import audit_log

if TYPE_CHECKING:
    from django.http import HttpRequest

    from aduan.accounts.roles import Permission

M = TypeVar("M", bound=Model)


class ReviewAdmin(admin.ModelAdmin[M]):
    """A model page. Without `edit_permission` it only shows: what has a life cycle is changed by services."""

    view_permission: ClassVar[Permission]
    edit_permission: ClassVar[Permission | None] = None
    may_add: ClassVar[bool] = True

    actions = None
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False
    show_facets = admin.ShowFacets.NEVER

    def _may(self, request: HttpRequest, permission: Permission | None) -> bool:
        user = request.user
        return permission is not None and isinstance(user, User) and user.has_permission(permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.view_permission)

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self._may(request, self.view_permission)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return self._may(request, self.edit_permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and self._may(request, self.edit_permission)

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    # The audit log instead of Django's own log: append-only and chained.

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> None:  # type: ignore[override]
        _record(request, "add", obj, message)

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> None:  # type: ignore[override]
        _record(request, "change", obj, message)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The heading names what is listed, as on every other page of the desk."""
        title = str(self.model._meta.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Django's own log stays empty; the audit log's page shows what happened to one object."""
        from django.shortcuts import redirect

        return redirect("staff:index")


def _record(request: HttpRequest, action: str, obj: Model, message: Any) -> None:
    """Names of the changed fields only: values may be personal data, and the audit log is never erased."""
    fields = [name for part in message if isinstance(part, dict) for name in _fields(part)]
    audit_log.record(
        f"{obj._meta.label_lower}.{action}",
        actor=f"user:{request.user.pk}",
        subject=f"{obj._meta.model_name}:{obj.pk}",
        at=timezone.now(),
        detail={"fields": fields},
    )


def _fields(part: dict[str, Any]) -> list[str]:
    changes = [change for change in part.values() if isinstance(change, dict)]
    return [str(name) for change in changes for name in change.get("fields", [])]
