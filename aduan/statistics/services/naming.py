"""Snapshots are named in the TUF repository, by an online role of their own: their packages, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from aduan.blocklists import tuf_metadata
from aduan.blocklists.services import tuf_repository
from aduan.blocklists.tuf_metadata import PUBLIC_STATISTICS, STATISTICS, Target
from aduan.statistics.models import Snapshot
from aduan.statistics.published import LATEST, PACKAGE

if TYPE_CHECKING:
    import datetime as dt


@transaction.atomic
def name_snapshots(*, at: dt.datetime) -> bool:
    """Name the package of each day, and the newest as `latest`. False when all is named, or cannot be yet.

    A package names every other file of its day by digest.
    """
    tuf_repository.lock()
    if PUBLIC_STATISTICS not in tuf_repository.delegated(tuf_repository.newest(tuf_metadata.TARGETS)):
        return False
    packages = list(Snapshot.objects.order_by("day").values_list("day", f"files__{PACKAGE}"))
    days = [(day.isoformat(), package) for day, package in packages]
    files = [
        Target(f"{STATISTICS}/{day}/{PACKAGE}", package["size"], package["sha256"])
        for day, package in [*days, *((LATEST, package) for _day, package in days[-1:])]
    ]
    last = tuf_repository.newest(PUBLIC_STATISTICS)
    if last is not None and set(tuf_metadata.targets_in(bytes(last.body))) == set(files):
        return False
    if not tuf_repository.new_statistics_page(files, at=at):
        return False
    tuf_repository.new_snapshot(at=at)
    return True
