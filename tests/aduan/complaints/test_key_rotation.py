"""A new master key: every wrapped key comes under it in one go, at any rate of intake, each row read once."""

from __future__ import annotations

import base64
import os
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import old_keys, rewrap_all_keys
from aduan.core import vault
from tests.factories import files
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(now, telkomsel) -> Complaint:
    return complaint(now, contact_email="sari@example.id", evidence=[files.upload(files.jpeg())])


def new_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def test_keys_turn_over_and_the_old_one_can_be_thrown_away(closed, settings):
    new = new_key()
    settings.VAULT_KEYS = [new, *settings.VAULT_KEYS]
    assert old_keys() == 2  # a complaint and a file
    assert rewrap_all_keys() == 2
    assert old_keys() == rewrap_all_keys() == 0
    settings.VAULT_KEYS = [new]
    closed.refresh_from_db()
    key = vault.unwrap(closed.subject_key, aad=closed.aad_for("subject_key"))
    assert key.decrypt(closed.email_encrypted, aad=closed.aad_for("email_encrypted")) == "sari@example.id"


def test_keys_turn_over_in_one_go_while_complaints_come_in(closed, now, settings):
    """Before, a thousand an hour: at 40,000 complaints a day a million keys took 42 days."""
    for turn in range(4):
        complaint(now, f"0813-0000-000{turn}", contact_email=f"orang{turn}@example.id")
    new = new_key()
    settings.VAULT_KEYS = [new, *settings.VAULT_KEYS]
    complaint(now, "0813-0000-0009", contact_email="baru@example.id")
    assert rewrap_all_keys(batch=2) == 6  # five complaints and a file
    settings.VAULT_KEYS = [new]
    for one in Complaint.objects.all():
        assert vault.unwrap(one.subject_key, aad=one.aad_for("subject_key"))


def test_a_turn_over_reads_each_row_once(closed, now, settings):
    """Each batch began at the first row again: a year of complaints was read thousands of times."""
    for turn in range(4):
        complaint(now, f"0813-0000-000{turn}", contact_email=f"orang{turn}@example.id")
    settings.VAULT_KEYS = [new_key(), *settings.VAULT_KEYS]
    with CaptureQueriesContext(connection) as asked:
        rewrap_all_keys(batch=2)
    starts = [
        int(found[1])
        for one in asked
        if (found := re.search(r"FROM complaints_complaint WHERE id > (\d+)", one["sql"]))
    ]
    ids = list(Complaint.objects.order_by("pk").values_list("pk", flat=True))
    assert starts == [0, ids[1], ids[3], ids[4]]


def test_a_run_ends_after_its_time_and_the_next_goes_on(closed, settings):
    settings.VAULT_KEYS = [new_key(), *settings.VAULT_KEYS]
    assert rewrap_all_keys(seconds=-1) == 0
    assert rewrap_all_keys(seconds=60) == 2


def test_with_one_key_no_row_is_read(closed):
    """Each hour every complaint was read to find that nothing was to be done."""
    with CaptureQueriesContext(connection) as asked:
        assert rewrap_all_keys() == 0
    assert len(asked) == 0


def test_a_key_that_cannot_be_read_holds_up_no_other(closed, now, settings, caplog):
    """One damaged row ended every run at the same place."""
    other = complaint(now, "0813-0000-0001", contact_email="orang@example.id")
    Complaint.objects.filter(pk=closed.pk).update(subject_key=bytes(closed.subject_key)[:-1] + b"x")
    settings.VAULT_KEYS = [new_key(), *settings.VAULT_KEYS]
    assert rewrap_all_keys(batch=1) == 2  # the other complaint, and the file
    assert "key not renewed" in caplog.text
    assert old_keys() == 1
    other.refresh_from_db()
    assert vault.is_current(other.subject_key or b"")


def test_the_command_goes_on_to_the_end_and_says_when_the_old_key_may_go(closed, settings, capsys):
    settings.VAULT_KEYS = [new_key(), *settings.VAULT_KEYS]
    call_command("rewrap_keys")
    said = capsys.readouterr().out
    assert re.search(r"2 keys renewed, [\d,]+ a second", said)
    assert "Nothing that lasts is under an older key" in said
    assert vault.is_current(Complaint.objects.get().subject_key or b"")
    assert vault.is_current(Evidence.objects.get().subject_key or b"")
