"""Rendering and lookups that the pages of the staff site share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import render

from aduan.accounts.models import User
from portal.staff.site import site

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def render_staff_page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Renders a template with the menu and the other context of the site."""
    return render(request, template, site.each_context(request) | context, status=status)


def staff_user(request: HttpRequest) -> User:
    """The member of staff who asks; pages of the site are only reached by one."""
    return cast(User, request.user)


def parse_id(text: str | None) -> int | None:
    """A primary key from a query string; None when the text is not one."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None
