"""Which files an operator's page of the TUF repository names: the newest lists of every series it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aduan.blocklists import tuf_metadata
from aduan.blocklists.models import BlockList, ListFile, ListSeries
from aduan.blocklists.queries import main_series
from aduan.blocklists.tuf_metadata import Target

if TYPE_CHECKING:
    from aduan.blocklists.models import TufMetadata
    from aduan.operators.models import Operator

LISTS_KEPT = 40  # so many newest lists of each series are named; older ones stay in the archive


def targets_of(operator: Operator, joining: BlockList | None) -> list[Target]:
    """The files of the newest lists of every series, and the pages that are always the newest manifest.

    Each series is counted for itself: however many lists of one series are published, those of the others
    stay named. `joining` is a list that is being published in this transaction.
    """
    lists = {series: _newest(operator, series, joining) for series in ListSeries.values}
    by_id = {block_list.pk: block_list for some in lists.values() for block_list in some}
    found = [
        Target(f"{by_id[file.block_list_id].folder}/{file.name}", file.size, file.sha256)
        for file in ListFile.objects.filter(block_list__in=by_id).exclude(name__endswith=".gz")
    ]
    for series, some in lists.items():
        found += _latest(operator, series, some[0]) if some else []
    return found


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
        for series in ListSeries.values
        for block_list in _newest(operator, series, None)[:1]
        for target in _latest(operator, series, block_list)
    )


def _newest(operator: Operator, series: str, joining: BlockList | None) -> list[BlockList]:
    """Newest first."""
    lists = list(
        BlockList.objects.filter(operator=operator, series=series, state=BlockList.State.PUBLISHED)
        .only("id", "series", "sequence", "manifest", "digest")
        .order_by("-sequence")[:LISTS_KEPT]
    )
    if joining is not None and joining.series == series:
        lists = sorted({joining, *lists}, key=lambda one: -one.sequence)[:LISTS_KEPT]
    return lists


def _latest(operator: Operator, series: str, newest: BlockList) -> list[Target]:
    size = len(newest.manifest_bytes)
    head = newest.manifest.get("audit_head")
    return [
        Target(f"{operator.code}/{name}", size, newest.digest, head)
        for name in latest_names(operator, series)
    ]
