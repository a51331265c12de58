"""The reviewer's viewer: every page, scene, sound and text of a clean file, and nothing of another case."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.cases.models import CaseView
from aduan.complaints.models import Evidence
from aduan.complaints.services import process_evidence, read_texts
from sample import pictures
from tests.factories import files
from tests.factories.accounts import person
from tests.factories.complaints import complaint
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> dt.datetime:
    return timezone.now()


@pytest.fixture(autouse=True)
def _evidence_folder(tmp_path, settings):
    options = {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(tmp_path / "evidence")}}
    settings.STORAGES = {**settings.STORAGES, "evidence": options}


@pytest.fixture
def reviewer(client: Client) -> Client:
    log_in_staff(client, person("budi@aduan.example", "Budi Santoso", Role.REVIEWER))
    return client


def clean(data: bytes, at: dt.datetime) -> Evidence:
    complaint(at, evidence=[files.upload(data)])
    row = Evidence.objects.latest("id")
    assert process_evidence(row.pk, at=at) == "clean"
    row.refresh_from_db()
    return row


def address(row: Evidence, rest: str = "") -> str:
    return f"/kelola/perkara/{row.case_id}/bukti/{row.uid}/{rest}"


def served(client: Any, where: str) -> str:
    """The type of a file that is handed out whole, as an attachment."""
    answer = client.get(where)
    assert answer.getvalue()
    assert answer["Content-Disposition"].startswith("attachment")
    return str(answer["Content-Type"])


def test_a_long_screenshot_is_shown_page_by_page_at_its_full_width(reviewer, telkomsel, today) -> None:
    row = clean(files.png(files.chat(width=1080, height=6000)), today)
    page = reviewer.get(address(row)).content.decode()
    count = row.parts.count()
    assert count == 3
    assert page.count('width="1080"') == count
    assert f"Halaman {count} dari {count}" in page
    assert served(reviewer, address(row, f"bagian/{count}/")) == "image/jpeg"
    assert address(row) in reviewer.get(f"/kelola/perkara/{row.case_id}/").content.decode()


def test_a_video_is_shown_as_scenes_with_a_player_for_its_sound(reviewer, telkomsel, today) -> None:
    row = clean(files.video(4), today)
    page = reviewer.get(address(row)).content.decode()
    assert "Adegan 2, detik 2" in page
    assert "<audio controls" in page
    sound = row.parts.get(role="sound")
    assert served(reviewer, address(row, f"bagian/{sound.position}/")) == "audio/mp4"
    assert CaseView.objects.get().evidence_uid == row.uid, "page and sound are one reading of the file"


def test_a_thumbnail_is_part_of_the_case_page_and_a_picture_is_read(reviewer, telkomsel, today) -> None:
    row = clean(files.video(4), today)
    assert served(reviewer, address(row, "thumbnail/")) == "image/jpeg"
    assert not CaseView.objects.exists()
    assert served(reviewer, address(row, "clean/")) == "image/jpeg"
    assert CaseView.objects.get().evidence_uid == row.uid


def test_an_exported_chat_is_shown_as_text(reviewer, telkomsel, today) -> None:
    row = clean((files.CHAT_EXPORT + "12/05/26 14.06 - x: <script>alert(1)</script>\n").encode(), today)
    page = reviewer.get(address(row)).content.decode()
    assert "Selamat, Anda menang undian Rp 50 juta" in page
    assert "<script>alert(1)" not in page


def test_parts_of_another_case_or_of_no_part_are_not_found(reviewer, telkomsel, today) -> None:
    row = clean(files.pdf(2), today)
    other = complaint(today, "0813-0000-0001").case
    assert served(reviewer, address(row, "bagian/2/")) == "image/jpeg"
    assert reviewer.get(address(row, "bagian/3/")).status_code == 404
    for rest in ("", "bagian/1/"):
        assert reviewer.get(f"/kelola/perkara/{other.pk}/bukti/{row.uid}/{rest}").status_code == 404


def test_parts_go_with_the_evidence(reviewer, telkomsel, today) -> None:
    from aduan.complaints.evidence.storage import evidence_storage
    from aduan.complaints.services import erase

    row = clean(files.pdf(2), today)
    names = list(row.parts.values_list("file", flat=True))
    assert row.complaint is not None
    erase(row.complaint, by=None, at=today)
    assert not row.parts.exists()
    assert not any(evidence_storage().exists(name) for name in names)


def test_a_picture_that_nothing_read_before_is_read_when_it_is_examined_and_the_case_shows_it_so(
    reviewer, telkomsel, today
) -> None:
    """Without scripts a picture comes with the form itself; others are added on the tracking page."""
    chat = pictures.chat("0812-3456-7890", "Bayar ke rekening BCA 1234567890", random.Random(1))
    row = clean(chat, today)
    assert read_texts() == 1
    row.refresh_from_db()
    assert "1234567890" in row.text_read
    page = reviewer.get(f"/kelola/perkara/{row.case_id}/").content.decode()
    machine = page.split('class="machine"')[1].split("</details>")[0]
    assert "Dibaca mesin dari gambar 1" in machine
    assert "1234567890" in machine
