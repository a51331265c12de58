"""The reasons that reviewers pick from, in both languages; kept up by those who may."""

from __future__ import annotations

from django.contrib import admin

from aduan.accounts.roles import Permission
from aduan.cases.models import CannedReason
from portal.review.base import ReviewAdmin
from portal.review.site import site


@admin.register(CannedReason, site=site)
class CannedReasonAdmin(ReviewAdmin[CannedReason]):
    view_permission = Permission.VIEW_CASES
    edit_permission = Permission.EDIT_REASONS

    list_display = ("code", "action", "category", "text_id", "text_en", "active")
    list_filter = ("action", "active")
    search_fields = ("code", "text_id", "text_en")

    def get_readonly_fields(self, request, obj=None):  # type: ignore[no-untyped-def]
        """A code that was used in a decision keeps its meaning for ever: only its texts may be polished."""
        return ("code", "action") if obj else ()
