"""The whole mission on the layout of docker-compose.yml, through nginx, by HTTP and the console alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.factories.files import jpeg
from tests.journeys.browser_client import BrowserClient, hidden
from tests.production import holders, people
from tests.production.layout import Layout, until

pytestmark = pytest.mark.production
DIGITS = "6281270004321"


def test_a_complaint_becomes_a_line_in_one_operators_list(behind_nginx: Layout, tmp_path: Path) -> None:
    """On settings of production nothing had ever started: a package was missing."""
    layout = behind_nginx
    sari = people.citizen(layout)
    tracking = complain(sari, "0812-7000-4321")
    budi, citra = (people.logged_in(layout, email) for email, _role, _of in people.STAFF)
    case = until_examined(layout, budi)
    propose(budi, case)
    sign(citra, case)

    build = ("python", "manage.py", "build_block_lists", "--operator", "telkomsel")
    built = layout.run_once(*build, part="lists")
    assert "1 numbers" in built
    dewi, eko = (people.logged_in(layout, email) for email, _role, _of in people.OPERATORS)
    until(lambda: signed_and_published(layout, dewi), "the list to be published", layout, seconds=180)
    folder = signed_and_published(layout, dewi)
    content = dewi.fetch(f"{folder}berkas/block.txt")
    assert content == f"{DIGITS}\n".encode()
    verify_with_openssl(dewi, folder, content, tmp_path)
    eko.fetch(f"{folder}berkas/block.txt", status=404)

    report_outcome(dewi, folder)
    until(lambda: "Nomor sudah diblokir" in sari.open(tracking), "the citizen's page to say so", layout)


def signed_and_published(layout: Layout, dewi: BrowserClient) -> str:
    """The page of the monthly list; empty until two key holders have signed that it is hers."""
    found = re.search(r'href="(/operator/daftar/[0-9-]+monthly-v[0-9]+/)"', dewi.open("/operator/"))
    if found:
        return found[1]
    holders.sign_all(layout)
    return ""


def complain(sari: BrowserClient, number: str, *, with_picture: bool = True) -> str:
    """Sends the form of the front page; the address of its tracking page."""
    page = sari.open("/lapor/")
    files = {"evidence": ("layar.jpg", jpeg(), "image/jpeg")} if with_picture else None
    sari.send(
        "/lapor/",
        {
            "key": hidden(page, "key"),
            "channel": "sms",
            "category": "HADIAH",
            "number": number,
            "narrative": "Pesan itu bilang saya menang undian dan harus mentransfer pajak hadiah dahulu.",
            "action": "send",
        },
        files=files,
    )
    assert sari.address.endswith("tanda-terima/"), sari.address
    return sari.address.removeprefix(people.SITE).removesuffix("tanda-terima/")


def until_examined(layout: Layout, budi: BrowserClient) -> str:
    """The address of the case, when the worker has examined its picture."""
    page = budi.open("/kelola/antrean/")
    found = re.search(r'class="case-number number" href="([^"]+)"', page)
    assert found, page
    until(lambda: 'name="evidence"' in budi.open(found[1]), "the worker to examine the picture", layout)
    return found[1]


def propose(budi: BrowserClient, case: str) -> None:
    page = budi.open(case)
    evidence = re.search(r'name="evidence"[^>]*value="(\d+)"', page)
    assert evidence, page
    budi.send(
        f"{case}langkah/propose/",
        {
            "act": "block",
            "seen": hidden(page, "seen"),
            "reason_code": "propose-prize",
            "evidence": [evidence[1]],
        },
        page=case,
    )


def sign(citra: BrowserClient, case: str) -> None:
    seen = hidden(citra.open(case), "seen")
    citra.send(f"{case}tanda-tangan/", {"agrees": "yes", "compared": "on", "seen": seen}, page=case)


def verify_with_openssl(dewi: BrowserClient, folder: str, content: bytes, tmp_path: Path) -> None:
    key, text, signature = (tmp_path / name for name in ("lists.pem", "block.txt", "block.txt.sig"))
    key.write_bytes(dewi.fetch("/operator/kunci-tanda-tangan.pem"))
    text.write_bytes(content)
    signature.write_bytes(dewi.fetch(f"{folder}berkas/block.txt.sig"))
    verify = f"openssl pkeyutl -verify -pubin -inkey {key} -rawin -in {text} -sigfile {signature}".split()
    assert subprocess.run(verify, capture_output=True).returncode == 0
    text.write_bytes(content.replace(b"1", b"2", 1))
    assert subprocess.run(verify, capture_output=True).returncode != 0


def report_outcome(dewi: BrowserClient, folder: str) -> None:
    page = dewi.open(f"{folder}hasil/")
    digest = hidden(page, "digest")
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["number", "answer", "acted_at", "reason"])
    now = dt.datetime.fromtimestamp(time.time(), dt.UTC)
    rows.writerow([DIGITS, "blocked", now.isoformat(timespec="seconds"), ""])
    files = {"file": ("hasil.csv", table.getvalue().encode(), "text/csv")}
    dewi.send(f"{folder}hasil/", {"digest": digest}, files=files)
