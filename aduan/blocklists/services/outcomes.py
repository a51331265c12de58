"""Taking what a receiver did, number by number: all rows or none, in one set, twice is the same as once."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg2 import sql

from aduan.accounts.roles import Permission
from aduan.blocklists import answers
from aduan.blocklists.answers import AnswerRow, CheckedRow, RowError
from aduan.blocklists.models import BlockList, ListFile, Outcome, OutcomeReport
from aduan.blocklists.services import refused, selecting
from aduan.cases import services as cases
from aduan.cases.models import Case
from aduan.core import ledger
from aduan.core.errors import DomainError, Invalid, WrongState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from aduan.accounts.models import User
    from aduan.operators.models import AccessKey

MAX_ERRORS = 1000
EFFECTS_AT_ONCE = 200
PATIENCE = "60s"  # a hundred thousand rows are no page: the web's limit on statements is not for them
# A number that was answered in one of these ways asks somebody, or something, to act.
WITH_EFFECT = (Outcome.Answer.NOT_OURS, Outcome.Answer.RECYCLED, Outcome.Answer.REFUSED)

# The case for which a number stood on the newest earlier list with it. A receiver may have missed the list
# that took the number off, and still has to say that it is free again.
_EARLIER = """(SELECT f.case_id FROM blocklists_blocklist l
    JOIN blocklists_entry f ON f.list_id = l.id AND f.digits = t.digits
    WHERE l.operator_id = %(operator)s AND l.series = %(series)s AND l.state = 'published'
      AND l.sequence < %(sequence)s ORDER BY l.sequence DESC LIMIT 1)"""
_CHECKS = f"""
    SELECT row, 'duplicate_row', digits FROM (
        SELECT row, digits, row_number() OVER (PARTITION BY digits ORDER BY row) AS nth FROM told) d
        WHERE nth > 1
    UNION ALL
    SELECT t.row, 'not_on_list', t.digits FROM told t WHERE t.answer <> 'unblocked'
        AND NOT EXISTS (SELECT FROM {{mine}} e WHERE e.digits = t.digits)
    UNION ALL
    SELECT t.row, 'not_removed_by_list', t.digits FROM told t WHERE t.answer = 'unblocked'
        AND (EXISTS (SELECT FROM {{mine}} e WHERE e.digits = t.digits) OR {_EARLIER} IS NULL)
    ORDER BY 1 LIMIT {{limit}}"""
# The clock runs from the list that first carried the number: this one, or an earlier one.
_APPLY = f"""
    INSERT INTO blocklists_outcome AS o
        (operator_id, block_list_id, report_id, digits, case_id, answer, acted_at, reason, clock_from, due_at,
         reported_at, effect_at, effect_note)
    SELECT %(operator)s, %(list)s, %(report)s, t.digits, coalesce(e.case_id, {_EARLIER}), t.answer,
           t.acted_at, t.reason, c.clock, c.clock + interval '24 hours', %(at)s,
           CASE WHEN t.answer IN ('not_ours', 'recycled', 'refused') THEN NULL ELSE %(at)s END, ''
    FROM told t LEFT JOIN {{mine}} e ON e.digits = t.digits
    CROSS JOIN LATERAL (SELECT coalesce(CASE WHEN e.digits IS NULL OR e.is_new THEN %(published)s END, (
        SELECT max(l.published_at) FROM blocklists_blocklist l
        JOIN blocklists_entry f ON f.list_id = l.id AND f.digits = t.digits AND f.is_new
        WHERE l.operator_id = %(operator)s AND l.series = %(series)s AND l.state = 'published'
          AND l.sequence < %(sequence)s), %(published)s) AS clock) c
    ON CONFLICT (block_list_id, digits) DO UPDATE
        SET answer = excluded.answer, acted_at = excluded.acted_at, reason = excluded.reason,
            report_id = excluded.report_id, reported_at = excluded.reported_at,
            effect_at = excluded.effect_at, effect_note = '', settled_at = NULL, settled_by_id = NULL
        WHERE (o.answer, o.reason) IS DISTINCT FROM (excluded.answer, excluded.reason)"""


def report_outcomes(
    block_list: BlockList,
    rows: Iterable[AnswerRow],
    *,
    list_digest: str,
    at: dt.datetime,
    by: User | None = None,
    access_key: AccessKey | None = None,
) -> OutcomeReport:
    """Take a batch of answers about one published list.

    `list_digest` is the SHA-256 of the manifest or of any file of the list: the receiver proves which list it
    acted on. The caller has established that `by` or `access_key` acts for the list's operator. Memory does
    not grow with the rows. Raises Invalid `rows_refused` with `details["rows"]` (at most 1,000), and then
    applies nothing but writes the refusal down: who reports something else may have blocked something else.
    """
    try:
        return _take(block_list, rows, list_digest=list_digest, at=at, by=by, access_key=access_key)
    except Invalid as refusal:
        refused.note(block_list, refusal, list_digest=list_digest, at=at, by=by, access_key=access_key)
        raise


@transaction.atomic
def _take(
    block_list: BlockList,
    rows: Iterable[AnswerRow],
    *,
    list_digest: str,
    at: dt.datetime,
    by: User | None,
    access_key: AccessKey | None,
) -> OutcomeReport:
    _must_be_quoted(block_list, list_digest)
    digest = hashlib.sha256()
    count, errors = _load(rows, at=at, digest=digest)
    errors += _check_against_list(block_list) if len(errors) < MAX_ERRORS else []
    if errors:
        errors.sort(key=lambda error: error.row)
        raise Invalid(
            "rows_refused",
            _("Some rows cannot be accepted. Nothing was applied."),
            rows=[error.as_dict() for error in errors[:MAX_ERRORS]],
        )
    if count == 0:
        raise Invalid("no_rows", _("There are no rows in this report."))
    report = OutcomeReport(
        operator_id=block_list.operator_id,
        block_list=block_list,
        list_digest=list_digest,
        rows_digest=digest.hexdigest(),
        row_count=count,
        changed_count=0,
        by=by,
        access_key=access_key,
        at=at,
    )
    report.pk = _next_report()
    report.changed_count = _apply(block_list, report, at)
    report.save(force_insert=True)
    apply_effects(at=at, limit=EFFECTS_AT_ONCE, report=report)
    return report


def apply_effects(*, at: dt.datetime, limit: int = 1000, report: OutcomeReport | None = None) -> int:
    """Let answers have their effect on the cases: routing task, release, reviewer. Each once; how many."""
    done = 0
    waiting = Outcome.objects.filter(effect_at=None, answer__in=WITH_EFFECT)
    if report is not None:
        waiting = waiting.filter(report_id=report.pk)
    while done < limit:
        with transaction.atomic():
            outcome = waiting.select_for_update(skip_locked=True).order_by("pk").first()
            if outcome is None:
                break
            note = _effect(outcome, at=at)
            Outcome.objects.filter(pk=outcome.pk).update(effect_at=at, effect_note=note)
            done += 1
    return done


@transaction.atomic
def settle_refusal(outcome: Outcome, *, by: User, at: dt.datetime) -> Outcome:
    """A reviewer has dealt with a refusal."""
    by.must(Permission.DECIDE)
    changed = Outcome.objects.filter(pk=outcome.pk, answer=Outcome.Answer.REFUSED, settled_at=None).update(
        settled_at=at, settled_by=by
    )
    if changed != 1:
        raise WrongState("settled_already", _("This refusal has been settled already."))
    outcome.refresh_from_db()
    ledger.record("settle_refusal", actor=f"user:{by.pk}", subject=f"case:{outcome.case_id}", at=at)
    return outcome


def _must_be_quoted(block_list: BlockList, list_digest: str) -> None:
    if block_list.state != BlockList.State.PUBLISHED:
        raise WrongState("not_published", _("This list is not published."))
    digest = list_digest.strip().lower()
    known = digest == block_list.digest or (
        len(digest) == 64 and ListFile.objects.filter(block_list=block_list, sha256=digest).exists()
    )
    if not known:
        raise Invalid(
            "digest_mismatch", _("The digest is not that of this list. Did you act on another version?")
        )


def _load(rows: Iterable[AnswerRow], *, at: dt.datetime, digest: hashlib._Hash) -> tuple[int, list[RowError]]:
    errors: list[RowError] = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = %s; DROP TABLE IF EXISTS pg_temp.told", [PATIENCE])
        cursor.execute(
            """CREATE TEMP TABLE told (row bigint, digits bigint, answer text, acted_at timestamptz, reason
            text)
               ON COMMIT DROP"""
        )
        unreadable: list[DomainError] = []
        stream = _Lines(answers.as_copy_lines(_good(rows, errors, at, unreadable)), digest)
        cursor.copy_expert("COPY told FROM STDIN", stream)
        if unreadable:
            raise unreadable[0]
        cursor.execute("CREATE INDEX ON told (digits); ANALYZE told")
    return stream.count, errors


def _good(
    rows: Iterable[AnswerRow], errors: list[RowError], at: dt.datetime, unreadable: list[DomainError]
) -> Iterator[CheckedRow]:
    """Rows that pass; the others go to `errors`. After the first hundreds of errors nothing more is read.

    A refusal by whoever reads the rows ends them and is kept: raised inside COPY it would lose its name.
    """
    try:
        for row in rows:
            checked = answers.check(row, at=at)
            if isinstance(checked, CheckedRow):
                yield checked
                continue
            errors.append(checked)
            if len(errors) >= MAX_ERRORS:
                return
    except DomainError as refusal:
        unreadable.append(refusal)


class _Lines(io.RawIOBase):
    """Gives COPY the lines of an iterator; counts and hashes them."""

    def __init__(self, lines: Iterator[bytes], digest: hashlib._Hash) -> None:
        super().__init__()
        self.count = 0
        self._lines, self._digest, self._rest = lines, digest, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        pieces, length = [self._rest], len(self._rest)
        while length < max(size, 1):
            line = next(self._lines, None)
            if line is None:
                break
            self.count += 1
            self._digest.update(line)
            pieces.append(line)
            length += len(line)
        data = b"".join(pieces)
        self._rest = data[size:] if size >= 0 else b""
        return data[:size] if size >= 0 else data


def _check_against_list(block_list: BlockList) -> list[RowError]:
    query = sql.SQL(_CHECKS).format(mine=selecting.partition(block_list.pk), limit=sql.Literal(MAX_ERRORS))
    with connection.cursor() as cursor:
        cursor.execute(query, _place_of(block_list))
        return [RowError(row, code, str(digits)) for row, code, digits in cursor.fetchall()]


def _next_report() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('blocklists_outcomereport', 'id'))")
        return int(cursor.fetchone()[0])


def _apply(block_list: BlockList, report: OutcomeReport, at: dt.datetime) -> int:
    query = sql.SQL(_APPLY).format(mine=selecting.partition(block_list.pk))
    with connection.cursor() as cursor:
        cursor.execute(
            query,
            {
                **_place_of(block_list),
                "list": block_list.pk,
                "report": report.pk,
                "at": at,
                "published": block_list.published_at,
            },
        )
        return int(cursor.rowcount)


def _place_of(block_list: BlockList) -> dict[str, int | str]:
    """Where the list stands in its chain."""
    return {
        "operator": block_list.operator_id,
        "series": block_list.series,
        "sequence": block_list.sequence,
    }


def _effect(outcome: Outcome, *, at: dt.datetime) -> str:
    """The case hears it in its own words; a case that has moved on meanwhile is only noted."""
    case = Case.objects.filter(pk=outcome.case_id).first()
    if case is None:
        return "no_case"
    try:
        with transaction.atomic():
            cases.note_operator_answer(
                case,
                operator_id=outcome.operator_id,
                answer=outcome.answer,
                at=at,
                detail={"list": outcome.block_list_id},
            )
    except DomainError as refusal:
        return refusal.code[:60]
    return ""
