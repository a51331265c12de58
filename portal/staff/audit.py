"""The audit page: the audit log as it stands, for auditors. It only reads."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core.audit_actions import AuditAction
from aduan.core.periods import JAKARTA
from aduan.core.queries import AuditLogFilter, AuditLogRow, audit_log_page
from portal.common import signin
from portal.common.methods import post_only
from portal.staff.audit_details import describe, names_for
from portal.staff.audit_subjects import name_subjects
from portal.staff.exports import csv_response
from portal.staff.rendering import parse_id, render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
    from django_stubs_ext import StrOrPromise

PAGE_SIZE = 50
EXPORTED_AT_MOST = 100_000
NAMED_AT_ONCE = 1_000
READABLE = ("seq", "at", "who", "act", "on_what", "details")
STORED = ("actor", "action", "subject", "detail", "hash")
_CASE_REFERENCE = re.compile(r"K-0*(\d{1,18})")
_TEXT = {"class": "form-control"}


def _actions() -> list[tuple[str, StrOrPromise]]:
    return [("", _("any")), *sorted(AuditAction.choices, key=lambda choice: str(choice[1]))]


class AuditForm(forms.Form):
    who = forms.CharField(
        label=gettext_lazy("Who (e-mail)"), required=False, max_length=254, widget=forms.TextInput(_TEXT)
    )
    action = forms.CharField(
        label=gettext_lazy("Act"),
        required=False,
        max_length=60,
        widget=forms.Select({"class": "form-select"}),
    )
    subject = forms.CharField(
        label=gettext_lazy("On what"), required=False, max_length=120, widget=forms.TextInput(_TEXT)
    )
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({**_TEXT, "type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput({**_TEXT, "type": "date"})
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        widget = self.fields["action"].widget
        if isinstance(widget, forms.Select):
            widget.choices = _actions()

    def wanted(self, before: str = "") -> AuditLogFilter:
        """What was asked for; a field that cannot be read narrows nothing."""
        given: dict[str, Any] = self.cleaned_data if self.is_valid() else {}
        who = User.objects.filter(email__iexact=given["who"]).first() if given.get("who") else None
        actor = f"user:{who.pk}" if who else ("nobody" if given.get("who") else "")
        until = given.get("until")
        return AuditLogFilter(
            actor=actor,
            action=given.get("action", ""),
            subject=_stored_subject(given.get("subject", "")),
            since=_midnight(given.get("since")),
            until=_midnight(until + dt.timedelta(days=1)) if until and until < dt.date.max else None,
            before=parse_id(before),
        )


@staff_page(
    "audit/", name="audit", permission=Permission.READ_AUDIT_LOG, title=gettext_lazy("Audit"), menu_order=69
)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    form = AuditForm(request.GET)
    rows, further = audit_log_page(form.wanted(request.GET.get("before", "")), size=PAGE_SIZE)
    kept = request.GET.copy()
    kept.pop("before", None)
    return render_staff_page(
        request,
        "staff/audit.html",
        {
            "title": _("Audit"),
            "form": form,
            "rows": list(readable_entries(rows)),
            "further": further,
            "kept": kept.urlencode(),
            "first": not request.GET.get("before"),
        },
    )


@staff_page("audit/unduh/", name="audit_export", permission=Permission.READ_AUDIT_LOG)
@post_only
@signin.step_up
def export(request: HttpRequest) -> HttpResponseBase:
    wanted = AuditForm(request.POST).wanted()
    rows, _further = audit_log_page(wanted, size=EXPORTED_AT_MOST)
    return csv_response("audit", (*READABLE, *STORED), _cells(rows), by=staff_user(request))


def _cells(rows: list[AuditLogRow]) -> Iterator[tuple[object, ...]]:
    """Each entry as people read it, then as it is stored: the hash chain is verified over the latter."""
    for start in range(0, len(rows), NAMED_AT_ONCE):
        for entry in readable_entries(rows[start : start + NAMED_AT_ONCE]):
            row: AuditLogRow = entry["row"]
            yield (
                row.seq,
                row.at.isoformat(),
                entry["actor"],
                entry["action"],
                entry["subject"].name,
                entry["detail"],
                row.actor,
                row.action,
                row.subject,
                json.dumps(row.detail, sort_keys=True),
                row.hash,
            )


def _stored_subject(text: str) -> str:
    """`K-00000012`, as pages write a case, → `case:12`, as the log does; other texts as they are."""
    found = _CASE_REFERENCE.fullmatch(text.strip().upper())
    return f"case:{found[1]}" if found else text


def _midnight(day: dt.date | None) -> dt.datetime | None:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()), JAKARTA) if day else None


def readable_entries(rows: list[AuditLogRow]) -> Iterator[dict[str, Any]]:
    """The entries with the names that their reader knows; codes and primary keys stay in the export."""
    subjects = name_subjects(text for row in rows for text in (row.actor, row.subject))
    names = names_for(row.detail for row in rows)
    for row in rows:
        yield {
            "row": row,
            "action": AuditAction(row.action).label,
            "actor": subjects[row.actor].name,
            "subject": subjects[row.subject],
            "detail": describe(row.detail, names),
        }
