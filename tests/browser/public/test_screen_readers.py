"""What a screen reader says of each part of the form: Chromium's own tree of names, not the markup."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONTROLS = {"button", "link", "textbox", "combobox", "radio", "checkbox", "DisclosureTriangle", "Date"}
# Names in the order of the page; the menu, the steps and the foot stand around them on every part.
PARTS = {
    "evidence": {
        "Kirim tangkapan layar Pilih gambar",
        "Tempel isi pesannya Salin dari SMS atau obrolan",
        "Ketik nomornya Jika Anda hanya ditelepon",
    },
    "number": {"Nomor atau nama yang menghubungi Anda", "Kembali", "Lanjutkan"},
    "what": {"SMS", "Panggilan telepon", "Jenis penipuannya apa?", "Tanggal", "Zona waktu", "Lanjutkan"},
    "story": {"Apa isi pesan atau percakapannya? (opsional)", "Lanjutkan"},
    "contact": {"Email (surel) Anda (opsional)", "Atau nomor HP Anda (opsional)", "Periksa isian saya"},
    "send": {"Ubah : Nomor yang diadukan", "Ubah : Lewat", "Ubah : Jenis penipuan", "Kirim aduan"},
}


def controls(page: Page) -> list[dict[str, Any]]:
    """What can be reached in the tree that a screen reader reads: role, name, description, invalid."""
    session: Any = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        {
            "role": node["role"]["value"],
            "name": " ".join(node.get("name", {}).get("value", "").split()),
            "description": node.get("description", {}).get("value", ""),
            "invalid": any(
                one["name"] == "invalid" and one["value"].get("value") == "true"
                for one in node.get("properties", [])
            ),
        }
        for node in nodes
        if not node.get("ignored") and node["role"]["value"] in CONTROLS
    ]


def hear(page: Page, part: str) -> None:
    """Each control has a name, those of the part are the ones a person sees, and none is said twice."""
    heard = controls(page)
    names = [one["name"] for one in heard]
    assert all(names), [one for one in heard if not one["name"]]
    assert PARTS[part] <= set(names), PARTS[part] - set(names)
    twice = {name for name, times in Counter(names).items() if times > 1}
    assert twice <= {"Bantuan"}, twice  # in the menu and at the foot, to the same page


def test_each_part_names_what_it_asks(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    hear(page, "evidence")
    page.locator("#part-evidence .way[data-step]").click()
    page.locator("#id_number").fill("0812-3456-7890")
    page.locator("#understood .number-chip").wait_for()
    hear(page, "number")
    page.locator("#part-number [data-step='1']").click()
    page.locator("label.choice", has_text="SMS").click()
    page.locator("#id_category").select_option("HADIAH")
    for part in ("what", "story", "contact"):
        hear(page, part)
        page.locator(f"#part-{part} [data-step='1']").click()
        expect(page.locator(f"#part-{part}")).to_be_hidden()
    page.locator("#summary button").wait_for()
    assert page.evaluate("() => document.activeElement.textContent.trim()") == "Periksa dan kirim"
    hear(page, "send")


def test_a_fault_is_said_with_its_field(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("#part-evidence .way[data-step]").click()
    page.locator("#part-number [data-step='1']").click()
    expect(page.locator("#id_number")).to_be_focused()
    shown = page.locator("#id_number_error").inner_text().strip()
    (field,) = [one for one in controls(page) if one["name"] == "Nomor atau nama yang menghubungi Anda"]
    assert shown
    assert field["invalid"]
    assert shown in " ".join(field["description"].split())


def test_what_was_read_is_said_with_what_it_is(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    visitor.go("/lapor/")
    page.locator("#paste summary").click()
    page.locator("#pasted").fill("WA 0812-3456-7890, bayar Rp 50.000 ke BCA 1234567890")
    page.locator("#offers .find").first.wait_for()
    offers = {one["name"] for one in controls(page) if one["role"] == "checkbox"}
    assert {
        "Nomor yang disebut dalam pesan +62 812-3456-7890",
        "Rekening yang disebut BCA 1234567890",
    } <= offers
