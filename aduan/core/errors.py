"""The three errors that the domain raises, a refusal that several raise, and what the database refused by.

Interfaces translate the three in one place (portal.common.errors).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.db import IntegrityError
    from django_stubs_ext import StrOrPromise


class DomainError(Exception):
    """A refusal with a stable `code` for machines and a translatable `message` for a person."""

    status = 400

    def __init__(self, code: str, message: StrOrPromise, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Invalid(DomainError):
    """The input cannot be accepted as it is (HTTP 400)."""

    status = 400


class Forbidden(DomainError):
    """This person may not do this (HTTP 403)."""

    status = 403


class WrongState(DomainError):
    """The thing is no longer, or not yet, in a state that allows this (HTTP 409)."""

    status = 409


def already_settled(by: object, *, asked_by: object) -> WrongState:
    """The refusal to settle once more what `by` has settled; who clicked twice is `asked_by` too."""
    faster = _("%(name)s was faster: this is settled already.") % {"name": by}
    twice = _("You have settled this already. Once is enough.")
    return WrongState("already_settled", twice if by == asked_by else faster, name=str(by))


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint or trigger that refused, as the database reports it; empty without one."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")
