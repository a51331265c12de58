"""Public pages that are the same for everybody are rendered once a minute and language, and kept in memory.

A view says so of its answer with `keep_page`. The first answer goes through every middleware; its body and
its headers (security, privacy, language) are kept as they leave the outermost. Later requests are answered
before sessions, database and templates, with the same log lines and measurements. Every process keeps its own
pages, so a change of what they show is seen after at most KEPT_SECONDS.

Never from memory: a request with a query, with a session or with a message waiting; an answer that sets a
cookie, except the two that `fresh` and `finish` make anew for each visitor.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils import timezone, translation

from portal.common.middleware import Handler, ResponseRequestIdMiddleware
from portal.common.request_log import RequestLogMiddleware

Fresh = Callable[[HttpRequest], str]
Finish = Callable[[HttpRequest, HttpResponse], None]

KEPT_SECONDS: Final = 60.0
CSRF_FIELD: Final = "csrfmiddlewaretoken"
_PAGE: Final = "aduan.kept_page"  # in request.META
_MARK: Final = "<!-- inside -->"
# Made anew for each answer, or known only on the way out.
_NOT_KEPT: Final = frozenset({"x-request-id", "x-route", "set-cookie"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What a view wants kept: `fresh` makes the values of hidden fields by name, `finish` adds to a copy."""

    fresh: Mapping[str, Fresh]
    finish: Finish | None


@dataclass(frozen=True, slots=True)
class KeptPage:
    """`pieces` of the body, with the value of one of `slots` between each two."""

    pieces: tuple[bytes, ...]
    slots: tuple[Fresh, ...]
    headers: dict[str, str]
    finish: Finish | None
    match: ResolverMatch | None
    until: float

    def answer(self, request: HttpRequest) -> HttpResponse:
        body = self.pieces[0]
        if self.slots:
            filled = [fresh(request).encode() for fresh in self.slots]
            body += b"".join(value + piece for value, piece in zip(filled, self.pieces[1:], strict=True))
        response = HttpResponse(body, headers=self.headers)
        if self.finish is not None:
            self.finish(request, response)
        return response


@dataclass(slots=True)
class KeptPages:
    """The pages of this process. Few: an address, two languages, the hosts that are ours, a day."""

    pages: dict[tuple[object, ...], KeptPage] = field(default_factory=dict)

    def of(self, key: tuple[object, ...]) -> KeptPage | None:
        page = self.pages.get(key)
        return page if page is not None and time.monotonic() < page.until else None

    def keep(self, key: tuple[object, ...], page: KeptPage) -> None:
        """Keeps a page; those whose time is over go, as yesterday's keys are never asked for again."""
        now = time.monotonic()
        self.pages = {known: one for known, one in self.pages.items() if now < one.until} | {key: page}

    def forget(self) -> None:
        self.pages.clear()


kept_pages = KeptPages()


def keep_page(
    response: HttpResponse, *, fresh: Mapping[str, Fresh] | None = None, finish: Finish | None = None
) -> HttpResponse:
    """Marks an answer as the same for every visitor but for the hidden fields that `fresh` names.

    The token against forged requests is always made anew where the page has one.
    """
    wish = Wish({CSRF_FIELD: get_token, **(fresh or {})}, finish)
    response._kept_wish = wish  # type: ignore[attr-defined]  # for the middleware, which reads it back
    return response


def render_framed(
    request: HttpRequest, page: str, inside: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """An answer in a page whose frame is the same for everybody: only `inside` is rendered anew.

    The template `page` has `{{ frame_mark }}` where `inside` belongs, and includes `inside` itself where no
    mark is given: for a visitor with a session or a message the whole is rendered. A page with the token
    against forged requests cannot be framed.
    """
    if not _is_without_session(request):
        return render(request, page, context, status=status)
    key = ("frame", page, *_key(request))
    if (frame := kept_pages.of(key)) is None:
        before, after = render_to_string(page, {"frame_mark": _MARK}, request).split(_MARK)
        until = time.monotonic() + KEPT_SECONDS
        frame = KeptPage((before.encode(), after.encode()), (), {}, None, None, until)
        kept_pages.keep(key, frame)
    body = render_to_string(inside, context, request)
    return HttpResponse(body.encode().join(frame.pieces), status=status)


class KeptPagesMiddleware:
    """Stands outside all that costs: sessions, languages, tokens, templates."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._logged = RequestLogMiddleware(ResponseRequestIdMiddleware(_with_cookies))  # type: ignore[arg-type]  # it asks for less

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _is_for_everybody(request):
            return self.get_response(request)
        key = _key(request)
        if (page := kept_pages.of(key)) is not None:
            request.META[_PAGE] = page
            request.resolver_match = page.match  # what the log calls the request
            return self._logged(request)  # type: ignore[return-value]  # no coroutine: what it wraps is none
        response = self.get_response(request)
        wish = getattr(response, "_kept_wish", None)
        if wish is not None and response.status_code == 200 and isinstance(response, HttpResponse):
            kept_pages.keep(key, _kept(request, response, wish))
        return response


def _is_for_everybody(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and _is_without_session(request)


def _is_without_session(request: HttpRequest) -> bool:
    return (
        not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
    )


def _key(request: HttpRequest) -> tuple[object, ...]:
    return (
        request.method,
        request.path_info,
        translation.get_language_from_request(request),
        request.META.get("HTTP_HOST"),
        request.is_secure(),
        timezone.localdate(),
    )


def _kept(request: HttpRequest, response: HttpResponse, wish: Wish) -> KeptPage:
    body, slots, pieces, end = response.content, [], [], 0
    fields = "|".join(map(re.escape, wish.fresh)).encode()
    for found in re.finditer(rb'name="(%s)" value="([^"]*)"' % fields, body):
        pieces.append(body[end : found.start(2)])
        slots.append(wish.fresh[found[1].decode()])
        end = found.end(2)
    pieces.append(body[end:])
    headers = {name: value for name, value in response.items() if name.lower() not in _NOT_KEPT}
    until = time.monotonic() + KEPT_SECONDS
    return KeptPage(tuple(pieces), tuple(slots), headers, wish.finish, request.resolver_match, until)


def _answer(request: HttpRequest) -> HttpResponse:
    page: KeptPage = request.META[_PAGE]
    return page.answer(request)


_with_token = CsrfViewMiddleware(_answer)


def _with_cookies(request: HttpRequest) -> HttpResponseBase:
    """The kept page; with a token's cookie where it has a token."""
    page: KeptPage = request.META[_PAGE]
    # never a coroutine: the answer it is given to wrap is none
    return _with_token(request) if page.slots else page.answer(request)  # type: ignore[return-value]
