"""Public pages that are the same for everybody are rendered once a minute and language, and kept in memory.

An answer to a small form that is the same but for a few texts (`render_filled`) is kept likewise.

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
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import ResolverMatch
from django.utils import timezone, translation
from django.utils.html import conditional_escape

from portal.common.middleware import Handler, ResponseRequestIdMiddleware
from portal.common.request_log import RequestLogMiddleware

Fresh = Callable[[HttpRequest], str]
Finish = Callable[[HttpRequest, HttpResponse], None]
Quick = Callable[[HttpRequest], Mapping[str, str] | None]

KEPT_SECONDS: Final = 60.0
_FORM: Final = "application/x-www-form-urlencoded"
_SMALL: Final = 2_000  # bytes
CSRF_FIELD: Final = "csrfmiddlewaretoken"
_PAGE: Final = "aduan.kept_page"  # in request.META
_MARK: Final = "mark-{}-mark"
_MARKED: Final = re.compile(r"mark-([a-z_]+)-mark")
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


@dataclass(frozen=True, slots=True)
class FilledPage:
    """`pieces` of a page, with the name of a value between each two.

    `quick` finds the values for a later request, or None where it wants another answer.
    """

    pieces: tuple[str, ...]
    quick: Quick | None
    until: float
    headers: dict[str, str] = field(default_factory=dict)
    match: ResolverMatch | None = None

    def filled(self, values: Mapping[str, str]) -> str:
        escaped = {name: conditional_escape(value) for name, value in values.items()}
        places = enumerate(self.pieces)
        return "".join(escaped[piece] if place % 2 else piece for place, piece in places)


@dataclass(slots=True)
class KeptPages:
    """The pages of this process. Few: an address, two languages, the hosts that are ours, a day."""

    pages: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def of(self, key: tuple[object, ...]) -> Any:
        """The page under this key, of the kind that was kept, or None."""
        page = self.pages.get(key)
        return page if page is not None and time.monotonic() < page.until else None

    def keep(self, key: tuple[object, ...], page: KeptPage | FilledPage) -> None:
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


def render_filled(
    request: HttpRequest,
    page: str,
    values: Mapping[str, str],
    make_context: Callable[[Mapping[str, str]], Mapping[str, Any]] = dict,
    *,
    quick: Quick | None = None,
    status: int = 200,
) -> HttpResponse:
    """An answer that is the same for everybody but for these texts, which are escaped like every variable.

    `make_context` makes the template's context of the texts, or of the marks that stand for them in the page
    that is kept. For a visitor with a session or a message the whole is rendered. A page with the token
    against forged requests cannot be kept like this. With `quick` later requests are answered before
    sessions and the rest, too, as far as it finds values for them.
    """
    if not _is_without_session(request):
        return render(request, page, make_context(values), status=status)
    key = ("filled", page, *values, *_key(request))
    if (kept := kept_pages.of(key)) is None:
        marks = {name: _MARK.format(name) for name in values}
        pieces = _MARKED.split(render_to_string(page, make_context(marks), request))
        kept = FilledPage(tuple(pieces), quick, time.monotonic() + KEPT_SECONDS)
        kept_pages.keep(key, kept)
    response = HttpResponse(kept.filled(values), status=status)
    if quick is not None:
        response._kept_filled = kept  # type: ignore[attr-defined]  # for the middleware, which reads it back
    return response


def render_framed(
    request: HttpRequest, page: str, inside: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """An answer in a page whose frame is the same for everybody: only the template `inside` is rendered anew.

    The template `page` has `{{ inside }}` where it belongs.
    """
    return render_filled(request, page, {"inside": render_to_string(inside, context, request)}, status=status)


class KeptPagesMiddleware:
    """Stands outside all that costs: sessions, languages, tokens, templates."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._logged = _logged(_with_cookies)
        self._logged_quick = _logged(self._quick_or_whole)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "POST") or not _is_without_session(request):
            return self.get_response(request)
        key = _key(request)
        page = kept_pages.of(key) if request.method != "POST" or _is_small_form(request) else None
        if page is not None:
            request.META[_PAGE] = page
            request.resolver_match = page.match  # what the log calls the request
            return (self._logged_quick if request.method == "POST" else self._logged)(request)
        response = self.get_response(request)
        if response.status_code == 200 and isinstance(response, HttpResponse):
            _keep(key, request, response)
        return response

    def _quick_or_whole(self, request: HttpRequest) -> HttpResponseBase:
        page: FilledPage = request.META[_PAGE]
        try:
            values = page.quick(request) if page.quick else None
        except Exception:  # whatever it is, the whole way meets it again and answers it
            values = None
        if values is None:
            return self.get_response(request)
        body = page.filled(values).encode()
        return HttpResponse(body, headers={**page.headers, "Content-Length": str(len(body))})


def _logged(answer: Handler) -> Handler:
    return RequestLogMiddleware(ResponseRequestIdMiddleware(answer))  # type: ignore[arg-type, return-value]  # it asks for less; no coroutine: what it wraps is none


def _keep(key: tuple[object, ...], request: HttpRequest, response: HttpResponse) -> None:
    if (wish := getattr(response, "_kept_wish", None)) is not None:
        kept_pages.keep(key, _kept(request, response, wish))
    elif (filled := getattr(response, "_kept_filled", None)) is not None:
        kept_pages.keep(key, replace(filled, headers=_kept_headers(response), match=request.resolver_match))


def _is_small_form(request: HttpRequest) -> bool:
    """What any browser sends for a field or two; all else goes the whole way."""
    length = request.META.get("CONTENT_LENGTH") or ""
    return request.META.get("CONTENT_TYPE") == _FORM and length.isdecimal() and int(length[:9]) < _SMALL


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
    until = time.monotonic() + KEPT_SECONDS
    headers = _kept_headers(response)
    return KeptPage(tuple(pieces), tuple(slots), headers, wish.finish, request.resolver_match, until)


def _kept_headers(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.items() if name.lower() not in _NOT_KEPT}


def _answer(request: HttpRequest) -> HttpResponse:
    page: KeptPage = request.META[_PAGE]
    return page.answer(request)


_with_token = CsrfViewMiddleware(_answer)


def _with_cookies(request: HttpRequest) -> HttpResponseBase:
    """The kept page; with a token's cookie where it has a token."""
    page: KeptPage = request.META[_PAGE]
    # never a coroutine: the answer it is given to wrap is none
    return _with_token(request) if page.slots else page.answer(request)  # type: ignore[return-value]
