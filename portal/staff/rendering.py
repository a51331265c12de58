"""What every page of this door does in the same way: render inside the site, show a refusal of the house."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

from django.shortcuts import render

from aduan.accounts.models import User
from portal.staff.site import site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django import forms
    from django.http import HttpRequest, HttpResponse

    from aduan.core.errors import DomainError


_USER: Final = re.compile(r"^user:(\d+)$")


def render_staff_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    return render(request, template, site.each_context(request) | context, status=status)


def staff_user(request: HttpRequest) -> User:
    """The member of staff who asks; pages of the site are only reached by one."""
    return cast(User, request.user)


def user_names(written: Iterable[str]) -> dict[str, str]:
    """The names behind `user:7` and the like, as the audit log writes people; one query."""
    ids = {int(found[1]) for text in written if (found := _USER.match(text))}
    return {f"user:{user.pk}": user.name for user in User.objects.filter(pk__in=ids).only("pk", "name")}


def add_form_error(form: forms.Form, refusal: DomainError) -> None:
    """Puts what the house said at its field, or above the form."""
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))


def parse_id(text: str | None) -> int | None:
    """A key from the address line; whatever is no such number counts as none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None
