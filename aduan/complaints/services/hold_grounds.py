"""Which cases fulfil a criterion of the rules of holds now: asked of the complaints, told to `cases`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import connection

from aduan.cases.models import Case, Hold, HoldCandidate, HoldGrounds
from aduan.cases.queries import hold_policy
from aduan.cases.services import note_hold_grounds

if TYPE_CHECKING:
    from aduan.cases.models import HoldPolicy

# Complaints of the policy's last hours that stand: neither withdrawn nor linked to an earlier one of the
# same source, which is no second person.
_GROUNDS: Final = """
    SELECT c.case_id,
           count(*) AS independent,
           bool_or((c.email_confirmed_at IS NOT NULL OR c.phone_confirmed_at IS NOT NULL)
                   AND EXISTS (SELECT FROM complaints_evidence e
                               WHERE e.complaint_id = c.id AND e.state = 'clean')) AS evident
    FROM complaints_complaint c JOIN cases_case k ON k.id = c.case_id
    WHERE c.filed_at > %(since)s AND c.withdrawn_at IS NULL AND c.duplicate_of_id IS NULL
      AND NOT c.mass_reporter AND k.status IN ('open', 'needs_info', 'proposed', 'disputed')
    GROUP BY c.case_id"""


def find_hold_candidates(*, at: dt.datetime) -> int:
    """Brings the candidates of the desk up to date with the complaints; how many came or went.

    Without rules in force on the day there is none. What is no candidate any more is not proposed either.
    Raises ExceptionGroup, after all others, for cases that failed.
    """
    policy = hold_policy(at=at)
    found = _fulfilled(policy, at) if policy is not None else {}
    known = dict(HoldCandidate.objects.values_list("case_id", "grounds"))
    waiting = set(Hold.objects.filter(state=Hold.State.PENDING).values_list("case_id", flat=True))
    gone = (known.keys() | waiting) - found.keys()
    changed = {case for case, grounds in found.items() if known.get(case) != grounds}
    failed: list[Exception] = []
    for case in Case.objects.filter(pk__in=changed | gone):
        try:
            note_hold_grounds(case, grounds=found.get(case.pk), at=at)
        except Exception as error:  # one case must not keep the others off the desk
            error.add_note(f"case {case.pk}")
            failed.append(error)
    if failed:
        raise ExceptionGroup("cases that could not be brought up to date", failed)
    return len(changed) + len(gone)


def _fulfilled(policy: HoldPolicy, at: dt.datetime) -> dict[int, HoldGrounds]:
    """By case; evidence counts more than the number of complaints."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUNDS, {"since": at - dt.timedelta(hours=policy.within_hours)})
        rows = cursor.fetchall()
    found = {}
    for case, independent, evident in rows:
        if evident and policy.confirmed_with_evidence:
            found[case] = HoldGrounds.EVIDENCE
        elif independent >= policy.independent_complaints:
            found[case] = HoldGrounds.INDEPENDENT
    return found
