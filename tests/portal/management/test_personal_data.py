"""One command for a person's request: all that is kept about them, and its end. There was none before."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from aduan.appeals import services as appeals
from aduan.complaints.types import LINE_FIELDS
from aduan.core.models import AuditLogEntry
from aduan.numbers.parsing import parse
from portal.management.table_grants import TABLES
from tests.factories import files
from tests.factories.blocklists import a_block
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db


def asked(**options: Any) -> dict[str, list[dict[str, Any]]]:
    out = io.StringIO()
    call_command("personal_data", stdout=out, stderr=io.StringIO(), **options)
    return dict(json.loads(out.getvalue()))


def test_a_person_gets_theirs_and_nothing_of_others(telkomsel, now):
    mine = complaint(now, contact_email="sari@example.id", evidence=[files.upload(files.jpeg())])
    complaint(now, "0813-0000-0001", contact_email="raka@example.id")
    [found] = asked(email="Sari@example.id")["complaints"]
    assert (found["ticket"], found["email"]) == (mine.ticket, "sari@example.id")
    assert found["narrative"] == mine.narrative
    assert found["files"][0]["name"] == "bukti.jpg"
    assert (
        AuditLogEntry.objects.filter(action="complaint.disclose", subject=f"complaint:{mine.pk}").count() == 1
    )


def test_every_optional_line_of_the_form_is_given_and_closed_to_the_reading_role(telkomsel, now):
    """`loss_text`, what people wrote in place of an amount, was neither."""
    written = {name: f"isi {name}" for name in LINE_FIELDS}
    complaint(now, contact_email="sari@example.id", **written)
    [found] = asked(email="sari@example.id")["complaints"]
    assert {name: found[name] for name in LINE_FIELDS} == written
    assert set(LINE_FIELDS) <= set(TABLES["complaints_complaint"].hidden.split())


def test_an_objector_gets_theirs_and_nothing_of_others(telkomsel, budi, citra, now):
    """Only complaints were given, under a help that said everything."""
    block = a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)
    objection = appeals.file_objection(
        parse(block.number.canonical), statement="Nomor ini milik saya.", holder_since=None,
        email="Raka@Example.id", language="id", at=now,
    )  # fmt: skip
    assert asked(email="sari@example.id")["objections"] == []
    [found] = asked(email="raka@example.id")["objections"]
    assert (found["number"], found["statement"]) == (block.number.canonical, "Nomor ini milik saya.")
    assert AuditLogEntry.objects.filter(subject=f"objection:{objection.pk}").count() == 1


def test_erased_on_request_there_is_nothing_left_to_give(telkomsel, now):
    complaint(now, contact_email="sari@example.id")
    assert len(asked(email="sari@example.id", erase=True)["complaints"]) == 1
    assert asked(email="sari@example.id")["complaints"] == []


def test_without_a_contact_nothing_is_given():
    with pytest.raises(CommandError):
        call_command("personal_data")
