"""Complaints come in: one live case a number, however many arrive at once."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction

from aduan.cases.clocks import PROMISE, REMEMBERED
from aduan.cases.dto import CROWD, PLATFORMS, ContentsChange, ReportFacts
from aduan.cases.models import Case, CaseEvent, Hold
from aduan.cases.ranking import POINTS, SCORE, WEIGHTS
from aduan.cases.services.hold_endings import end_holds_of
from aduan.cases.services.transitions import apply_transition, lock_case, rank
from aduan.cases.workflow import IN_QUEUE, LIVE, CaseAction, Status
from aduan.numbers.kinds import NumberKind
from aduan.numbers.models import PhoneNumber
from aduan.numbers.numbering_plan import region_of

_TRIES: Final = 5

# The digest of the contents: its counts, then a SHA-256 chained over every change.
_DIGEST: Final = """format('%%s.%%s.%%s:', {complaints}, {evidence}, {confirmed})
            || left(encode(sha256(convert_to({before} || %(fingerprint)s, 'UTF8')), 'hex'), 40)"""
_NEXT_DIGEST: Final = _DIGEST.format(
    complaints="complaint_count + 1",
    evidence="evidence_count + %(evidence_count)s",
    confirmed="confirmed_count + %(confirmed)s",
    before="contents_digest",
)
_FIRST_DIGEST: Final = _DIGEST.format(
    complaints="1", evidence="%(evidence_count)s", confirmed="%(confirmed)s", before="''"
)

_NEXT_DUE_AT: Final = """CASE WHEN %(complete)s AND found.status = ANY(%(queue)s)
            THEN coalesce(found.due_at, %(at)s + %(promise)s) ELSE found.due_at END"""

# One more complaint of a live case, which gets its rank in the same statement: its row is locked from here to
# the commit, and all others who report the number wait. Everything is computed from the row that the update
# found, hence from what another connection has just committed.
JOIN: Final = f"""
    UPDATE cases_case found SET
        complaint_count = complaint_count + 1,
        independent_count = independent_count + %(independent)s,
        confirmed_count = confirmed_count + %(confirmed)s,
        evidence_count = evidence_count + %(evidence_count)s,
        reported_loss = reported_loss + %(loss)s,
        channels = jsonb_set(channels, ARRAY[%(channel)s],
            to_jsonb(coalesce((channels ->> %(channel)s)::int, 0) + 1)),
        categories = jsonb_set(categories, ARRAY[%(category)s],
            to_jsonb(coalesce((categories ->> %(category)s)::int, 0) + 1)),
        category = CASE WHEN category = '' THEN %(category)s ELSE category END,
        region = CASE WHEN region = '' THEN %(region)s ELSE region END,
        search_stale = true,
        via_ott = via_ott OR %(via_ott)s,
        first_complaint_at = least(first_complaint_at, %(at)s),
        last_complaint_at = greatest(last_complaint_at, %(at)s),
        suspected_spoofing = suspected_spoofing OR %(suspected_spoofing)s,
        protected = protected OR (%(protected)s AND status <> 'confirmed'),
        resembles_protected = resembles_protected OR %(resembles_protected)s,
        in_use_since = coalesce(%(in_use_since)s, in_use_since),
        ready_at = CASE WHEN %(complete)s THEN coalesce(ready_at, %(at)s) ELSE ready_at END,
        due_at = {_NEXT_DUE_AT},
        contents_digest = CASE WHEN complaint_count >= {CROWD} AND %(quiet)s THEN contents_digest
            ELSE {_NEXT_DIGEST} END,
        (score, score_parts) = (
            SELECT CASE WHEN waits THEN {SCORE} ELSE found.score END,
                CASE WHEN waits THEN points ELSE found.score_parts END
            FROM (
                SELECT found.status = ANY(%(queue)s) AS waits,
                    found.independent_count + %(independent)s AS independent_count,
                    found.confirmed_count + %(confirmed)s AS confirmed_count,
                    found.evidence_count + %(evidence_count)s AS evidence_count,
                    found.reported_loss + %(loss)s AS reported_loss,
                    greatest(found.last_complaint_at, %(at)s) AS last_complaint_at,
                    {_NEXT_DUE_AT} AS due_at,
                    found.reopened_count, found.opened_at, found.objection_since, found.ranker_chance
            ) c CROSS JOIN ({WEIGHTS}) w CROSS JOIN LATERAL (SELECT {POINTS} AS points) p
        )
    WHERE number_id = %(number)s AND status = ANY(%(live)s) AND %(only_if)s
    RETURNING found.*
"""  # noqa: S608 - built of constants

# A new case, ranked as it is written, and the first line of its history.
_STARTED: Final = f"""
    started AS (
        INSERT INTO cases_case (
            number_id, number_text, number_kind, operator_id, status, category, region, opened_at,
            previous_id, conflicted_user_ids, complaint_count, independent_count, confirmed_count,
            evidence_count, reported_loss, reopened_count, channels, categories, first_complaint_at,
            last_complaint_at, contents_digest, score, score_parts, ready_at, due_at, suspected_spoofing,
            protected, resembles_protected, in_use_since, via_ott, search_stale
        )
        SELECT
            %(number)s, %(number_text)s, %(number_kind)s, %(operator)s, 'open', %(category)s, %(region)s,
            %(at)s, %(previous)s, '{{}}', 1, c.independent_count, c.confirmed_count, c.evidence_count,
            c.reported_loss, c.reopened_count, jsonb_build_object(%(channel)s, 1),
            jsonb_build_object(%(category)s, 1), %(at)s, %(at)s, {_FIRST_DIGEST}, {SCORE}, points,
            CASE WHEN %(complete)s THEN %(at)s END, c.due_at, %(suspected_spoofing)s, %(protected)s,
            %(resembles_protected)s, %(in_use_since)s, %(via_ott)s, true
        FROM (
            SELECT %(independent)s AS independent_count, %(confirmed)s AS confirmed_count,
                %(evidence_count)s AS evidence_count, %(loss)s::numeric AS reported_loss,
                0 AS reopened_count, %(at)s AS opened_at, %(at)s AS last_complaint_at,
                CASE WHEN %(complete)s THEN %(at)s + %(promise)s END AS due_at,
                NULL::timestamptz AS objection_since, NULL::smallint AS ranker_chance
        ) c CROSS JOIN ({WEIGHTS}) w CROSS JOIN LATERAL (SELECT {POINTS} AS points) p
        WHERE %(only_if)s AND NOT EXISTS (
            SELECT FROM cases_case WHERE number_id = %(number)s AND id > coalesce(%(previous)s, 0)
        )
        ON CONFLICT (number_id)
            WHERE status IN ('open', 'needs_info', 'proposed', 'disputed', 'confirmed', 'referred')
        DO NOTHING RETURNING *
    ), noted AS (
        INSERT INTO cases_caseevent (
            case_id, action, from_status, to_status, created_at, reason, system_reason, detail
        )
        SELECT id, 'file', 'open', status, %(at)s, '', '', '{{}}' FROM started
    )
"""  # noqa: S608 - built of constants
START: Final = f"WITH {_STARTED} SELECT * FROM started"  # noqa: S608 - built of constants

# Either of them as a part of the one statement that files a complaint (complaints.services.at_once).
IN_ONE_STATEMENT: Final = {
    "start": f"{_STARTED}, counted AS (SELECT id FROM started)",  # noqa: S608 - the same
    "join": f"counted AS ({JOIN})",
}
INTAKE_TYPES: Final = {
    "number": "bigint",
    "number_text": "text",
    "number_kind": "text",
    "operator": "bigint",
    "previous": "bigint",
    "at": "timestamptz",
    "promise": "interval",
    "live": "text[]",
    "queue": "text[]",
    "channel": "text",
    "category": "text",
    "region": "text",
    "via_ott": "boolean",
    "loss": "numeric",
    "independent": "int",
    "confirmed": "int",
    "evidence_count": "int",
    "suspected_spoofing": "boolean",
    "protected": "boolean",
    "resembles_protected": "boolean",
    "in_use_since": "date",
    "complete": "boolean",
    "fingerprint": "text",
    "quiet": "boolean",
}
# A case that waits for its complainants goes on with the next complaint: an act of its own.
COUNTS_AT_ONCE: Final = [status for status in LIVE if status != Status.NEEDS_INFO]


@transaction.atomic(savepoint=False)
def open_or_join(number: PhoneNumber, *, report: ReportFacts, at: dt.datetime) -> Case:
    """The number's live case, with one more complaint counted in. Call it in the complaint's transaction.

    None live: a case closed in the last 90 days is opened again, except one whose block was released (the
    number may have a new owner); otherwise a new case begins, which knows its predecessor. Any number of
    complaints may arrive at once on a number that no one has seen before: each is counted, on one case.
    """
    given = intake_given(number, report, at)
    if number.first_seen_at == at and (started := _start(given, None)) is not None:
        return started
    for _try in range(_TRIES):
        # Each statement takes its own snapshot: what another connection has just committed is seen.
        if (joined := _join(given)) is not None:
            return joined
        if (last := _last_closed(number)) is not None:
            if last.status in LIVE:
                continue
            if last.status != Status.RELEASED and last.closed_at and at - last.closed_at <= REMEMBERED:
                apply_transition(
                    last,
                    CaseAction.REOPEN,
                    by=None,
                    at=at,
                    system_reason=CaseEvent.SystemReason.NEW_COMPLAINT,
                )
                continue
        if (started := _start(given, last)) is not None:
            return started
    raise RuntimeError(f"no case for number {number.pk} in {_TRIES} tries")


@transaction.atomic
def update_contents(case: Case, *, change: ContentsChange, at: dt.datetime) -> Case:
    """Complaints tells that something reviewers see has changed. Returns the case as it is then.

    `change.complete` wakes a case that waits for its complainants and starts the clock.
    """
    case = lock_case(case)
    crowded = case.complaint_count > CROWD and change.evidence >= 0 and not change.weaker
    case.complaint_count = max(case.complaint_count + change.complaints, 0)
    case.independent_count = max(case.independent_count + change.independent, 0)
    case.confirmed_count = max(case.confirmed_count + change.confirmed, 0)
    case.evidence_count = max(case.evidence_count + change.evidence, 0)
    case.reported_loss = max(case.reported_loss + change.loss, type(case.reported_loss)(0))
    if change.suspected_spoofing is not None:
        case.suspected_spoofing = change.suspected_spoofing
    case.search_stale = True
    if change.weaker:
        case.grounds_weakened_at = at
    if change.complete and case.status in IN_QUEUE:
        case.ready_at = case.ready_at or at
        case.due_at = case.due_at or at + PROMISE
    if not crowded:
        case.contents_digest = next_digest(case, change.fingerprint)
    case.save()
    if case.complaint_count == 0 and case.status in IN_QUEUE:  # withdrawn, or under another number now
        end_holds_of(case, reason=Hold.EndReason.NOT_NEEDED, by=None, at=at)
    if change.complete and case.status == Status.NEEDS_INFO:
        apply_transition(case, CaseAction.COMPLETE, by=None, at=at)
    else:
        rank([case.pk], at=at)
    return case


@transaction.atomic
def record_conflicts(case: Case, *, user_ids: Iterable[int]) -> Case:
    """These people's own contacts are in the case: they cannot work on it from now on."""
    case = lock_case(case)
    case.conflicted_user_ids = sorted({*case.conflicted_user_ids, *user_ids})
    if case.held_by_id in case.conflicted_user_ids:
        case.held_by, case.held_until = None, None
    case.save(update_fields=["conflicted_user_ids", "held_by", "held_until"])
    return case


def next_digest(case: Case, fingerprint: str) -> str:
    """The digest after one more change; its prefix carries the counts, so a refusal can say what changed."""
    chained = hashlib.sha256((case.contents_digest + fingerprint).encode()).hexdigest()[:40]
    return f"{case.complaint_count}.{case.evidence_count}.{case.confirmed_count}:{chained}"


def intake_given(number: PhoneNumber, report: ReportFacts, at: dt.datetime) -> dict[str, Any]:
    """The values of INTAKE_TYPES."""
    return {
        "number": number.pk,
        "number_text": number.canonical,
        "number_kind": number.kind,
        "operator": number.operator_id,
        "at": at,
        "promise": PROMISE,
        "previous": None,
        "live": list(LIVE),
        "queue": list(IN_QUEUE),
        "channel": report.channel,
        "category": report.category,
        "region": report.region or region_of(number.canonical),
        "via_ott": report.channel in PLATFORMS or number.kind == NumberKind.OTT_HANDLE,
        "loss": report.loss,
        "independent": int(report.independent),
        "confirmed": int(report.confirmed),
        "evidence_count": report.evidence_count,
        "suspected_spoofing": report.suspected_spoofing or report.protected,
        "protected": report.protected,
        "resembles_protected": number.resembles_id is not None,
        "in_use_since": number.in_use_since,
        "complete": report.complete,
        "fingerprint": report.fingerprint or at.isoformat(),
        "quiet": report.evidence_count == 0 and not report.suspected_spoofing,
        "only_if": True,
    }


def _join(given: dict[str, Any]) -> Case | None:
    case = next(iter(Case.objects.raw(JOIN, given)), None)
    if case is None:
        return None
    if case.status == Status.NEEDS_INFO:
        apply_transition(case, CaseAction.FILE, by=None, at=given["at"])
    return case


def _last_closed(number: PhoneNumber) -> Case | None:
    """The newest case of the number, locked: anyone else who wants to reopen it waits here and then joins."""
    return Case.locked().filter(number=number).order_by("-id").first()


def _start(given: dict[str, Any], last: Case | None) -> Case | None:
    """A new case that follows `last`; None when another connection was faster."""
    return next(iter(Case.objects.raw(START, {**given, "previous": last.pk if last else None})), None)
