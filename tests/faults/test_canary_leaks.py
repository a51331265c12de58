"""LK1 in small, LK2: what a complainant entrusts to us is nowhere else, not even in an error."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from aduan.complaints.models import Evidence
from aduan.complaints.services import confirm_contact, process_evidence, send_code, send_progress, withdraw
from aduan.complaints.types import ClientIdentity, ContactWay
from aduan.core.errors import DomainError
from aduan.notifications import services as notifications
from portal.tasks import mail
from tests.database import as_administrator
from tests.factories import files
from tests.factories.complaints import complaint

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
CANARIES = ("kanari.surel", "81500007741", "203.0.113.77", "kanari-perangkat", "KANARIEXIF")


def everything() -> str:
    """Every row of every table as text, with binary columns also decoded as text."""
    with as_administrator() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        rows: list[str] = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the catalogue
            for row in cursor.fetchall():
                rows.append(f"{table}: " + " ".join(_text(value) for value in row))
    return "\n".join(rows)


def _text(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, memoryview | bytes) else str(value)


@pytest.fixture(autouse=True)
def evidence_folder(tmp_path, settings):
    options = {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(tmp_path / "evidence")}}
    settings.STORAGES = {**settings.STORAGES, "evidence": options}
    return tmp_path / "evidence"


def test_contacts_addresses_devices_and_metadata_stay_in_the_vault(now, telkomsel, evidence_folder, caplog):
    caplog.set_level(logging.DEBUG)
    filed = complaint(
        now,
        contact_email="kanari.surel@example.id",
        contact_phone="0815-0000-7741",
        sender=ClientIdentity(address="203.0.113.77", device="kanari-perangkat"),
        evidence=[files.upload(files.jpeg(comment=b"KANARIEXIF"))],
    )
    for row in Evidence.objects.all():
        process_evidence(row.pk, at=now)
    for way in ContactWay:
        send_code(filed, way=way, sender=ClientIdentity(address="203.0.113.77"), at=now)
        confirm_contact(filed, way=way, code="000000", at=now)

    def refuse(letter: notifications.OutgoingMessage) -> None:
        mail.render_text(letter)
        raise ConnectionError(f"550 {letter.to} does not exist")

    notifications.send_due(refuse, at=now)
    send_progress(at=now)
    withdraw(filed, at=now)
    with pytest.raises(DomainError) as refusal:
        send_code(filed, way=ContactWay.EMAIL, sender=ClientIdentity(), at=now)
    kept = b"".join(path.read_bytes() for path in evidence_folder.rglob("*") if path.is_file()).decode(
        "latin-1"
    )
    for place, text in (
        ("the database", everything()),
        ("the evidence folder", kept),
        ("the log", caplog.text),
        ("the refusal", f"{refusal.value!r} {refusal.value.details}"),
    ):
        for canary in CANARIES:
            assert canary not in text, f"{canary} is in {place}"


def test_the_search_would_find_a_leak(now, telkomsel):
    complaint(now, narrative="Surel saya kanari.surel@example.id, mohon dibantu secepatnya ya.")
    assert "kanari.surel" in everything()


def test_without_the_cache_the_form_still_takes_complaints(now, telkomsel, settings):
    """FT6: the limits count locally then; the page must not fail."""
    dead = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {"default": dead}
    page = Client().get("/lapor/")
    assert page.status_code == 200
    sent = Client().post("/lapor/", {"number": "0812-0000-0001", "channel": "sms", "category": "HADIAH"})
    assert sent.status_code in {200, 302, 400}


@pytest.mark.parametrize(
    "address", ["/lacak/AN-23467-ACDEF/x/", "/lapor/%00", "/lacak/%F0%28%8C%28/x/", "/nope/"]
)
def test_an_error_page_tells_nothing_about_us(address):
    answer = Client(raise_request_exception=False).get(address)
    text = answer.content.decode()
    assert answer.status_code in {400, 404}
    for telling in ("Traceback", "site-packages", "SELECT ", "psycopg", "Django", "settings"):
        assert telling not in text
