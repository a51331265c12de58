"""Acts on a server of its own, one process each: `python -m tests.operations.restored_state <act>`."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.storage import storages  # noqa: E402

from aduan.accounts.models import User  # noqa: E402
from aduan.accounts.roles import Role  # noqa: E402
from aduan.cases.models import Block  # noqa: E402
from aduan.complaints import services as complaints  # noqa: E402
from aduan.complaints.models import Complaint, Evidence  # noqa: E402
from aduan.core import jobs  # noqa: E402
from tests.factories import files  # noqa: E402
from tests.factories.accounts import person  # noqa: E402
from tests.factories.blocklists import a_block  # noqa: E402
from tests.factories.cases import dina, released  # noqa: E402
from tests.factories.complaints import complaint  # noqa: E402
from tests.factories.operators import a_range, operator  # noqa: E402

SARI, CANARY = "sari@example.id", "kalimat yang tidak boleh terbaca di cadangan"


def first() -> None:
    """Two complaints with evidence, and a number that two people decided to block."""
    telkomsel = operator("telkomsel", "Telkomsel")
    a_range("62812", telkomsel)
    budi = person("budi@aduan.example", "Budi", Role.REVIEWER)
    citra = person("citra@aduan.example", "Citra", Role.REVIEWER)
    person("agus@aduan.example", "Agus", Role.REVIEWER)
    dina()
    now = jobs.now()
    complaint(now, contact_email=SARI, narrative=CANARY, evidence=[files.upload(files.jpeg(files.chat(1)))])
    complaint(now, "0812-1111-2222", evidence=[files.upload(files.jpeg(files.chat(2)))])
    for row in Evidence.objects.all():
        complaints.process_evidence(row.pk, at=jobs.now())
    a_block(telkomsel, by=(budi, citra), at=jobs.now())


def later() -> None:
    """Sari asks to be forgotten, the block turns out to be wrong, another complaint comes in."""
    complaints.erase(complaints.complaints_of_contact(email=SARI)[0], by=None, at=jobs.now())
    block = Block.objects.get(released_at=None)
    agus = User.objects.get(email="agus@aduan.example")
    released(block.case, by=agus, at=jobs.now(), reason="Salah nomor.")
    complaint(jobs.now(), "0812-3333-4444", evidence=[files.upload(files.jpeg(files.chat(3)))])


def examine() -> None:
    """What becomes of the evidence in quarantine, as JSON; DAYS from now, when every attempt is due again."""
    at = jobs.now() + dt.timedelta(days=int(os.environ.get("DAYS", "0")))
    waiting = Evidence.objects.filter(state=Evidence.State.QUARANTINED)
    sys.stdout.write(json.dumps([complaints.process_evidence(row.pk, at=at) for row in waiting]))


def state() -> None:
    """What is there, as JSON."""
    store = storages["evidence"]
    rows = Evidence.objects.order_by("pk")
    found = {
        "now": jobs.now().astimezone(dt.UTC).isoformat(),
        "complaints": Complaint.objects.count(),
        "erased": Complaint.objects.filter(erased_at__isnull=False).count(),
        "of Sari": len(complaints.complaints_of_contact(email=SARI)),
        "her words": Complaint.objects.filter(narrative=CANARY).count(),
        "wrapped keys": Complaint.objects.filter(subject_key__isnull=False).count(),
        "in force": Block.objects.filter(released_at=None).count(),
        "evidence": [bool(row.original and store.exists(row.original)) for row in rows],
        "store": str(settings.STORAGES["evidence"]["OPTIONS"]["location"]),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    {"first": first, "later": later, "examine": examine, "state": state}[sys.argv[1]]()
