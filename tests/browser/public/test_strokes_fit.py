"""The words beside the hundred strokes have a column to stand in, however rare the outcome is."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LABELS = ("Diblokir di operator", "Dirujuk ke platform", "Nomor dipalsukan", "Ditutup", "Bukan wewenang kami")
CSS = ("css/tokens.css", "css/aduan.css", "css/statistics.css")


@pytest.mark.parametrize("width", [320, 768, 1000, 1280])
def test_no_word_is_cut_into_letters(page: Page, width: int) -> None:
    """Seen to fail on 541ebf19: with a million complaints "fewer than 1" took the place of its words."""
    strokes = [
        SimpleNamespace(kind=kind, count=60 if kind == 1 else 0, wide="M0 0", narrow="M0 0", label=label)
        for kind, label in enumerate(LABELS, 1)
    ]
    with translation.override("id"):
        shown = render_to_string("public/parts/strokes.html", {"page": {"strokes": strokes}})
    style = "".join(Path(settings.BASE_DIR, "static", name).read_text(encoding="utf-8") for name in CSS)
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(f"<style>{style}</style><main style='padding: 4rem'>{shown}</main>")
    widths = page.eval_on_selector_all(
        ".stroke-words span", "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert len(widths) == len(LABELS)
    assert min(widths) > 100
