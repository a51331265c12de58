"""What a person typed into a form that was not taken: shown again, or sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aduan.core.text import is_unreadable

if TYPE_CHECKING:
    from django.http import HttpRequest

_SECRETS: Final = frozenset({"code", "token", "secret"})  # never shown again, nor a password


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form; none when one of them is secret, so that a log-in is typed again."""
    if request.method != "POST" or not request.POST:
        return []
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    if any(name in _SECRETS or "password" in name for name in names):
        return []
    return [(name, value) for name in names for value in request.POST.getlist(name)]


def has_unreadable_text(request: HttpRequest) -> bool:
    """Whether the address or the form holds a text that no database takes."""
    given = [value for part in (request.GET, request.POST) for values in part.lists() for value in values[1]]
    return any(is_unreadable(value) for value in given)


def typed_texts(request: HttpRequest) -> list[str]:
    """The texts of a form: everything of more than one word."""
    given = [value.replace("\x00", "").strip() for _name, value in typed_fields(request)]
    return [text for text in given if len(text.split()) > 1]
