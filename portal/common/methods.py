"""Which methods an address takes, readable from its view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_MARK = "takes_only_post"


def post_only(view: View) -> View:
    """`require_POST`, and says so: nobody is led to such an address after a log-in."""
    guarded: View = mark_takes_only_post(require_POST(view))
    return guarded


def mark_takes_only_post(view: View) -> View:
    """For a view that refuses other methods by itself."""
    setattr(view, _MARK, True)
    return view


def takes_only_post(view: object) -> bool:
    """Whether the view, however wrapped, can only be sent to. `functools.wraps` carries the mark outwards."""
    return bool(getattr(view, _MARK, False))
