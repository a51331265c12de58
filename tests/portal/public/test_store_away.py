"""While the evidence store is away a form with files is answered "later": no text and no file is lost."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from aduan.complaints.models import Complaint, Evidence
from tests.aduan.complaints.test_evidence_store import mount
from tests.factories.complaints import complaint
from tests.factories.files import jpeg, upload
from tests.portal.public.forms import STORY, filled, receipt_of, screenshot, send

pytestmark = pytest.mark.django_db
SAID = "Berkas sedang tidak dapat diterima"


@pytest.fixture
def store(telkomsel, settings, tmp_path: Path) -> Path:
    """The folder of a store of this test's own, in which the files of an earlier complaint lie."""
    mount(settings, folder := tmp_path / "store")
    complaint(timezone.now(), "0813-0000-0001", evidence=[upload(jpeg())])
    return folder


def _move(folder: Path) -> Path:
    return folder.rename(folder.with_name("moved away"))


def _staged(page: str) -> list[str]:
    return re.findall(r'name="staged" value="([^"]+)"', page)


@pytest.mark.parametrize("action", ["send", "check", "read"])
def test_a_form_with_a_picture_comes_back_with_its_text_and_is_taken_later(client: Client, store, action):
    """It was answered 400 by a page without the form, and what was typed was lost."""
    moved = _move(store)
    form = filled(action=action)
    answer = client.post("/lapor/", {**form, "evidence": screenshot()})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert SAID in page
    assert STORY in page
    assert form["key"] in page
    assert Complaint.objects.count() == 1
    moved.rename(store)
    receipt_of(client.post("/lapor/", {**form, "action": "send", "evidence": screenshot()}))
    assert Evidence.objects.count() == 2


def test_a_file_that_was_received_before_is_not_called_gone_and_counts_later(client: Client, store):
    """Without the folder it seemed to have waited too long, and its token left the form."""
    tokens = _staged(send(client, action="read", evidence=screenshot()).content.decode())
    assert len(tokens) == 1
    moved = _move(store)
    form = filled(staged=tokens)
    answer = client.post("/lapor/", form)
    page = answer.content.decode()
    assert (answer.status_code, _staged(page)) == (503, tokens)
    assert SAID in page
    assert "dua jam" not in page
    moved.rename(store)
    receipt_of(client.post("/lapor/", form))
    assert Evidence.objects.count() == 2


def test_scripts_hear_503_and_why(client: Client, store):
    tokens = _staged(send(client, action="read", evidence=screenshot()).content.decode())
    _move(store)
    kept = client.post("/lapor/berkas/", {"file": screenshot()}, headers={"Sec-Fetch-Site": "same-origin"})
    assert kept.status_code == 503
    assert SAID in kept.json()["error"]
    sent = client.post("/lapor/", filled(staged=tokens), headers={"Accept": "application/json"})
    assert sent.status_code == 503
    assert SAID in sent.json()["errors"]["evidence"][0]


def test_without_files_a_complaint_is_taken(client: Client, store):
    tokens = _staged(send(client, action="read", evidence=screenshot()).content.decode())
    _move(store)
    receipt_of(send(client))
    receipt_of(send(client, number="0812-3456-7891", staged=tokens, drop=tokens))


def test_what_another_app_shared_is_shown_without_its_picture(client: Client, store):
    _move(store)
    given = {"evidence": screenshot(), "text": "Anda menang undian"}
    answer = client.post("/lapor/bagikan/", given, headers={"Sec-Fetch-Site": "none"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert SAID in page
    assert "Anda menang undian" in page
