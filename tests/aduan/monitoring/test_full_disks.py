"""A disk that fills up is seen before uploads are refused; only the doctor saw it, and only while it ran."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from aduan.monitoring.conditions import Condition, thresholds
from aduan.monitoring.disks import own_disks
from aduan.monitoring.queries import findings
from portal.management.doctor.machine import disks
from portal.management.doctor.report import Level

pytestmark = pytest.mark.django_db
GIGABYTE = 10**9
Usage = namedtuple("Usage", "total used free")
FillDisk = Callable[[int, int], None]


@pytest.fixture
def fill_disk(monkeypatch: pytest.MonkeyPatch, settings) -> FillDisk:
    settings.MONITORING = {}

    def fill(total: int, free: int) -> None:
        usage = Usage(total, total - free, free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage)

    return fill


def _is_found(now: dt.datetime) -> bool:
    return Condition.DISK_FULL in {one.condition for one in findings(at=now, limits=thresholds())}


@pytest.mark.parametrize(
    ("total", "free", "found"),
    [
        (500 * GIGABYTE, 51 * GIGABYTE, False),
        (500 * GIGABYTE, 49 * GIGABYTE, True),
        (4 * GIGABYTE, GIGABYTE, True),  # a quarter, and yet below what uploads leave untouched
    ],
)
def test_a_disk_with_little_space_is_an_incident(
    now: dt.datetime, fill_disk: FillDisk, total: int, free: int, found: bool
):
    fill_disk(total, free)
    assert _is_found(now) == found
    assert any(one.level == Level.ALARM for one in disks()) == found


def test_the_incident_names_the_disk_and_what_is_free(now: dt.datetime, fill_disk: FillDisk, settings):
    fill_disk(500 * GIGABYTE, 12 * GIGABYTE)
    [subject] = [
        one.subjects for one in findings(at=now, limits=thresholds()) if one.condition == Condition.DISK_FULL
    ]
    assert subject == (f"{settings.ADUAN_HOME} (12.0 GB)",)


def test_the_disk_under_the_evidence_is_watched_wherever_that_lies(settings, tmp_path: Path):
    """It was that of MEDIA_ROOT, which a storage of another place does not use."""
    settings.ADUAN_HOME = settings.PUBLISH_ROOT = tmp_path / "missing"
    evidence = settings.STORAGES["evidence"] | {"OPTIONS": {"location": str(tmp_path / "evidence")}}
    settings.STORAGES = settings.STORAGES | {"evidence": evidence}
    assert [disk.place for disk in own_disks()] == [tmp_path]
