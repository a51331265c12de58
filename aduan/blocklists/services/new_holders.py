"""An operator's word that a number has a new holder frees it later: the application signs that it came.

Otherwise SQL writes such an answer into the table, and the next run of effects ends the block for it.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import connection

from aduan.accounts.step_up import application_mac, is_application_mac
from aduan.blocklists.codes import OutcomeStatus
from aduan.blocklists.models import Outcome, OutcomeReport
from aduan.cases.models import RecycledNotice

COUNTS_FOR: Final = dt.timedelta(days=1)  # effects follow within minutes


def sign(report: OutcomeReport) -> None:
    """Signs the new holders of a report that was just applied."""
    said = list(Outcome.objects.filter(report=report, answer=OutcomeStatus.RECYCLED).order_by("pk"))
    if not said:
        return
    codes = [application_mac(*_facts(outcome)) for outcome in said]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE blocklists_outcome SET mac = given.mac"
            " FROM unnest(%s::bigint[], %s::bytea[]) AS given(id, mac)"
            " WHERE blocklists_outcome.id = given.id",
            [[outcome.pk for outcome in said], codes],
        )


def is_signed(outcome: Outcome, *, at: dt.datetime) -> bool:
    """Whether the application took this answer lately, and has not let it count before."""
    counted = RecycledNotice.objects.filter(case=outcome.case_id, detail__report=outcome.report_id)
    return (
        is_application_mac(outcome.mac, *_facts(outcome))
        and outcome.reported_at > at - COUNTS_FOR
        and not counted.exists()
    )


def _facts(outcome: Outcome) -> tuple[str, int, int, int, int, dt.datetime]:
    return (
        "new_holder", outcome.pk, outcome.report_id, outcome.digits, outcome.case_id, outcome.reported_at,
    )  # fmt: skip
