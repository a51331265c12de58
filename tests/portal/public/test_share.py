"""Sharing from another app opens the form with what was shared, and files nothing."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aduan.complaints.models import Complaint
from aduan.core.models import Job
from tests.portal.public.test_offers import shot

SYSTEM = {"Sec-Fetch-Site": "none"}


def test_the_manifest_makes_it_appear_when_a_person_shares(client: Client) -> None:
    manifest = client.get("/manifest.webmanifest").json()
    target = manifest["share_target"]
    assert (target["action"], target["method"], target["enctype"]) == (
        "/lapor/bagikan/",
        "POST",
        "multipart/form-data",
    )
    assert target["params"]["files"] == [
        {"name": "evidence", "accept": ["image/*", "application/pdf", "video/mp4", "audio/*", "text/plain"]}
    ]
    assert manifest["display"] == "standalone"
    assert 'rel="manifest"' in client.get("/").content.decode()


def test_a_shared_picture_is_staged_and_read_and_not_filed(client: Client) -> None:
    page = client.post("/lapor/bagikan/", {"evidence": shot()}, headers=SYSTEM)
    assert page.status_code == 200
    assert 'name="staged"' in page.content.decode()
    assert Job.objects.filter(kind="read_staged").count() == 1
    assert not Complaint.objects.exists()


def test_a_shared_text_is_offered_and_fills_nothing(client: Client) -> None:
    text = "Hubungi 0812-3456-7890, buka https://paket-ulang.com/77"
    page = client.post("/lapor/bagikan/", {"text": text}, headers=SYSTEM).content.decode()
    assert 'value="number:+62 812-3456-7890"' in page
    assert not re.search(r'<input[^>]*name="number"[^>]*value=', page)


def test_what_is_not_taken_is_named_and_costs_nothing_else(client: Client) -> None:
    files = [shot(), SimpleUploadedFile("lampiran.zip", b"PK\x03\x04" + bytes(99))]
    page = client.post("/lapor/bagikan/", {"evidence": files}, headers=SYSTEM).content.decode()
    assert page.count('name="staged"') == 1
    assert "lampiran.zip" in page


def test_another_site_cannot_share(client: Client) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        assert client.post("/lapor/bagikan/", {"text": "x"}, headers=headers).status_code == 403


def test_a_reload_of_the_address_opens_an_empty_form(client: Client) -> None:
    assert client.get("/lapor/bagikan/")["Location"] == "/lapor/"
