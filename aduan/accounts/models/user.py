"""People who log in: ministry staff and operators' people. Citizens need no account."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import MINISTRY_ROLES, Permission, Role, permissions_of
from aduan.accounts.step_up import application_mac, is_application_mac
from aduan.core.contacts import mailbox_of, plain_staff_number
from aduan.core.errors import Forbidden

log = logging.getLogger(__name__)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A person with a log-in; without a password they must set one by the invitation."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser):
    """One human, one row: `staff_number` is unique, so that no person can be their own second person."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120)
    staff_number = models.CharField(
        _("staff number"), max_length=30, unique=True, help_text=_("One per person, never one per log-in.")
    )
    phone = models.CharField(
        _("own mobile number"),
        max_length=16,
        blank=True,
        help_text=_("Kept so that nobody works on a case in which this number complained or was reported."),
    )
    roles = ArrayField(
        models.CharField(max_length=20, choices=Role.choices), default=list, verbose_name=_("roles")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    # Both are written by `services.confirm_account_change` and held by accounts/sql/account_user_power.
    roles_granted_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Signatures count after the waiting time of the policy; without it never.",
    )
    last_change = models.ForeignKey(
        "accounts.AccountChange", on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    # That the application wrote the password: one that SQL wrote opens nothing (docs/adr/0022).
    password_mac = models.BinaryField(null=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name", "staff_number"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=Role.values), name="roles_are_known"
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_is_lower_case"),
            models.CheckConstraint(
                condition=models.Q(phone="") | models.Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="phone_is_e164",
            ),
            models.UniqueConstraint(
                fields=["phone"], condition=~models.Q(phone=""), name="one_log_in_a_phone"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        if self.pk is not None:
            self.password_mac = self._mac_of_password()

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """The code goes with the password, wherever that is saved."""
        begins = self._state.adding
        if update_fields is not None and "password" in (update_fields := set(update_fields)):
            update_fields.add("password_mac")
        super().save(*args, update_fields=update_fields, **kwargs)
        if begins and self.has_usable_password():
            self.password_mac = self._mac_of_password()
            super().save(update_fields=["password_mac"])

    def check_password(self, raw_password: str | None) -> bool:
        """Refuses a password that the application did not write, and takes as long for it."""
        if not is_application_mac(self.password_mac, "password", self.pk, self.password):
            if check_password(raw_password, self.password):
                log.warning("password_of_unknown_origin", extra={"user": self.pk})
            return False
        holds = super().check_password(raw_password)
        if holds and self.password_mac != self._mac_of_password():  # made before the last change of the key
            self.password_mac = self._mac_of_password()
            self.save(update_fields=["password_mac"])
        return holds

    def _mac_of_password(self) -> bytes:
        return application_mac("password", self.pk, self.password)

    @property
    def permissions(self) -> frozenset[str]:
        return permissions_of(self.roles) if self.is_active else frozenset()

    def same_human(self, other: User) -> bool:
        """Whether two log-ins belong to one person: same staff number, mailbox or phone, however written."""
        return (
            self.pk == other.pk
            or plain_staff_number(self.staff_number) == plain_staff_number(other.staff_number)
            or mailbox_of(self.email) == mailbox_of(other.email)
            or bool(self.phone and self.phone == other.phone)
        )

    @property
    def is_staff(self) -> bool:
        """May open the staff site at all."""
        return self.is_active and bool(MINISTRY_ROLES.intersection(self.roles))

    def has_permission(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless the user has this permission."""
        if not self.has_permission(permission):
            raise Forbidden(
                "not_permitted", _("You do not have the permission for this."), permission=permission
            )

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return perm in self.permissions

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return any(permission.startswith(f"{app_label}.") for permission in self.permissions)
