"""Numbers that a platform banned, in bulk: complaints with a known origin, which only rank.

Each row passes the checks of any complaint. A platform is one source a number, however often it reports it;
there is no text or file to decide on, so that no clock starts and nothing can be decided from it alone.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.complaints import services as complaints
from aduan.complaints.types import Channel, ClientIdentity, ComplaintData
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.db import insert_or_ignore
from aduan.core.errors import DomainError, Forbidden, Invalid
from aduan.core.periods import local_date
from aduan.numbers import parsing
from aduan.operators.models import Operator
from aduan.referrals.models import AgencyReport, AgencyReportRow

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from aduan.numbers.parsing import Parsed
    from aduan.operators.actors import Actor

MAX_BANNED_NUMBERS: Final = 1_000
_NAMESPACE: Final = uuid.UUID("5c1cc0e6-8d3c-4a7a-9b67-0f7cf4bd3f2e")


@dataclass(frozen=True, slots=True)
class BannedNumber:
    """One row as the platform wrote it. `row` counts from 1."""

    row: int
    number: str
    category: str
    banned_on: dt.date | None = None


@transaction.atomic
def file_agency_report(
    rows: Sequence[BannedNumber], *, actor: Actor, at: dt.datetime
) -> tuple[AgencyReport, bool]:
    """Take what can be taken and name the rest in `refused`. The same rows again: (that report, False).

    From the sandbox they are checked and forgotten: (`A-00000000`, True).
    """
    actor.require(Permission.REPORT_OUTCOMES)
    platform = actor.operator
    if platform.kind != Operator.Kind.OTT:
        raise Forbidden("no_platform", _("Only a platform reports numbers that it banned."))
    if not rows:
        raise Invalid("no_rows", _("There are no rows in this report."))
    if len(rows) > MAX_BANNED_NUMBERS:
        raise Invalid("too_many_rows", _("At most %(max)d rows at once.") % {"max": MAX_BANNED_NUMBERS})
    good, refused = _checked(rows, at)
    report = AgencyReport(
        platform=platform,
        uid=uuid.uuid4(),
        rows_digest=_digest(rows),
        row_count=len(good),
        refused=refused,
        by=actor.user,
        access_key=actor.access_key,
        at=at,
    )
    if platform.is_sandbox:
        report.pk = 0
        return report, True
    if not insert_or_ignore(report):
        return AgencyReport.objects.get(platform=platform, rows_digest=report.rows_digest), False
    # Always in one order: two reports about the same numbers cannot lock each other.
    for row, parsed in sorted(good, key=lambda pair: pair[1].canonical):
        _file(report, row, parsed, at)
    audit_log.record(
        AuditAction.PLATFORM_REPORT_NUMBERS,
        actor=actor.label,
        subject=f"operator:{platform.pk}",
        at=at,
        detail={"rows": len(good), "refused_rows": len(refused)},
    )
    return report, True


def _file(report: AgencyReport, row: BannedNumber, parsed: Parsed, at: dt.datetime) -> None:
    code = report.platform.code
    receipt = complaints.file_complaint(
        ComplaintData(
            number=parsed,
            number_raw=row.number,
            channel=code if code in Channel.values else Channel.OTHER,
            category=row.category,
            # Too short to resemble another text, or to be decided on.
            narrative=f"Laporan {report}, baris {row.row}",
        ),
        sender=ClientIdentity(agency=code),
        idempotency_key=uuid.uuid5(_NAMESPACE, f"{report.uid}|{row.row}"),
        at=at,
    )
    AgencyReportRow.objects.create(
        report=report, row=row.row, complaint_id=receipt.complaint_id, banned_on=row.banned_on
    )


def _checked(
    rows: Sequence[BannedNumber], at: dt.datetime
) -> tuple[list[tuple[BannedNumber, Parsed]], list[dict[str, Any]]]:
    good: list[tuple[BannedNumber, Parsed]] = []
    refused: list[dict[str, Any]] = []
    seen: set[str] = set()
    for row in rows:
        try:
            parsed = parsing.parse(row.number[:200])
            if parsed.canonical in seen:
                raise Invalid("duplicate_row", _("This number stands in the report twice."))
            complaints.validate(ComplaintData(parsed, row.number[:200], Channel.OTHER, row.category), at=at)
            if row.banned_on is not None and row.banned_on > local_date(at):
                raise Invalid("banned_later", _("This date is still to come."))
        except DomainError as refusal:
            refused.append({"row": row.row, "code": refusal.code, "message": str(refusal.message)})
            continue
        seen.add(parsed.canonical)
        good.append((row, parsed))
    return good, refused


def _digest(rows: Sequence[BannedNumber]) -> str:
    lines = [[str(value) for value in asdict(row).values()] for row in rows]
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()
