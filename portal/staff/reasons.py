"""The reasons that reviewers pick from, in both languages; kept up by those who may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.cases import services
from aduan.cases.models import CannedReason
from aduan.cases.workflow import Action
from aduan.complaints.categories import choices as categories
from aduan.complaints.categories import label_of
from portal.staff.base import ReviewAdmin
from portal.staff.rendering import staff_user
from portal.staff.site import site

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

# The steps in which a person picks a reason from the list.
STEPS = [
    (step.value, step.label) for step in (Action.PROPOSE, Action.ASK, Action.DISMISS, Action.DECLARE_NOT_OURS)
]


class StepFilter(admin.SimpleListFilter):
    title = _("step")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return STEPS

    def queryset(self, request: HttpRequest, queryset: QuerySet[CannedReason]) -> QuerySet[CannedReason]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class ReasonForm(forms.ModelForm[CannedReason]):
    """Only steps that ask for a reason, only categories that exist."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if action := self.fields.get("action"):
            action.widget = forms.Select(choices=[("", "–"), *STEPS])
        if category := self.fields.get("category"):
            category.widget = forms.Select(choices=[("", _("every category")), *categories()])


@admin.register(CannedReason, site=site)
class CannedReasonAdmin(ReviewAdmin[CannedReason]):
    view_permission = Permission.VIEW_CASES
    edit_permission = Permission.EDIT_REASONS

    form = ReasonForm
    list_display = ("code", "action", "category_word", "text_id", "text_en", "active")
    list_filter = (StepFilter, "active")
    search_fields = ("code", "text_id", "text_en")

    @admin.display(description=_("category"), ordering="category")
    def category_word(self, reason: CannedReason) -> str:
        return label_of(reason.category) if reason.category else str(_("all"))

    def get_readonly_fields(self, request: HttpRequest, obj: CannedReason | None = None) -> tuple[str, ...]:
        """A code that was used in a decision keeps its meaning for ever: only its texts may be polished."""
        return ("code", "action") if obj else ()

    def save_model(self, request: HttpRequest, obj: CannedReason, form: Any, change: bool) -> None:
        saved = services.save_reason(
            by=staff_user(request),
            at=timezone.now(),
            code=obj.code,
            action=obj.action,
            category=obj.category,
            text_id=obj.text_id,
            text_en=obj.text_en,
            active=obj.active,
        )
        obj.pk = saved.pk

    # The service writes the audit log.

    def log_addition(self, request: HttpRequest, obj: CannedReason, message: Any) -> None:  # type: ignore[override]
        return

    def log_change(self, request: HttpRequest, obj: CannedReason, message: Any) -> None:  # type: ignore[override]
        return
