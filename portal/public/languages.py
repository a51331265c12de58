"""Another language for a form that is half filled in: its page again, with everything that was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def is_switch(request: HttpRequest) -> bool:
    """Whether a button of the language switch sent the form: its page is wanted again, nothing else."""
    return request.method == "POST" and request.POST.get("language") in dict(settings.LANGUAGES)


def switching(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers a switch in the language that was chosen, and remembers it. The view asks `is_switch`.

    Its page names its form as `language_form`, so that the buttons in the head of the page belong to it.
    """

    @wraps(view)
    def switched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_switch(request):
            return view(request, *args, **kwargs)
        translation.activate(request.POST["language"])
        response = view(request, *args, **kwargs)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            request.POST["language"],
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=cast(Literal["Lax", "Strict"], settings.LANGUAGE_COOKIE_SAMESITE),
        )
        return response

    return switched
