"""One table of limits behind every interface; a refused file costs neither the text nor the other files."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from aduan.complaints.evidence import limits
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import process_evidence
from aduan.notifications.models import OutboxMessage
from portal.common.middleware import MaxBodySizeMiddleware
from tests.factories import files
from tests.portal.public.forms import STORY, filled, progress_address, receipt_of, screenshot, send

NGINX = Path(__file__).resolve().parents[3] / "deploy/nginx/aduan.conf"


def broken(name: str = "rusak.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + bytes(40))


def hostile() -> SimpleUploadedFile:
    """Begins and ends like a JPEG: only decoding finds out."""
    return SimpleUploadedFile("foto.jpg", files.hollow_jpeg())


def test_nginx_and_the_middleware_take_what_the_table_says() -> None:
    """They took 40 MB and 128 MB, the form named 5 and 10."""
    (megabytes,) = re.findall(r"^  client_max_body_size (\d+)m;", NGINX.read_text(), re.MULTILINE)
    assert int(megabytes) * limits.MEBIBYTE == MaxBodySizeMiddleware.LARGEST == limits.MAX_REQUEST
    largest = max(limit.size for limit in limits.LIMITS.values())
    picture = limits.LIMITS["image"].size
    assert largest + (limits.MAX_FILES - 1) * picture < limits.MAX_REQUEST


def test_form_and_help_name_the_limits_of_the_table(client: Client) -> None:
    form = client.get("/lapor/").content.decode()
    for family in ("image", "sound", "video"):
        shown = f"{limits.LIMITS[family].size // limits.MEBIBYTE}&nbsp;MB"
        assert shown in form
        assert shown in client.get("/bantuan/").content.decode()
    assert f'data-most-bytes="{limits.LIMITS["image"].size}"' in form
    assert f'data-most-pixels="{limits.MAX_PIXELS}"' in form
    assert f'data-least-width="{limits.MIN_WIDTH}"' in form


def test_a_refused_file_costs_neither_the_text_nor_the_others(client: Client) -> None:
    """Without scripts all files of the request were thrown away with the one that was refused."""
    other = SimpleUploadedFile("c.jpg", files.jpeg(files.chat(3)))
    answer = client.post("/lapor/", {**filled(), "evidence": [screenshot("a.jpg"), broken(), other]})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "rusak.png" in page
    assert STORY in page
    tokens = re.findall(r'name="staged" value="([^"]+)"', page)
    assert len(tokens) == 2
    receipt_of(send(client, staged=tokens))
    assert sorted(Evidence.objects.values_list("name", flat=True)) == ["a.jpg", "c.jpg"]


def test_with_scripts_a_refused_file_gets_its_reason_and_nothing_else_is_touched(client: Client) -> None:
    answer = client.post("/lapor/berkas/", {"file": broken()})
    assert answer.status_code == 400
    assert "rusak.png" in answer.json()["error"]


def test_on_the_tracking_page_a_refused_file_costs_neither_the_text_nor_the_others(client: Client) -> None:
    address = progress_address(client, send(client))
    sent = {"action": "complete", "text": "Ada lagi.", "evidence": [broken(), screenshot()]}
    page = client.post(address, sent, follow=True).content.decode()
    assert "rusak.png" in page
    assert Complaint.objects.get().updates.get().text == "Ada lagi."
    assert Evidence.objects.get().name == "chat.jpg"


def test_what_is_found_later_stands_on_the_page_and_in_a_letter(client: Client) -> None:
    """The page said only that it could not be used; there was no letter."""
    sent = send(client, contact_email="sari@example.id", evidence=hostile())
    address = progress_address(client, sent)
    assert process_evidence(Evidence.objects.get().pk, at=timezone.now()) == "refused"
    page = client.get(address).content.decode()
    assert ": bukan gambar" in page
    assert "tangkapan layar" in page
    assert "Kirim berkas lain" in page
    letter = OutboxMessage.objects.get(kind="evidence_refused")
    assert letter.key.startswith("evidence_refused:")


def test_what_was_refused_before_costs_nothing_else_when_it_is_sent_again(client: Client) -> None:
    """The page thanked for it and kept nothing."""
    address = progress_address(client, send(client, evidence=hostile()))
    process_evidence(Evidence.objects.get().pk, at=timezone.now())
    page = client.post(address, {"action": "complete", "evidence": hostile()}, follow=True).content.decode()
    assert "foto.jpg” tidak dapat dipakai" in page
    assert "Terima kasih" not in page
    sent = {"action": "complete", "text": "Ada lagi.", "evidence": [hostile(), screenshot()]}
    page = client.post(address, sent, follow=True).content.decode()
    assert "foto.jpg” tidak dapat dipakai" in page
    assert Complaint.objects.get().updates.get().text == "Ada lagi."
    assert Evidence.objects.filter(name="chat.jpg").count() == 1


def test_a_complaint_without_a_contact_gets_no_letter(client: Client) -> None:
    receipt_of(send(client, evidence=hostile()))
    process_evidence(Evidence.objects.get().pk, at=timezone.now())
    assert not OutboxMessage.objects.filter(kind="evidence_refused").exists()
