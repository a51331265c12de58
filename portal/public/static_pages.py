"""The pages that only speak: first page, help, privacy, accessibility, and files that machines ask for."""

from __future__ import annotations

import datetime as dt
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.i18n import set_language

from aduan.blocklists.subscriber_notice import subscriber_sms
from aduan.complaints.models import RetentionPolicy
from portal.common.kept_pages import keep_page
from portal.common.owner import official_host
from portal.public.csrf import same_origin_only
from portal.public.money import money_lines
from portal.public.share_views import share_target
from portal.public.warnings_views import shown_warnings

INDEXED = (
    *("home", "report", "check", "track", "help", "money", "our_messages", "statistics", "statistics_data"),
    "warnings",
    *("privacy", "accessibility"),
)
# Renew once a year, with an access at whether the address still answers; a test fails thirty days before.
SECURITY_TXT_EXPIRES = dt.datetime(2027, 11, 1, tzinfo=dt.UTC)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return keep_page(
        render(request, "public/home.html", {"lines": money_lines(), "warnings": shown_warnings()[:3]})
    )


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return keep_page(render(request, "public/help.html", {"contact": settings.CONTACT_EMAIL}))


@require_safe
def your_number(request: HttpRequest) -> HttpResponse:
    """The short address that operators give to subscribers of blocked and held numbers."""
    return keep_page(render(request, "public/your_number.html", {"contact": settings.CONTACT_EMAIL}))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    periods = RetentionPolicy.objects.order_by("days", "data_class")
    return keep_page(
        render(request, "public/privacy.html", {"contact": settings.CONTACT_EMAIL, "periods": periods})
    )


@require_safe
def our_messages(request: HttpRequest) -> HttpResponse:
    """How a message of ours looks, and what a forged one asks."""
    context = {
        "sender": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        "codes": [_sms_with_code(kind) for kind in ("contact_code", "objection_code")],
        "notices": [subscriber_sms(measure, public_url=settings.PUBLIC_URL) for measure in ("block", "hold")],
    }
    return keep_page(render(request, "public/our_messages.html", context))


def _sms_with_code(kind: str) -> str:
    text = render_to_string(f"sms/{kind}.txt", {"code": "842143", "host": official_host()})
    return " ".join(text.split())


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return keep_page(render(request, "public/accessibility.html", {"contact": settings.CONTACT_EMAIL}))


@same_origin_only
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remembers the language in a cookie and goes back to where the person was, never to another site."""
    return set_language(request)


@require_GET
@cache_control(max_age=86400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    closed = ("/kelola/", "/operator/", "/api/", "/akun/", "/lacak/", "/lapor/berkas/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "Allow: /lacak/$"]
    lines.append(f"Sitemap: {settings.PUBLIC_URL}{reverse('public:sitemap')}")
    return keep_page(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_GET
@cache_control(max_age=86400, public=True)
def sitemap(request: HttpRequest) -> HttpResponse:
    addresses = [settings.PUBLIC_URL + reverse(f"public:{name}") for name in INDEXED]
    return keep_page(
        render(request, "public/sitemap.xml", {"addresses": addresses}, content_type="application/xml")
    )


@require_GET
@cache_control(max_age=86400, public=True)
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116."""
    lines = (
        f"Contact: mailto:{settings.SECURITY_EMAIL}",
        f"Expires: {SECURITY_TXT_EXPIRES.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: id, en",
        f"Canonical: {settings.PUBLIC_URL}{reverse('public:security_txt')}",
    )
    return keep_page(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_GET
@cache_control(max_age=86400, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    icons = [
        {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        {
            "src": static("img/icon-maskable-512.png"),
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    about = {
        "name": "Aduan Nomor",
        "short_name": "Aduan Nomor",
        "description": "Adukan nomor telepon yang terindikasi penipuan.",
        "lang": "id",
        "start_url": "/",
        "display": "standalone",
        "share_target": share_target(),
        "background_color": "#fbfaf6",
        "theme_color": "#1c2a5e",
        "icons": icons,
    }
    return keep_page(JsonResponse(about, content_type="application/manifest+json"))
