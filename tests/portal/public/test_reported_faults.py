"""Every reported fault, sent where its `area` says: the number field, a message, a file, another field."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import process_evidence, reindex_cases
from tests.aduan.numbers.test_reported_faults import ROWS
from tests.factories import complaints as make
from tests.factories import files
from tests.portal.public.forms import filled, progress_address, receipt_of, send

pytestmark = pytest.mark.django_db
BY_ID = {row["id"]: row for row in ROWS}
FIELD = [row for row in ROWS if row["area"] == "number.field"]
TEXT = [row for row in ROWS if row["area"] == "number.text"]


def answered(client: Client, **sent: str) -> dict[str, Any]:
    answer = client.post("/lapor/nomor/", sent)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def plain(shown: str) -> str:
    return shown.replace(" ", "").replace("-", "")


def parsed_at_the_console(
    monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, str]]
) -> list[dict[str, Any]]:
    lines = "".join(json.dumps({"raw": row["input"]}) + "\n" for row in rows)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    out = io.StringIO()
    call_command("parse_numbers", jsonl=True, stdout=out, stderr=io.StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_area_has_its_test() -> None:
    tested = {"BH-45", "BH-47", "BH-49", "BH-51", "BH-53", "BH-55", "BH-57"}
    assert {row["id"] for row in ROWS} == tested | {row["id"] for row in [*FIELD, *TEXT]}
    assert len(ROWS) == 30


@pytest.mark.parametrize("row", FIELD, ids=lambda row: row["id"])
def test_a_fault_of_the_number_field(client: Client, register, row: dict[str, str]) -> None:
    expected, answer = row["expected"], answered(client, number=row["input"])
    if expected.startswith("refused"):
        assert answer["code"] == expected.split()[1]
    elif expected.startswith("offer"):
        assert "number" not in answer
        assert expected.split()[1] in [plain(one["number"]) for one in answer["found"]]
    elif expected.startswith("short_code"):
        assert answer["number"] == row["input"]
    else:
        assert plain(answer["number"]) == expected.split()[0]


def test_the_faults_of_the_number_field_at_the_console(monkeypatch, register) -> None:
    for row, answer in zip(FIELD, parsed_at_the_console(monkeypatch, FIELD), strict=True):
        expected = row["expected"]
        if expected.startswith("+"):
            assert answer["e164"] == expected.split()[0], row
            assert answer["protected"] == ("(protected)" in expected), row
            assert (answer["kind"] == "foreign") == ("(foreign)" in expected), row
        elif expected.startswith("short_code"):
            assert answer["kind"] == "short_code", row
        elif expected.startswith("offer"):
            assert answer["e164"] is None, row
            assert expected.split()[1] in answer["suggestions"], row
        else:
            assert answer["error"] == expected.split()[1], row


@pytest.mark.parametrize("row", TEXT, ids=lambda row: row["id"])
def test_a_fault_of_a_message(client: Client, row: dict[str, str]) -> None:
    expected = [value for value in row["expected"].strip("[]").split(",") if value]
    found = [plain(one["number"]) for one in answered(client, text=row["input"])["found"]]
    assert found == [value.replace("telegram:", "Telegram") for value in expected]


def test_the_messages_at_the_console_give_no_number_that_is_not_meant(monkeypatch) -> None:
    """A whole message in the place of a number: read or offered, and never another number."""
    for row, answer in zip(TEXT, parsed_at_the_console(monkeypatch, TEXT), strict=True):
        expected = row["expected"].strip("[]").split(",")
        assert answer["e164"] is None or answer["e164"] in expected, (row, answer)


def arrived(client: Client, data: bytes, name: str) -> Evidence:
    receipt_of(send(client, evidence=SimpleUploadedFile(name, data)))
    evidence = Evidence.objects.get()
    assert process_evidence(evidence.pk, at=timezone.now()) == "clean"
    evidence.refresh_from_db()
    return evidence


@pytest.mark.parametrize(("row", "form", "height"), [("BH-45", "jpeg", 40_000), ("BH-47", "png", 24_000)])
def test_a_long_screenshot_arrives_at_its_full_width(
    client: Client, row: str, form: str, height: int
) -> None:
    assert f"1080x{height}" in BY_ID[row]["input"]
    image = files.chat(width=1080, height=height)
    data = files.jpeg(image, quality=60) if form == "jpeg" else files.png(image)
    evidence = arrived(client, data, f"tangkapan.{form}")
    assert (evidence.width, evidence.height) == (1080, height)


def test_a_file_that_is_refused_later_is_named_on_the_tracking_page(client: Client) -> None:
    """BH-49; the letter is in `test_evidence_limits`."""
    address = progress_address(
        client, send(client, evidence=SimpleUploadedFile("foto.jpg", files.hollow_jpeg()))
    )
    evidence = Evidence.objects.get()
    assert process_evidence(evidence.pk, at=timezone.now()) == "refused"
    page = client.get(address).content.decode()
    assert "foto.jpg" in page
    assert "Kirim berkas lain" in page


def test_four_spellings_of_an_account_make_one_campaign(telkomsel, now) -> None:
    """BH-51: three in the field for accounts, one in the story."""
    spelled = re.findall(r'"([^"]+)"', BY_ID["BH-51"]["input"])
    assert len(spelled) == 4
    *fields, story = spelled
    filed = [
        make.complaint(now, f"0812-1111-22{turn:02}", bank_account=text) for turn, text in enumerate(fields)
    ]
    filed.append(
        make.complaint(now, "0812-1111-2299", narrative=f"Saya diminta transfer ke {story} hari ini.")
    )
    reindex_cases(at=now)
    campaigns = {type(one.case).objects.get(pk=one.case_id).campaign_link.campaign_id for one in filed}
    assert len(campaigns) == 1


def test_an_account_in_a_story_is_offered_for_its_field(client: Client) -> None:
    answer = answered(client, text=BY_ID["BH-53"]["input"])
    assert answer["payment_accounts"] == ["BRI 012301012345507"]


def test_the_own_number_is_asked_about(client: Client) -> None:
    number, contact = re.findall(r"[+0][0-9 -]+[0-9]", BY_ID["BH-55"]["input"])
    asked = client.post("/lapor/", filled(number=number, contact_phone=contact))
    assert asked.status_code == 400
    assert "nomor Anda sendiri" in asked.content.decode()
    assert not Complaint.objects.exists()


def test_an_amount_in_words_is_understood(client: Client) -> None:
    receipt_of(send(client, loss=BY_ID["BH-57"]["input"]))
    assert Complaint.objects.get().loss == int(BY_ID["BH-57"]["expected"])
