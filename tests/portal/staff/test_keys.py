"""The help lists every key of the desk, and no key that does nothing."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from portal.staff.keys import KEYS
from tests.portal.staff.login import log_in_staff

# What static/js/staff/keys.js does by itself, without a target on the page.
BY_THE_SCRIPT = {"j", "k", "Enter", "Ctrl", "Escape", "?", "1", "9", "…"}
_KEY = re.compile(r'(?:data-|\b)key="([^"{}])"|"data-key": "(.)"')


def keys_on_pages() -> set[str]:
    root = settings.BASE_DIR
    sources = [
        *root.glob("templates/staff/**/*.html"),
        *root.glob("templates/admin/**/*.html"),
        *root.glob("portal/staff/*.py"),
    ]
    return {
        "".join(found) for source in sources for found in _KEY.findall(source.read_text(encoding="utf-8"))
    }


def test_the_help_lists_each_key_once_and_no_other() -> None:
    listed = [key for keys, _text in KEYS for key in keys.split()]
    by_target = [key for key in listed if key not in BY_THE_SCRIPT]
    assert len(by_target) == len(set(by_target))
    assert set(listed) - BY_THE_SCRIPT == keys_on_pages() - BY_THE_SCRIPT


@pytest.mark.django_db
def test_overlay_and_page_show_the_table(client, budi) -> None:
    page = log_in_staff(client, budi).get("/kelola/tombol/").text
    for keys, text in KEYS:
        assert page.count(f"<td>{text}</td>") == 2, keys
