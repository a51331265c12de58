"""One command for a person's request: all that is kept about them, and its end. There was none before."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aduan.core.models import AuditLogEntry
from tests.factories import files
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db


def asked(**options: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("personal_data", stdout=out, stderr=io.StringIO(), **options)
    return list(json.loads(out.getvalue()))


def test_a_person_gets_theirs_and_nothing_of_others(telkomsel, now):
    mine = complaint(now, contact_email="sari@example.id", evidence=[files.upload(files.jpeg())])
    complaint(now, "0813-0000-0001", contact_email="raka@example.id")
    [found] = asked(email="Sari@example.id")
    assert (found["ticket"], found["email"]) == (mine.ticket, "sari@example.id")
    assert found["narrative"] == mine.narrative
    assert found["files"][0]["name"] == "bukti.jpg"
    assert (
        AuditLogEntry.objects.filter(action="complaint.disclose", subject=f"complaint:{mine.pk}").count() == 1
    )


def test_erased_on_request_there_is_nothing_left_to_give(telkomsel, now):
    complaint(now, contact_email="sari@example.id")
    assert len(asked(email="sari@example.id", erase=True)) == 1
    assert asked(email="sari@example.id") == []


def test_without_a_contact_nothing_is_given():
    with pytest.raises(CommandError):
        call_command("personal_data")
