"""Taking what a receiver did, number by number: all rows or none, in one set, twice is the same as once."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.blocklists.codes import WAITS_FOR_PERSON, OutcomeStatus
from aduan.blocklists.models import BlockList, ListFile, Outcome, OutcomeReport
from aduan.blocklists.services import incoming_outcomes, new_holders, rejected_reports
from aduan.blocklists.services.incoming_outcomes import MAX_ERRORS
from aduan.cases import services as cases
from aduan.cases.models import Case, RecycledNotice
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, Forbidden, Invalid, WrongState
from aduan.operators.models import AccessKey

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from aduan.accounts.models import User
    from aduan.blocklists.outcome_rows import AnswerRow

EFFECTS_AT_ONCE = 200
# A number that was answered in one of these ways asks a person, or something, to act.
WITH_EFFECT = (OutcomeStatus.NOT_OURS, OutcomeStatus.RECYCLED, OutcomeStatus.REFUSED)
_HEAD = re.compile(r"[1-9][0-9]{0,17} [0-9a-f]{64}")


def report_outcomes(
    block_list: BlockList,
    rows: Iterable[AnswerRow],
    *,
    list_digest: str,
    at: dt.datetime,
    by: User | None = None,
    access_key: AccessKey | None = None,
    audit_head: str = "",
) -> OutcomeReport:
    """Take a batch of answers about one published list.

    `list_digest` is the SHA-256 of the manifest or of any file of the list: the receiver proves which list it
    acted on. `audit_head` is the head of our audit log that its list carries (`seq hash`). The caller has
    established that `by` or `access_key` acts for the list's operator. Memory does not grow with the rows.
    Raises Invalid `rows_refused` with `details["rows"]` (at most 1,000), and then applies nothing but writes
    the refusal down: who reports something else may have blocked something else.
    """
    try:
        return _take(
            block_list,
            rows,
            list_digest=list_digest,
            at=at,
            by=by,
            access_key=access_key,
            audit_head=audit_head,
        )
    except Invalid as refusal:
        rejected_reports.record_rejected_report(
            block_list, refusal, list_digest=list_digest, at=at, by=by, access_key=access_key
        )
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
    audit_head: str,
) -> OutcomeReport:
    _must_be_quoted(block_list, list_digest)
    digest = hashlib.sha256()
    count, errors = incoming_outcomes.load(rows, at=at, digest=digest)
    errors += incoming_outcomes.check_against_list(block_list) if len(errors) < MAX_ERRORS else []
    _require_recycling_scope(access_key)
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
        audit_head=audit_head if _HEAD.fullmatch(audit_head) else "",
    )
    report.pk = _next_report()
    report.changed_count = incoming_outcomes.apply(block_list, report, at)
    report.save(force_insert=True)
    new_holders.sign(report)
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
    by.require(Permission.DECIDE)
    changed = Outcome.objects.filter(pk=outcome.pk, answer=OutcomeStatus.REFUSED, settled_at=None).update(
        settled_at=at, settled_by=by
    )
    if changed != 1:
        raise WrongState("settled_already", _("This refusal has been settled already."))
    outcome.refresh_from_db()
    audit_log.record(
        AuditAction.OPERATOR_REFUSAL_SETTLE, actor=f"user:{by.pk}", subject=f"case:{outcome.case_id}", at=at
    )
    return outcome


def _require_recycling_scope(access_key: AccessKey | None) -> None:
    """Raises Forbidden: to say that a number has a new holder frees it, so a key needs a scope of its own."""
    scope = AccessKey.Scope.REPORT_RECYCLED
    if access_key is not None and scope not in access_key.scopes and incoming_outcomes.says_recycled():
        text = _("This needs the scope “%(scope)s”.") % {"scope": scope}
        raise Forbidden("scope_missing", text, scope=str(scope))


def _must_be_quoted(block_list: BlockList, list_digest: str) -> None:
    if block_list.state != BlockList.State.PUBLISHED:
        raise WrongState("not_published", _("This list is not published."))
    digest = list_digest.strip().lower()
    if not digest:
        raise Invalid(
            "digest_mismatch",
            _("Say which list you acted on: its digest is missing (X-List-Digest, in JSON list_digest)."),
        )
    known = digest == block_list.digest or (
        len(digest) == 64 and ListFile.objects.filter(block_list=block_list, sha256=digest).exists()
    )
    if not known:
        raise Invalid(
            "digest_mismatch", _("The digest is not that of this list. Did you act on another version?")
        )


def _next_report() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('blocklists_outcomereport', 'id'))")
        return int(cursor.fetchone()[0])


def _effect(outcome: Outcome, *, at: dt.datetime) -> str:
    """The case hears it in its own words; a case that has moved on meanwhile is only noted."""
    case = Case.objects.filter(pk=outcome.case_id).first()
    if case is None:
        return "no_case"
    try:
        with transaction.atomic():
            if outcome.answer == OutcomeStatus.RECYCLED:
                return _recycled(outcome, case, at=at)
            cases.record_operator_outcome(
                case,
                operator_id=outcome.operator_id,
                answer=outcome.answer,
                note=outcome.reason,
                at=at,
                detail={"list": outcome.block_list_id},
            )
    except DomainError as refusal:
        return refusal.code[:60]
    return ""


def _recycled(outcome: Outcome, case: Case, *, at: dt.datetime) -> str:
    """A new holder: counts at once below the day's ceiling; a batch beyond it waits as a whole."""
    together = Outcome.objects.filter(
        effect_at=None, answer=OutcomeStatus.RECYCLED, operator=outcome.operator_id
    )
    counted = cases.take_recycled(
        case,
        operator_id=outcome.operator_id,
        source=RecycledNotice.Source.OPERATOR,
        batch=together.count(),
        at=at,
        note=outcome.reason,
        detail={"list": outcome.block_list_id, "report": outcome.report_id},
        is_ours=new_holders.is_signed(outcome, at=at),
    )
    return "" if counted else WAITS_FOR_PERSON
