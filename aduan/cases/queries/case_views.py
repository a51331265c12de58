"""Who read which case, for leads and auditors."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import CaseView
from aduan.cases.models.case import case_reference


@dataclass(frozen=True, slots=True)
class ReadView:
    """`evidence`: a file was opened, not only the case."""

    view_id: int
    case_id: int
    reference: str
    person_id: int
    person: str
    evidence: bool
    at: dt.datetime


def case_views(
    *, viewer: User, case_id: int | None, person_id: int | None, before: int | None, size: int
) -> list[ReadView]:
    """The newest, of one case or person where named. One statement."""
    viewer.require(Permission.READ_CONTACT_ACCESS)
    wanted = {"case": case_id, "person": person_id, "pk__lt": before}
    found = CaseView.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    return [
        ReadView(
            row.pk,
            row.case_id,
            case_reference(row.case_id),
            row.person_id,
            str(row.person),
            row.evidence_uid is not None,
            row.at,
        )
        for row in found.select_related("person").order_by("-pk")[:size]
    ]
