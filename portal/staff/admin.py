"""The model pages of the staff site.

Only reference data has one (ADR 0018). Permissions come from the roles in code, nothing is deleted, and
changes go through a service, which writes the audit log in place of Django's own log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.cases import services
from aduan.cases.models import CannedReason
from aduan.cases.next_steps import NEXT_STEPS
from aduan.cases.notices import NoticeText
from aduan.cases.workflow import CaseAction
from aduan.complaints.categories import choices as categories
from aduan.complaints.categories import label_of
from aduan.core.queries import AuditLogFilter, audit_log_page
from portal.staff.audit import readable_entries
from portal.staff.rendering import parse_id, render_staff_page, staff_user
from portal.staff.site import site

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

# The steps in which a person picks a reason from the list.
STEPS = [
    (step.value, step.label)
    for step in (CaseAction.PROPOSE, CaseAction.ASK, CaseAction.DISMISS, CaseAction.DECLARE_NOT_OURS)
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
        if "next_steps" in self.fields:
            self.fields["next_steps"] = forms.MultipleChoiceField(
                label=_("What the complainants can do then"),
                required=False,
                choices=[(step.code, step.text) for step in NEXT_STEPS.values()],
                widget=forms.CheckboxSelectMultiple,
            )


@admin.register(CannedReason, site=site)
class CannedReasonAdmin(admin.ModelAdmin[CannedReason]):
    """Canned reasons: read by everyone who sees cases, changed by those who may edit reasons."""

    form = ReasonForm
    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_display = ("code", "action", "category_word", "text_id", "text_en", "active")
    list_filter = (StepFilter, "active")
    search_fields = ("code", "text_id", "text_en")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return staff_user(request).has_permission(Permission.VIEW_CASES)

    def has_view_permission(self, request: HttpRequest, obj: CannedReason | None = None) -> bool:
        return staff_user(request).has_permission(Permission.VIEW_CASES)

    def has_change_permission(self, request: HttpRequest, obj: CannedReason | None = None) -> bool:
        return staff_user(request).has_permission(Permission.EDIT_REASONS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return staff_user(request).has_permission(Permission.EDIT_REASONS)

    def has_delete_permission(self, request: HttpRequest, obj: CannedReason | None = None) -> bool:
        return False

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
            notice=NoticeText(obj.notice_id, obj.notice_en, tuple(obj.next_steps)),
            active=obj.active,
        )
        obj.pk = saved.pk

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The heading names what is listed, as on the other pages of the site."""
        title = capfirst(str(self.model._meta.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The audit entries of this reason, the newest first."""
        reason = self.get_object(request, object_id)
        if reason is None:
            raise Http404
        if not self.has_view_permission(request, reason):
            raise PermissionDenied
        wanted = AuditLogFilter(subject=f"reason:{reason.code}", before=parse_id(request.GET.get("before")))
        rows, further = audit_log_page(wanted)
        context = {
            "title": _("History: %(name)s") % {"name": reason.code},
            "rows": list(readable_entries(rows)),
            "versions": reason.events.order_by("-pgh_id")[:50],  # type: ignore[attr-defined]  # by pghistory
            "further": further,
            "back": reverse("staff:cases_cannedreason_change", args=[reason.pk]),
        }
        return render_staff_page(request, "staff/object_history.html", context | (extra_context or {}))

    # The service has written the audit log; Django's own log stays empty.

    def log_addition(self, request: HttpRequest, obj: CannedReason, message: Any) -> None:  # type: ignore[override]
        return

    def log_change(self, request: HttpRequest, obj: CannedReason, message: Any) -> None:  # type: ignore[override]
        return
