"""What two people do together beside cases, lists and accounts. See `accounts/sql/approval_request_*`."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.core.triggers import never_deleted


class ApprovalRequest(models.Model):
    """One person asks for exactly these terms, another approves them; only then is it done.

    `subject` is what it is about, as in the audit log (`operator:3`); `terms` is a JSON object with sorted
    keys, and both proofs of step-up are over its SHA-256. `transaction` is that of the approval, written by
    the trigger: the rows that it allows are written in it or not at all.
    """

    class Kind(models.TextChoices):
        INBOUND = "inbound", _("filter for numbers from abroad")
        CANARY_ADD = "canary_add", _("canary number added")
        CANARY_END = "canary_end", _("canary number ended")
        REGISTER = "register", _("number ranges changed")
        HOLDER = "holder", _("operator of a number set by hand")
        PLATFORM = "platform", _("platform registered")
        CONTACT = "contact", _("contact of a platform changed")
        LIMITS = "limits", _("limits of deciding changed")
        PHONE = "phone", _("user's own number changed")
        FIRST_PERSON = "first_person", _("first person of an organisation invited")

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for the second person")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("not approved")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    subject = models.CharField(max_length=80)
    terms = models.TextField()
    reason = models.TextField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    requested_step_up = models.OneToOneField(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    settled_step_up = models.OneToOneField(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_reason = models.TextField(blank=True)
    transaction = models.BigIntegerField(null=True, editable=False)

    class Meta:
        verbose_name = _("request for approval")
        verbose_name_plural = _("requests for approval")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="approved_by_another",
                condition=~Q(state="approved")
                | Q(settled_by__isnull=False, settled_at__isnull=False, settled_step_up__isnull=False)
                & ~Q(settled_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="approval_settled_once",
                condition=Q(state="pending", settled_by__isnull=True, settled_at__isnull=True)
                | ~Q(state="pending") & Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=Q(state="pending"), name="one_open_approval"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["requested_at", "id"], name="approval_waiting", condition=Q(state="pending")
            ),
            models.Index(
                fields=["transaction"], name="approval_transaction", condition=Q(transaction__isnull=False)
            ),
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} ({self.state})"

    @property
    def asked(self) -> dict[str, Any]:
        """The terms as they were given."""
        terms: dict[str, Any] = json.loads(self.terms)
        return terms


_KIND = ApprovalRequest.Kind
# Who asks and who approves; `accounts/sql/approval_request_two_people` says the same in roles.
APPROVERS: Final[dict[str, Permission]] = {
    _KIND.INBOUND: Permission.RELEASE_LISTS,
    _KIND.CANARY_ADD: Permission.RELEASE_LISTS,
    _KIND.CANARY_END: Permission.RELEASE_LISTS,
    _KIND.REGISTER: Permission.EDIT_REGISTER,
    _KIND.HOLDER: Permission.EDIT_REGISTER,
    _KIND.PLATFORM: Permission.EDIT_REGISTER,
    _KIND.CONTACT: Permission.EDIT_REGISTER,
    _KIND.LIMITS: Permission.SET_LIMITS,
    _KIND.PHONE: Permission.MANAGE_PEOPLE,
    _KIND.FIRST_PERSON: Permission.MANAGE_PEOPLE,
}
