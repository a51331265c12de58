"""The page of public figures: from a snapshot alone, small counts are withheld, files that never change."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageFont

from aduan.blocklists.services import keys
from aduan.cases.models import CannedReason
from aduan.statistics.datasets import DATASETS
from aduan.statistics.models import Snapshot
from aduan.statistics.queries import table_of
from aduan.statistics.services import make_snapshot
from portal.public.share_pictures import share_lines
from portal.public.statistics_labels import label_of
from portal.public.statistics_words import Published
from tests.factories.statistics import counted

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 18, 2, tzinfo=dt.UTC)


@pytest.fixture
def snapshot() -> Snapshot:
    """Two months of complaints, one of them with a kind of fraud that nine people complained of."""
    for month in (9, 10):
        counted("complaints", "received", dt.date(2026, month, 5), 1200, category="KURIR", channel="whatsapp")
        counted("complaints", "received", dt.date(2026, month, 6), 9, category="LAIN", channel="sms")
    counted("decisions", "block", dt.date(2026, 10, 7), 40, promise="kept", hours="4-6")
    counted("decisions", "dismiss", dt.date(2026, 10, 8), 9, promise="kept", hours="4-6")
    made = make_snapshot(at=AT)
    assert made is not None
    return made


def test_before_the_first_snapshot_the_page_says_so(client: Client) -> None:
    assert "Belum ada angka" in client.get(reverse("public:statistics")).text
    assert client.get(reverse("public:statistics_newest", args=["figures.json"])).status_code == 404


def test_the_page_is_small_and_asks_the_database_little(
    client: Client, snapshot: Snapshot, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(12):
        page = client.get(reverse("public:statistics"))
    assert page.status_code == 200
    assert len(page.content) <= 100 * 1024
    assert "2.409" in page.text  # nine of the last day wait for the next


def test_a_count_below_ten_is_never_shown(client: Client, snapshot: Snapshot) -> None:
    page = client.get(reverse("public:statistics")).text
    dismissed = re.search(r"Ditutup tanpa tindak lanjut</th><td[^>]*>([^<]+)<", page)
    assert dismissed is not None
    assert dismissed.group(1) == "kurang dari 10"
    assert not re.search(r'class="num">[1-9]<', page)


def test_every_file_of_the_page_is_there_and_never_changes(client: Client, snapshot: Snapshot) -> None:
    page = client.get(reverse("public:statistics")).text + client.get(reverse("public:statistics_data")).text
    links = {link for link in re.findall(r'href="(/statistik/[^"]+)"', page) if "." in link}
    assert len(links) > len(DATASETS) * 2
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        if snapshot.day.isoformat() in link:
            assert "immutable" in answer["Cache-Control"]
    name = "figures.json"
    newest = client.get(reverse("public:statistics_newest", args=[name]))
    assert newest.headers["Location"] == reverse("public:statistics_file", args=[snapshot.day, name])
    assert json.loads(client.get(newest.headers["Location"]).content)["complaints.received.2026-10.total"]


@pytest.mark.parametrize("link", ["2026-02-30/figures.json", "2026-11-17/no.csv", "sql/users.sql"])
def test_what_does_not_exist_is_not_found(client: Client, snapshot: Snapshot, link: str) -> None:
    assert client.get(f"/statistik/data/{link}").status_code == 404


def test_new_months_stand_in_the_feed(client: Client, snapshot: Snapshot) -> None:
    feed = client.get(reverse("public:statistics_feed"))
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert "Angka Oktober 2026" in feed.text


def test_english_readers_find_the_same_figures(snapshot: Snapshot) -> None:
    page = Client(headers={"accept-language": "en"}).get(reverse("public:statistics")).text
    assert "2,409" in page
    assert "complaints received" in page


def test_a_shared_link_shows_the_newest_month_that_is_over(snapshot: Snapshot) -> None:
    pictures = {}
    for language in ("id", "en"):
        client = Client(headers={"accept-language": language})
        page = client.get(reverse("public:statistics")).text
        (address,) = re.findall(r'og:image" content="[^"]*(/statistik/gambar/[^"]+)"', page)
        assert address.endswith(f"/{snapshot.day}/2026-10.{language}.png")
        answer = client.get(address)
        assert "immutable" in answer["Cache-Control"]
        picture = Image.open(io.BytesIO(answer.content))
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert client.get(address).content == answer.content
        pictures[language] = answer.content
    assert pictures["id"] != pictures["en"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_font_of_the_picture_has_every_character(snapshot: Snapshot, language: str) -> None:
    """A space that does not break was drawn as a box: "83,7▯%"."""
    lines = share_lines(Published(snapshot), "2026-10", language)
    assert lines is not None
    assert any("%" in line for line in lines)
    font = ImageFont.load_default(40)
    box = bytes(font.getmask("\uffff"))
    assert bytes(font.getmask("\u00a0")) == box
    for character in set("".join(lines)):
        assert bytes(font.getmask(character)) != box, character


@pytest.mark.parametrize("name", ["2026-11.id", "2026-10.fr", "2027-01.id", "x.id"])
def test_there_is_no_picture_of_a_month_that_is_not_over(
    client: Client, snapshot: Snapshot, name: str
) -> None:
    assert client.get(f"/statistik/gambar/{snapshot.day}/{name}.png").status_code == 404


def test_rows_that_waited_for_the_next_month_hide_no_month_that_is_over(client: Client) -> None:
    """Four of the 29th are released on 2 October: that makes no month of October, and no picture of it."""
    for dataset, stratum in (("complaints", "received"), ("decisions", "dismiss")):
        for month, day, count in ((9, 5, 400), (9, 29, 4), (10, 2, 8)):
            counted(dataset, stratum, dt.date(2026, month, day), count, category="KURIR", reason="r")
    made = make_snapshot(at=dt.datetime(2026, 10, 5, 20, tzinfo=dt.UTC))
    assert made is not None
    page = client.get(reverse("public:statistics")).text
    assert "Aduan September 2026" in page
    assert "ditutup tanpa tindak lanjut, September 2026" in page
    assert f"/{made.day}/2026-09.id.png" in page
    assert client.get(f"/statistik/gambar/{made.day}/2026-10.id.png").status_code == 404


@pytest.fixture
def folder(client: Client, settings: LazySettings, tmp_path: Path) -> Path:
    """What a stranger downloads: the key, and a snapshot with two of its files."""
    settings.KEYS_DIR = tmp_path / "keys"
    keys.create(roles=("lists",))
    counted("complaints", "received", dt.date(2026, 10, 5), 1200, category="KURIR", channel="whatsapp")
    made = make_snapshot(at=AT)
    assert made is not None
    (tmp_path / "lists.pem").write_bytes(client.get(reverse("public:statistics_key")).content)
    files = tmp_path / "files"
    files.mkdir()
    for name in ("datapackage.json", "datapackage.json.sig", "complaints.csv", "figures.json"):
        answer = client.get(reverse("public:statistics_file", args=[made.day, name]))
        (files / name).write_bytes(answer.content)
    return tmp_path


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    script = Path(__file__).parents[3] / "contrib" / "verify_statistics.sh"
    command = ["sh", str(script), str(folder / "lists.pem"), str(folder / "files")]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_stranger_verifies_a_snapshot(client: Client, folder: Path) -> None:
    done = verified(folder)
    assert done.returncode == 0, done.stderr
    assert "2 of " in done.stdout
    page = client.get(reverse("public:statistics_data")).text
    assert "verify_statistics.sh" in page


@pytest.mark.parametrize("name", ["datapackage.json", "complaints.csv"])
def test_a_file_that_was_changed_is_refused(folder: Path, name: str) -> None:
    file = folder / "files" / name
    file.write_bytes(file.read_bytes().replace(b"1200", b"1201").replace(b"CC-BY", b"CC-BX"))
    done = verified(folder)
    assert done.returncode == 1
    assert "REFUSED" in done.stderr


def test_names_keep_their_capitals() -> None:
    """“WhatsApp” had become “Whatsapp”."""
    assert label_of("channel", "whatsapp") == "WhatsApp"


def reason(code: str, text: str, action: str = "dismiss") -> None:
    CannedReason.objects.create(code=code, action=action, text_id=text, text_en=f"{text} (en)")


def test_reasons_of_closed_cases_stand_in_words_missing_evidence_first(client: Client) -> None:
    reason("dismiss-no-evidence", "Bukti tidak cukup.")
    reason("dismiss-private-dispute", "Perselisihan pribadi.")
    reason("dismiss-test", "Aduan percobaan.")
    day = dt.date(2026, 10, 8)
    counts = {"dismiss-no-evidence": 20, "dismiss-private-dispute": 40, "dismiss-test": 6, "dismiss-old": 7}
    for code, count in counts.items():
        counted("decisions", "dismiss", day, count, promise="kept", hours="4-6", reason=code)
    assert make_snapshot(at=AT)
    page = client.get(reverse("public:statistics")).text
    reasons = page[page.index("Mengapa perkara ditutup") :]
    assert 0 < reasons.index("Bukti tidak cukup.") < reasons.index("Perselisihan pribadi.")
    assert "Aduan percobaan." not in page, "six, and seven of a reason that has no words"
    assert "dismiss-" not in reasons
    assert "(en)" in client.get(reverse("public:statistics"), headers={"accept-language": "en"}).text


def test_a_question_to_a_complainant_is_no_reason_of_a_decision(client: Client) -> None:
    reason("ask-screenshot", "Mohon kirim tangkapan layar.", action="ask")
    snapshot = make_snapshot(at=AT)
    assert snapshot is not None
    assert [row["code"] for row in table_of(snapshot, "reasons")] == []


def test_weeks_stand_beside_months_and_none_is_left_out(client: Client) -> None:
    for day in (dt.date(2026, 10, 1), dt.date(2026, 10, 20)):
        counted("complaints", "received", day, 70)
    assert make_snapshot(at=AT)
    page = client.get(reverse("public:statistics")).text
    weeks = re.findall(r"Minggu ke-(\d+), mulai ([^<]+)</th><td[^>]*>([^<]+)<", page)
    assert weeks == [
        ("40", "28 September 2026", "70"),
        ("41", "5 Oktober 2026", "kurang dari 10"),
        ("42", "12 Oktober 2026", "kurang dari 10"),
        ("43", "19 Oktober 2026", "70"),
    ]
