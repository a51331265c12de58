"""Which methods an address takes, readable from its view."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

PageView = TypeVar("PageView", bound=Callable[..., HttpResponseBase])
_MARK = "takes_only_post"


def post_only(view: PageView) -> PageView:
    """`require_POST`, and says so: no log-in leads to such an address."""
    guarded: PageView = mark_takes_only_post(require_POST(view))
    return guarded


def mark_takes_only_post(view: PageView) -> PageView:
    """For a view that refuses other methods by itself."""
    setattr(view, _MARK, True)
    return view


def takes_only_post(view: object) -> bool:
    """Whether the view, however wrapped, can only be sent to. `functools.wraps` carries the mark outwards."""
    return bool(getattr(view, _MARK, False))
