"""Building a list: once per operator, month, kind and version, no matter who starts it and whatever dies.

One transaction on one snapshot selects, compares, writes the files aside, signs them and closes the entries;
its commit is the only moment at which the list begins to exist. The rename of its folder comes after: if the
process dies in between, the files are made again from the database, byte by byte the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from aduan.accounts.step_up import application_mac
from aduan.blocklists.formats import columns_of
from aduan.blocklists.manifest import FILE_NAME as MANIFEST
from aduan.blocklists.manifest import Manifest, sha256
from aduan.blocklists.models import SERIES_OF, BlockList, ListFile, ListSeries, ListType
from aduan.blocklists.queries import rules_in_force
from aduan.blocklists.services import keys, operator_messages, tuf_repository
from aduan.blocklists.services.entries import ListEntries
from aduan.blocklists.services.file_store import ListFiles
from aduan.blocklists.services.stop_checks import stop_reasons_of
from aduan.blocklists.tuf_metadata import LIFETIMES, TARGETS
from aduan.core import audit_log, failpoints, jobs
from aduan.core.errors import WrongState
from aduan.core.periods import Month, local_date
from aduan.operators.models import Operator

if TYPE_CHECKING:
    import datetime as dt

    from aduan.blocklists.formats import FileDigest
    from aduan.blocklists.stop_rules import Stop

JOB = "build_list"
VOLUNTARY = Operator.Obligation.VOLUNTARY
_UNIQUE_VIOLATION = "23505"
# What a build finds out; the rest was written when it began and is closed to the application's database role.
_BUILT = (
    *("state", "count", "added_count", "removed_count", "digest", "build_mac", "manifest", "stop_reasons"),
    *("built_at", "publish_not_before"),
)


def build_list(
    operator: Operator,
    *,
    period: Month,
    kind: ListType,
    at: dt.datetime,
    only_removals: bool = False,
) -> BlockList | None:
    """The list of this operator, month and kind; made now if no one made it yet.

    A monthly list exists once, so a second call returns it; an interim, referral or inbound list is always
    the next version. None when another process is making it at this moment. Raises WrongState `clock_behind`
    when `at` lies before the selection of an earlier list: a machine with a wrong clock builds nothing.
    """
    tuf_repository.prepare(at=at)
    of_month = BlockList.objects.filter(operator=operator, period=period.first_day, kind=kind)
    if kind == ListType.MONTHLY:
        found = of_month.exclude(state=BlockList.State.REJECTED).first()
        if found is not None:
            return found
    version = (of_month.aggregate(last=Max("version"))["last"] or 0) + 1
    key = f"{operator.code}/{period}/{kind}-v{version}"
    jobs.enqueue(JOB, key, at=at)
    with jobs.lease(JOB, key) as lease:
        if lease is None:
            return of_month.filter(version=version).first()
        failpoints.reached("after_lease")
        try:
            block_list, files = _make(
                operator, period, kind, version, lease=lease, at=at, only_removals=only_removals
            )
        except IntegrityError as error:
            if getattr(error.__cause__, "pgcode", None) == _UNIQUE_VIOLATION:
                raise jobs.LeaseLost from error
            raise
        failpoints.reached("after_row")
        files.install()
        if block_list.state == BlockList.State.STOPPED:
            operator_messages.stopped(block_list, operator, at=at)
        return block_list


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list made now would hold.

    Figures, reasons to stop it, and the first numbers that come and go.
    """

    count: int
    added: int
    removed: int
    reasons: list[dict[str, Any]]
    first_added: list[int]
    first_removed: list[int]


def dry_run(operator: Operator, *, period: Month, kind: ListType, at: dt.datetime) -> Preview:
    """Select and check as a build would, then undo everything: nothing is written, not even a version."""
    with transaction.atomic():
        block_list = _begin(operator, period, kind, 0, at, state=BlockList.State.REJECTED)
        entries = ListEntries(block_list)
        reasons = _select_and_check(block_list, entries, operator, at=at, only_removals=False)
        new, gone = entries.sample()
        transaction.set_rollback(True)
    return Preview(
        block_list.count,
        block_list.added_count,
        block_list.removed_count,
        [reason.as_dict() for reason in reasons],
        new,
        gone,
    )


def _make(
    operator: Operator,
    period: Month,
    kind: ListType,
    version: int,
    *,
    lease: jobs.Lease,
    at: dt.datetime,
    only_removals: bool,
) -> tuple[BlockList, ListFiles]:
    """Select, check, write, sign and commit; the caller installs the files."""
    with transaction.atomic(durable=True):
        _on_one_snapshot()
        block_list = _begin(operator, period, kind, version, at)
        entries, files = ListEntries(block_list), ListFiles(block_list)
        reasons = _select_and_check(block_list, entries, operator, at=at, only_removals=only_removals)
        block_list.stop_reasons = [reason.as_dict() for reason in reasons]
        files.stage(f"list-{block_list.pk}-{lease.fencing_token}")
        digests = files.write()
        failpoints.reached("before_manifest")
        block_list.manifest = _manifest(block_list, operator, period, list(digests.values())).as_dict()
        digests[MANIFEST] = files.write_manifest()
        failpoints.reached("before_sign")
        signatures = files.sign(digests, keys.list_key())
        failpoints.reached("after_sign")
        entries.close()
        _complete(block_list, at=at, cooling=not only_removals and block_list.added_count > 0)
        ListFile.objects.bulk_create(
            ListFile(
                block_list=block_list,
                name=file.name,
                size=file.size,
                sha256=file.sha256,
                signature=signatures[file.name],
            )
            for file in digests.values()
        )
        lease.finish({"list": block_list.pk})
        failpoints.reached("before_row")
    return block_list, files


def _select_and_check(
    block_list: BlockList, entries: ListEntries, operator: Operator, *, at: dt.datetime, only_removals: bool
) -> list[Stop]:
    """Fill the list and its three counts; returns why it must be stopped."""
    day = local_date(at)
    selected = entries.select(code=operator.code, at=at, only_removals=only_removals)
    block_list.count, block_list.added_count, block_list.removed_count = selected
    return stop_reasons_of(block_list, entries, operator=operator, day=day)


def _on_one_snapshot() -> None:
    """Everything below sees the same database. (Inside a test's own transaction it cannot be asked for.)."""
    if not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _begin(
    operator: Operator,
    period: Month,
    kind: ListType,
    version: int,
    at: dt.datetime,
    *,
    state: BlockList.State = BlockList.State.BUILDING,
) -> BlockList:
    series = SERIES_OF[kind]
    before = (
        BlockList.objects.filter(operator=operator, series=series, state=BlockList.State.PUBLISHED)
        .order_by("-sequence")
        .first()
    )
    if before is not None and at < before.as_of:
        raise WrongState(
            "clock_behind",
            _("The list before was made at a later time. Is this machine's clock right?"),
            before=before.pk,
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        watermark = cursor.fetchone()[0]
    return BlockList.objects.create(
        operator=operator,
        period=period.first_day,
        kind=kind,
        series=series,
        version=version,
        sequence=before.sequence + 1 if before else 1,
        previous=before,
        as_of=at,
        watermark=watermark[:200],
        state=state,
    )


def _manifest(block_list: BlockList, operator: Operator, period: Month, files: list[FileDigest]) -> Manifest:
    before, head = block_list.previous, audit_log.head()
    return Manifest(
        operator=operator.code,
        columns=columns_of(referral=block_list.series == ListSeries.REFERRAL),
        kind=block_list.kind,
        period=str(period),
        version=block_list.version,
        sequence=block_list.sequence,
        voluntary=operator.obligation == VOLUNTARY,
        previous_sequence=before.sequence if before else None,
        previous_digest=before.digest if before else None,
        selected_at=block_list.as_of,
        expires_at=block_list.as_of + LIFETIMES[TARGETS],
        part_counts={
            "block": block_list.count,
            "added": block_list.added_count,
            "removed": block_list.removed_count,
        },
        files=files,
        audit_head=head.as_dict() if head else None,
    )


def _complete(block_list: BlockList, *, at: dt.datetime, cooling: bool) -> None:
    """Stopped, or awaiting publication: a monthly list that adds numbers waits, all others may go out."""
    wait = rules_in_force().cooling_off if cooling and block_list.kind == ListType.MONTHLY else None
    block_list.digest = sha256(block_list.manifest_bytes)
    block_list.build_mac = application_mac("build_list", block_list.pk, block_list.digest)
    block_list.built_at = at
    block_list.publish_not_before = at + wait if wait else at
    block_list.state = (
        BlockList.State.STOPPED if block_list.stop_reasons else BlockList.State.AWAITING_PUBLICATION
    )
    block_list.save(update_fields=_BUILT)
