"""The reasons that reviewers pick from, in both languages; kept up by those who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.utils import timezone

from aduan.accounts.roles import Permission
from aduan.cases import services
from aduan.cases.models import CannedReason
from portal.review.base import ReviewAdmin
from portal.review.shown import person
from portal.review.site import site

if TYPE_CHECKING:
    from django.http import HttpRequest


@admin.register(CannedReason, site=site)
class CannedReasonAdmin(ReviewAdmin[CannedReason]):
    view_permission = Permission.VIEW_CASES
    edit_permission = Permission.EDIT_REASONS

    list_display = ("code", "action", "category", "text_id", "text_en", "active")
    list_filter = ("action", "active")
    search_fields = ("code", "text_id", "text_en")

    def get_readonly_fields(self, request: HttpRequest, obj: CannedReason | None = None) -> tuple[str, ...]:
        """A code that was used in a decision keeps its meaning for ever: only its texts may be polished."""
        return ("code", "action") if obj else ()

    def save_model(self, request: HttpRequest, obj: CannedReason, form: Any, change: bool) -> None:
        saved = services.save_reason(
            by=person(request),
            at=timezone.now(),
            code=obj.code,
            action=obj.action,
            category=obj.category,
            text_id=obj.text_id,
            text_en=obj.text_en,
            active=obj.active,
        )
        obj.pk = saved.pk

    # The service writes the ledger.

    def log_addition(self, request: HttpRequest, obj: CannedReason, message: Any) -> None:  # type: ignore[override]
        return

    def log_change(self, request: HttpRequest, obj: CannedReason, message: Any) -> None:  # type: ignore[override]
        return
