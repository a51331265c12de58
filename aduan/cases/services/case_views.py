"""The record of who read what. `open_case` writes that of a case page; this, of everything else."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case, CaseView
from aduan.cases.models.case_view import VIEWS_KEPT_DAYS

ONE_READING: Final = dt.timedelta(minutes=5)


def record_view(case: Case, *, by: User, at: dt.datetime, evidence_uid: uuid.UUID | None = None) -> None:
    """This person read the case, or a file of its evidence, now. Pages and scenes of one file count once."""
    by.require(Permission.VIEW_CASES)
    just_now = (at - ONE_READING, at)
    read = CaseView.objects.filter(person=by, case=case, evidence_uid=evidence_uid, at__range=just_now)
    if not read.exists():
        CaseView.objects.create(case=case, person=by, evidence_uid=evidence_uid, at=at)


def delete_old_views(*, at: dt.datetime) -> int:
    """Deletes those that have been kept long enough; how many there were."""
    kept = at - dt.timedelta(days=VIEWS_KEPT_DAYS + 1)
    deleted, _by_model = CaseView.objects.filter(at__lte=kept).delete()
    return deleted
