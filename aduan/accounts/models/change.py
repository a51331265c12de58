"""What two administrators do together to a third person's account. See `accounts/sql/account_change_*`."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Role
from aduan.core.triggers import never_deleted


class AccountChange(models.Model):
    """One administrator proposes, another confirms; neither is the person. Nothing happens in between.

    `roles` are all roles that the person has afterwards. `name`, `email` and `staff_number` are those of an
    identity change, otherwise those that both administrators saw.
    """

    class Kind(models.TextChoices):
        ROLES = "roles", _("roles given")
        IDENTITY = "identity", _("name, address or staff number changed")
        SECOND_FACTOR = "second_factor", _("second factor reset")
        REACTIVATE = "reactivate", _("active again")

    class State(models.TextChoices):
        PENDING = "pending", _("waits for a second administrator")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused or taken back")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list)
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    staff_number = models.CharField(max_length=30)
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_step_up = models.OneToOneField(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    settled_step_up = models.OneToOneField(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(proposed_by=F("person")), name="change_not_proposed_by_person"
            ),
            models.CheckConstraint(condition=~Q(settled_by=F("person")), name="change_not_settled_by_person"),
            models.CheckConstraint(
                name="change_confirmed_by_two_people",
                condition=~Q(state="confirmed")
                | (
                    Q(settled_by__isnull=False, settled_at__isnull=False, settled_step_up__isnull=False)
                    & ~Q(settled_by=F("proposed_by"))
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="pending", settled_at__isnull=True)
                | (~Q(state="pending") & Q(settled_at__isnull=False)),
                name="change_settled_once",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="pending"), name="one_pending_change_per_person"
            ),
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"

    @property
    def gained(self) -> list[str]:
        """Labels of the roles that the person does not have yet."""
        return [str(Role(role).label) for role in self.roles if role not in self.person.roles]
