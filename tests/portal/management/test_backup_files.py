"""Every file that a row names is in the backup set, and comes back from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aduan.complaints.evidence import storage
from aduan.complaints.models import Evidence, EvidencePart
from aduan.complaints.services import process_evidence
from portal.management.backup import files, sealing
from tests.factories import files as made
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db


def test_pages_and_scenes_are_saved_with_the_evidence_they_were_made_of(
    telkomsel, now, settings, tmp_path: Path
) -> None:
    """Only the file and its two pictures were: the pages of a PDF burned with the machine."""
    secret, settings.BACKUP_RECIPIENT = sealing.new_identity()
    (tmp_path / "offline.key").write_text(secret)
    identity = sealing.identity_from(tmp_path / "offline.key")
    complaint(now, evidence=[made.upload(made.jpeg())])
    row = Evidence.objects.get()
    process_evidence(row.pk, at=now)
    part = storage.keep(storage.name_for(row.uid, "part-01"), b"a page")
    EvidencePart.objects.create(
        evidence=row, position=1, role="page", kind="jpg", file=part, width=1, height=1, second=0
    )
    assert files.back_up_evidence(tmp_path / "set") == 4
    assert files.back_up_evidence(tmp_path / "set") == 0
    storage.drop(part)
    assert files.restore_evidence(tmp_path / "set", identity) == 1
    assert storage.fetch(part) == b"a page"
