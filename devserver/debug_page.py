"""Django's debug page for `make dev`, without settings and without anything that was submitted."""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

SHORTEST = 4  # characters: a shorter value would hide half of the page


class HideEverythingSubmitted(SafeExceptionReporterFilter):
    """Shows code and variables, but no setting, form field or cookie, and no variable that holds one."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_safe_settings(self) -> dict[str, Any]:
        return {}

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        kept = ("REQUEST_METHOD", "PATH_INFO", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_ACCEPT", "SERVER_PORT")
        return {name: request.META[name] for name in kept if name in request.META}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        return dict.fromkeys(request.COOKIES, self.cleansed_substitute)

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {} if request is None else dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        secret = _submitted(request)
        shown = {
            name: self.cleansed_substitute if _holds(value, secret) else value
            for name, value in tb_frame.f_locals.items()
        }
        return shown.items()


def _submitted(request: HttpRequest | None) -> set[str]:
    """Every value of the request's body and cookies that is long enough to tell something."""
    if request is None:
        return set()
    found = {str(value) for name in request.POST for value in request.POST.getlist(name)}
    return {value for value in found | set(request.COOKIES.values()) if len(value) >= SHORTEST}


def _holds(value: object, secret: set[str]) -> bool:
    if isinstance(value, bytes | bytearray | memoryview):
        return True  # an upload or a body
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001, RUF100  # a broken repr must not break the page
        return True
    return any(piece in text or repr(piece)[1:-1] in text for piece in secret)
