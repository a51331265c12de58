"""The fraud that grows now, in plain words: a page and a feed. Two people wrote each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from aduan.complaints.categories import in_words
from aduan.statistics.queries import warnings_in_force
from portal.common.kept_pages import keep_page

if TYPE_CHECKING:
    import datetime as dt


@dataclass(frozen=True, slots=True)
class ShownWarning:
    """In the reader's language."""

    anchor: str
    title: str
    text: str
    since: dt.datetime


def shown_warnings() -> list[ShownWarning]:
    """What is in force, the newest first."""
    english = get_language() == "en"
    return [
        ShownWarning(
            f"w{one.pk}", in_words(one.category), one.text_en if english else one.text_id, one.released_at
        )
        for one in warnings_in_force(at=timezone.now())
        if one.released_at is not None
    ]


@require_safe
def public_warnings(request: HttpRequest) -> HttpResponse:
    return keep_page(render(request, "public/warnings.html", {"warnings": shown_warnings()}))


@require_safe
@cache_control(public=True, max_age=600)
def warnings_feed(request: HttpRequest) -> HttpResponse:
    page = settings.PUBLIC_URL + reverse("public:warnings")
    feed = Atom1Feed(
        title=_("Aduan Nomor: warnings"),
        link=page,
        description="",
        feed_url=settings.PUBLIC_URL + reverse("public:warnings_feed"),
        language=request.LANGUAGE_CODE,
    )
    for one in shown_warnings():
        address = f"{page}#{one.anchor}"
        feed.add_item(
            title=one.title, link=address, description=one.text, unique_id=address, updateddate=one.since
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
