"""Public figures and their files. Everything is of a snapshot: never changed, and named by its day."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from aduan.blocklists.queries import list_key_pem, metadata_bytes, snapshots_are_named, trust
from aduan.core.periods import JAKARTA
from aduan.statistics import queries
from aduan.statistics.published import PACKAGE
from portal.common.kept_pages import keep_page
from portal.public.share_pictures import share_picture
from portal.public.statistics_page import page_of
from portal.public.statistics_words import Published, month_name

_YEAR: Final = 365 * 24 * 3600
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "sig": "application/octet-stream",
}


@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    snapshot = queries.newest_snapshot()
    if snapshot is None:
        return render(request, "public/statistics_none.html")
    return keep_page(render(request, "public/statistics.html", {"page": page_of(snapshot)}))


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """The files of the newest snapshot, how to read them, and the snapshots of before."""
    snapshot = queries.newest_snapshot()
    if snapshot is None:
        return render(request, "public/statistics_none.html")
    trusted = trust()
    context = {
        "snapshot": snapshot,
        "files": sorted(snapshot.files.items()),
        "days": queries.snapshot_days(),
        "definitions": queries.DEFINITIONS,
        "key": trusted.list_key,
        "root": trusted.roots[0] if trusted.roots and snapshots_are_named() else None,
    }
    return keep_page(render(request, "public/statistics_data.html", context))


@require_safe
def newest_file(request: HttpRequest, name: str) -> HttpResponse:
    """The address for programs that always want the newest; it leads to the one that never changes."""
    snapshot = queries.newest_snapshot()
    if snapshot is None:
        raise Http404
    return redirect("public:statistics_file", day=snapshot.day.isoformat(), name=name)


@require_safe
@cache_control(public=True, max_age=_YEAR, immutable=True)
def snapshot_file(request: HttpRequest, day: dt.date, name: str) -> HttpResponse:
    """One file of one snapshot: the same bytes for ever, its ETag is their SHA-256."""
    snapshot = queries.snapshot_of(day)
    body = None if snapshot is None else queries.file_of(snapshot, name)
    if snapshot is None or body is None:
        raise Http404
    response = HttpResponse(body, content_type=_TYPES[name.rpartition(".")[2]])
    if name in snapshot.files:  # the signature is not among them
        response["ETag"] = quote_etag(snapshot.files[name]["sha256"])
    response["Access-Control-Allow-Origin"] = "*"  # open data: pages of others may read it
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@cache_control(public=True, max_age=_YEAR, immutable=True)
def month_picture(request: HttpRequest, day: dt.date, month: str, language: str) -> HttpResponse:
    """For links that are shared. It is of one snapshot, as its figures are."""
    snapshot = queries.snapshot_of(day)
    picture = None if snapshot is None else share_picture(Published(snapshot), month, language)
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png")


@require_safe
@cache_control(public=True, no_cache=True)
def repository_page(request: HttpRequest, name: str) -> HttpResponse:
    """For a TUF client: the metadata that anyone may have."""
    body = metadata_bytes(name, operator=None)
    if body is None:
        raise Http404
    return HttpResponse(body, content_type="application/json")


@require_safe
@cache_control(public=True, max_age=_YEAR, immutable=True)
def repository_package(request: HttpRequest, path: str) -> HttpResponse:
    """For a TUF client: the package of a day, or of the newest one, under its digest."""
    digest, _dot, file = path.rpartition("/")[2].partition(".")
    body = queries.package_with(digest) if file == PACKAGE else None
    if body is None:
        raise Http404
    return HttpResponse(body, content_type="application/json")


@require_safe
@cache_control(public=True, max_age=3600)
def list_key(request: HttpRequest) -> HttpResponse:
    """The public key of the signatures over lists and snapshots; the TUF repository names it."""
    if trust().list_key is None:
        raise Http404
    return HttpResponse(list_key_pem(), content_type="application/x-pem-file")


@require_safe
@cache_control(public=True, max_age=_YEAR)
def definition(request: HttpRequest, name: str) -> HttpResponse:
    """The statement that counts, as it stands in the repository."""
    if name not in queries.DEFINITIONS:
        raise Http404
    return HttpResponse(queries.definition_of(name), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def months_feed(request: HttpRequest) -> HttpResponse:
    """Atom: an entry for each month whose combinations are public, and for each correction."""
    feed = Atom1Feed(
        title=_("Aduan Nomor: public figures"),
        link=settings.PUBLIC_URL + reverse("public:statistics"),
        description="",
        feed_url=settings.PUBLIC_URL + reverse("public:statistics_feed"),
        language=request.LANGUAGE_CODE,
    )
    for entry in queries.released_months():
        address = f"{settings.PUBLIC_URL}{reverse('public:statistics')}"
        kind = "correction" if entry.corrected else "month"
        title = _("Figures of %(month)s") if not entry.corrected else _("Correction of %(month)s")
        feed.add_item(
            title=title % {"month": month_name(f"{entry.month:%Y-%m}")},
            link=address,
            description="",
            unique_id=f"{address}#{kind}-{entry.month:%Y-%m}-{entry.day}",
            updateddate=dt.datetime.combine(entry.day, dt.time(), JAKARTA),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
