"""Which files a page of the TUF repository names: the newest lists of the series that its role publishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aduan.blocklists import tuf_metadata
from aduan.blocklists.models import BlockList, ListFile, ListSeries, ListType
from aduan.blocklists.queries import main_series, name_of
from aduan.blocklists.tuf_metadata import HOLD, REMOVAL, Target

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from aduan.blocklists.models import TufMetadata
    from aduan.operators.models import Operator

LISTS_KEPT = 40  # so many newest lists of each series are named; older ones stay in the archive
ONLINE_KEPT = 5  # the same for online roles, whose pages change within minutes


def series_named() -> list[str]:
    """The series that an operator's own role names, signed by two of three holders; holds have their own."""
    return [series for series in ListSeries.values if series != ListSeries.HOLD]


def targets_of(operator: Operator, joining: BlockList | None) -> list[Target]:
    """The files of the newest lists of every series, and the pages that are always the newest manifest.

    Each series is counted for itself: however many lists of one series are published, those of the others
    stay named. `joining` is a list that is being published in this transaction.
    """
    lists = {series: _newest(operator, series, joining) for series in series_named()}
    by_id = {block_list.pk: block_list for some in lists.values() for block_list in some}
    found = [
        Target(f"{by_id[file.block_list_id].folder}/{file.name}", file.size, file.sha256)
        for file in _files(by_id)
    ]
    for series, some in lists.items():
        found += _latest(operator, series, some[0]) if some else []
    return found


def online_targets_of(operator: Operator, which: str, joining: BlockList | None) -> list[Target]:
    """The same for an online role: hold lists, or the lists between months that only remove.

    A removal is named here under a path of its own, so that it need not wait until holders have signed the
    operator's page; that page names the same files as well, from its next version on.
    """
    lists = {one.pk: one for one in _newest_online(operator, which, joining)}
    found = [
        Target(
            f"{online_folder(operator, which)}/{name_of(lists[file.block_list_id])}/{file.name}",
            file.size,
            file.sha256,
        )
        for file in _files(lists)
    ]
    for newest in list(lists.values())[:1]:
        latest = f"{online_folder(operator, which)}/latest.json"
        head = newest.manifest.get("audit_head")
        found.append(Target(latest, len(newest.manifest_bytes), newest.digest, head))
    return found


def online_folder(operator: Operator, which: str) -> str:
    return f"{operator.code}/{which}"


def online_role_of(block_list: BlockList) -> str | None:
    """Which online role publishes a list; None for those that two of three holders sign."""
    if block_list.series == ListSeries.HOLD:
        return HOLD
    return REMOVAL if block_list.only_removes else None


def latest_names(operator: Operator, series: str) -> list[str]:
    """Bare names of the targets that always hold the newest manifest of a series.

    `latest-<series>.json` for each, and `latest.json` for the operator's main series as well.
    """
    names = [f"latest-{series}.json"]
    return [*names, "latest.json"] if series == main_series(operator) else names


def names_newest(page: TufMetadata, operator: Operator) -> bool:
    """Whether a page that was served names the newest list of every series."""
    named = tuf_metadata.read(bytes(page.body)).signed.targets
    return all(
        target.path in named and named[target.path].hashes["sha256"] == target.sha256
        for series in series_named()
        for block_list in _newest(operator, series, None)[:1]
        for target in _latest(operator, series, block_list)
    )


def _files(lists: dict[int, BlockList]) -> QuerySet[ListFile]:
    return ListFile.objects.filter(block_list__in=lists).exclude(name__endswith=".gz")


def _newest(operator: Operator, series: str, joining: BlockList | None) -> list[BlockList]:
    """Newest first."""
    lists = BlockList.objects.filter(operator=operator, series=series)
    wanted = joining is not None and joining.series == series
    return _first_of(lists, joining if wanted else None, LISTS_KEPT)


def _newest_online(operator: Operator, which: str, joining: BlockList | None) -> list[BlockList]:
    lists = BlockList.objects.filter(operator=operator)
    if which == HOLD:
        lists = lists.filter(series=ListSeries.HOLD)
    else:
        lists = lists.filter(kind=ListType.INTERIM, added_count=0, previous__isnull=False)
    wanted = joining is not None and online_role_of(joining) == which
    return _first_of(lists, joining if wanted else None, ONLINE_KEPT)


def _first_of(lists: QuerySet[BlockList], joining: BlockList | None, kept: int) -> list[BlockList]:
    found = list(
        lists.filter(state=BlockList.State.PUBLISHED)
        .only("id", "series", "kind", "period", "version", "sequence", "manifest", "digest")
        .order_by("-sequence")[:kept]
    )
    return found if joining is None else sorted({joining, *found}, key=lambda one: -one.sequence)[:kept]


def _latest(operator: Operator, series: str, newest: BlockList) -> list[Target]:
    size = len(newest.manifest_bytes)
    head = newest.manifest.get("audit_head")
    return [
        Target(f"{operator.code}/{name}", size, newest.digest, head)
        for name in latest_names(operator, series)
    ]
