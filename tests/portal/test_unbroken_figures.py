"""A figure and its unit stay on one line: "80" at the end of one and "%" below it is read as two things."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from portal.templatetags.staff_filters import percent
from scripts.catalogues import LOCALE, PROJECT, used

# A figure or what stands for one, a space that may break, and a unit; or rupiah before it.
BREAKS = re.compile(r"(?:\d|\)[sd]|\}\}|</strong>) (?:%(?![\w(%}]|$)|%%|[KMG]B\b|ms\b)|\bRp (?:\d|%|\{)")
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)


def breaks_in(text: str) -> list[str]:
    return [found[0] for found in BREAKS.finditer(TAG.sub("", text))]


@pytest.mark.parametrize(
    "text", ["{{ share }} %", "%(aim)s %%", "%(image)s MB", "<strong>{{ share }}</strong> %", "Rp 1.500"]
)
def test_a_space_that_may_break_is_seen(text: str) -> None:
    assert breaks_in(text + ".")


def test_no_template_lets_a_figure_leave_its_unit() -> None:
    pages = sorted((PROJECT / "templates").rglob("*.html"))
    broken = {str(path): found for path in pages if (found := breaks_in(path.read_text(encoding="utf-8")))}
    assert pages
    assert broken == {}


def test_no_message_lets_a_figure_leave_its_unit() -> None:
    """In letters and in files a line is as long as it is; their texts are no pages."""
    pages = [
        text
        for (_context, one, many), path in used().items()
        if Path("templates/emails") not in path.relative_to(PROJECT).parents
        for text in (one, many or "")
    ]
    translations = [entry.msgstr for path in LOCALE.rglob("django.po") for entry in polib.pofile(str(path))]
    assert pages
    assert translations
    assert {text: found for text in (*pages, *translations) if (found := breaks_in(text))} == {}


def test_a_share_keeps_its_sign() -> None:
    assert percent(0.8) == "80\N{NO-BREAK SPACE}%"
