"""The script that keeps the form on a phone while there is no line. Its scope is the form's address."""

from __future__ import annotations

import hashlib
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from portal.common.kept_pages import keep_page

# Everything the page of the form loads; a test opens it without a line.
FILES: Final = (
    "vendor/bootstrap/bootstrap.min.css",
    *(f"css/{name}.css" for name in ("tokens", "aduan", "components", "report")),
    *(
        f"js/{name}.js"
        for name in ("early", "answers", "steps", "number", "files", "offers", "send", "draft", "offline")
    ),
    "vendor/altcha/pbkdf2.js",
    "img/icons.svg",
    "img/logo.svg",
)


@require_GET
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """`/lapor/pekerja.js`: another version wherever one of the files has another name."""
    version = hashlib.sha256(" ".join(map(static, FILES)).encode()).hexdigest()[:12]
    context = {
        "form": reverse("public:report"),
        "share": reverse("public:share"),
        "files": FILES,
        "version": version,
    }
    return keep_page(render(request, "public/worker.js", context, content_type="text/javascript"))
