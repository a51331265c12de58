"""The record of who read what. `open_case` writes that of a case page; this, of everything else."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any, Final

from django.db import connection

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case, CaseView
from aduan.cases.models.case_view import VIEWS_KEPT_DAYS

ONE_READING: Final = dt.timedelta(minutes=5)
_RECORD: Final = """
    INSERT INTO cases_caseview (case_id, person_id, evidence_uid, at)
    SELECT read.case_id, %(person)s, %(evidence)s, %(at)s FROM unnest(%(cases)s::bigint[]) AS read(case_id)
    WHERE NOT EXISTS (
        SELECT FROM cases_caseview v WHERE v.case_id = read.case_id AND v.person_id = %(person)s
            AND v.evidence_uid IS NOT DISTINCT FROM %(evidence)s AND v.at BETWEEN %(just_now)s AND %(at)s)
"""


def record_view(case: Case, *, by: User, at: dt.datetime, evidence_uid: uuid.UUID | None = None) -> None:
    """This person read the case, or a file of its evidence, now. Pages and scenes of one file count once."""
    _record([case.pk], by, at, evidence_uid)


def record_views(case_ids: Collection[int], *, by: User, at: dt.datetime) -> None:
    """The same for a page on which the stories of many cases stand; one statement."""
    _record(case_ids, by, at, None)


def _record(case_ids: Collection[int], by: User, at: dt.datetime, evidence_uid: uuid.UUID | None) -> None:
    by.require(Permission.VIEW_CASES)
    given: dict[str, Any] = {
        "cases": list(case_ids),
        "person": by.pk,
        "evidence": evidence_uid,
        "at": at,
        "just_now": at - ONE_READING,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, given)


def delete_old_views(*, at: dt.datetime) -> int:
    """Deletes those that have been kept long enough; how many there were."""
    kept = at - dt.timedelta(days=VIEWS_KEPT_DAYS + 1)
    deleted, _by_model = CaseView.objects.filter(at__lte=kept).delete()
    return deleted
