"""A file that was refused takes no place of those that may still be chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from aduan.complaints.evidence import limits
from tests.browser.public.test_unreliable_network import fill
from tests.factories import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_as_many_files_as_are_allowed_fit_beside_refused_ones(visit: Any, tmp_path: Path) -> None:
    """A refused file kept its place: after five of them no screenshot could be added."""
    broken = [tmp_path / f"rusak-{number}.bin" for number in range(limits.MAX_FILES)]
    for path in broken:
        path.write_bytes(b"\x00\x01" + path.name.encode())
    good = tmp_path / "layar.png"
    good.write_bytes(files.png(files.chat()))
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    fill(page, until="contact")
    page.locator("#id_evidence").set_input_files(broken)
    expect(page.locator("#files li[data-refused]")).to_have_count(limits.MAX_FILES)
    page.locator("#id_evidence").set_input_files([good])
    expect(page.locator("#files [name=staged]")).to_have_count(1)
    expect(page.locator("#evidence [data-error]").first).to_have_text("")
