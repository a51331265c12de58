"""The disks that this process writes to. PostgreSQL's own is among them only where it is the same one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from aduan.complaints.evidence import storage


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk by the first of our folders on it. Sizes in bytes."""

    place: Path
    free: int
    total: int

    def is_low(self, percent: int) -> bool:
        """Whether less than `percent` is free, or so little that uploads are refused."""
        return self.free * 100 < self.total * percent or self.free < settings.STAGING_DISK_FLOOR

    def __str__(self) -> str:
        return f"{self.place} ({self.free / 1e9:.1f} GB)"


def own_disks() -> Iterator[Disk]:
    """Each disk under the state, the evidence and the lists, once."""
    seen = set()
    places = (Path(settings.ADUAN_HOME), storage.local_folder(), Path(settings.PUBLISH_ROOT))
    for place in filter(None, places):
        if place.exists() and (device := place.stat().st_dev) not in seen:
            seen.add(device)
            usage = shutil.disk_usage(place)
            yield Disk(place, usage.free, usage.total)
