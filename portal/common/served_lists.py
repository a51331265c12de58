"""List files as HTTP responses, for web pages and the API."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from aduan.blocklists.services import FileDownload
from portal.common.transfers import Served, answer


def wants_gzip(request: HttpRequest) -> bool:
    """Whether the client unpacks gzip by itself. A refusal (`gzip;q=0`) is heeded.

    A part is one of the file itself, for a part of a packed one unpacks to nothing; only a client that
    goes on with a packed file (`If-Range`) gets more of that.
    """
    if "Range" in request.headers and not request.headers.get("If-Range", "").endswith('-gzip"'):
        return False
    offers = request.headers.get("Accept-Encoding", "").lower().replace(" ", "").split(",")
    return any(
        offer == "gzip" or (offer.startswith("gzip;q=") and offer[7:] not in _NOUGHT) for offer in offers
    )


_NOUGHT = ("0", "0.0", "0.00", "0.000")


def sent(request: HttpRequest, handed: FileDownload) -> HttpResponseBase:
    """The file, or the part of it that is asked for, and the delivery record of it."""
    prefix, file = settings.LISTS_ACCEL_PREFIX, handed.file
    known = Served(
        path=file.path,
        name=file.name,
        size=file.size,
        sha256=file.sha256,
        content_type=file.content_type,
        encoding=file.encoding,
        unpacked_sha256=file.unpacked_sha256,
        accel=f"{prefix.rstrip('/')}/{file.below_root}" if prefix and file.below_root else "",
    )
    return answer(request, known, finish=handed.finish, begin=handed.begin)
