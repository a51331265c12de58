"""What forms of every interface share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from django import forms

    from aduan.core.errors import DomainError


def add_form_error(form: forms.BaseForm, error: DomainError, *, field: str = "") -> None:
    """Shows a domain error at the field it names, or `field`; above the form when it has no such field."""
    name = field or str(error.details.get("field") or "")
    form.add_error(
        name if name in form.fields else None, ValidationError(str(error.message), code=error.code)
    )
