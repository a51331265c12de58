"""Disks, secrets, the evidence store, the locks around its decoders, and what the images are built from."""

from __future__ import annotations

import os
import re
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from aduan.accounts.services import administrators_who_can_act
from aduan.complaints import services as complaints
from aduan.complaints.evidence import confinement
from aduan.monitoring.conditions import thresholds
from aduan.monitoring.disks import own_disks
from portal.management.doctor.report import Observation, alarm, attention, well

_IMAGE: Final = re.compile(
    r"^\s*(?:image:|FROM)\s+(?P<name>[\w./-]+:[\w.-]+)(?P<digest>@sha256:[0-9a-f]{64})?", re.M
)
_OLD_HEAD: Final = 3600  # seconds


def disks() -> Iterator[Observation]:
    for disk in own_disks():
        if disk.is_low(thresholds().disk_free_percent):
            yield alarm(
                f"{disk.place} has {disk.free / disk.total:.0%} free ({disk.free / 1e9:.1f} GB)",
                "make room: intake closes below its floor",
            )
        else:
            yield well(f"{disk.place} has {disk.free / 1e9:.0f} GB free")


def secrets() -> Iterator[Observation]:
    """Files that are named by settings, readable for others than their owner."""
    names = [name for name in os.environ if name.startswith("ADUAN_") and name.endswith("_FILE")]
    open_ones = [name for name in sorted(names) if Path(os.environ[name]).exists() and _open_to_others(name)]
    for name in open_ones:
        yield alarm(
            f"{name}={os.environ[name]} may be read by others",
            "chmod 0400 it; consider it known, and rotate it",
        )
    given = [name for name in ("ADUAN_SECRET_KEY", "ADUAN_VAULT_KEYS") if os.environ.get(name)]
    if settings.PRODUCTION and given:
        yield attention(
            f"{' and '.join(given)} stand in the environment",
            "name files by …_FILE instead: deploy/make-secrets",
        )
    if not open_ones and not given:
        yield well("secrets are files, each readable for one account")


def _open_to_others(name: str) -> bool:
    return bool(stat.S_IMODE(Path(os.environ[name]).stat().st_mode) & 0o077)


def evidence_store() -> Iterator[Observation]:
    if why := complaints.store_trouble():
        yield alarm(f"the evidence store is {why}", "manage.py evidence_store says what to do")
        return
    missing = complaints.missing_files()
    if missing:
        yield alarm(
            f"{len(missing)} files in quarantine are missing from the store", "manage.py evidence_store"
        )
    else:
        yield well("the evidence store is this installation's")


def sandbox() -> Iterator[Observation]:
    """The locks of the kernel around the programs that open citizens' files."""
    locks = confinement.available()
    missing = [name for name in ("landlock", "seccomp") if name not in locks]
    advice = "use Linux 5.13 or newer with Landlock and seccomp; in a container its profile must allow both"
    if not locks:
        yield alarm("evidence waits: this kernel has neither Landlock nor seccomp", advice)
    elif missing:
        yield attention(
            f"decoders of evidence are confined by {locks[0]} alone: {missing[0]} is missing", advice
        )
    else:
        yield well("decoders of evidence are confined by Landlock and seccomp")


def virus_scanner() -> Iterator[Observation]:
    if not settings.CLAMD_SOCKET:
        yield attention("evidence is not scanned for viruses", "name ClamAV's socket in ADUAN_CLAMD_SOCKET")
        return
    host, _colon, port = settings.CLAMD_SOCKET.rpartition(":")
    family, address = (socket.AF_INET, (host, int(port))) if host else (socket.AF_UNIX, settings.CLAMD_SOCKET)
    with socket.socket(family) as line:
        line.settimeout(5)
        try:
            line.connect(address)
            line.sendall(b"zPING\0")
            answer = line.recv(16)
        except OSError as error:
            yield alarm(
                f"ClamAV does not answer ({error}): evidence waits",
                "start clamd; look at its socket's rights",
            )
            return
    yield (
        well("ClamAV answers") if answer.startswith(b"PONG") else alarm("ClamAV is confused", "restart clamd")
    )


def base_images() -> Iterator[Observation]:
    """A tag may become another image over night; a digest may not."""
    names = [settings.BASE_DIR / name for name in ("Dockerfile", "docker-compose.yml")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in names if path.exists())
    loose = sorted({found["name"] for found in _IMAGE.finditer(text) if not found["digest"]})
    loose = [name for name in loose if not name.endswith(":local")]
    if loose:
        yield attention(
            f"images without a digest: {', '.join(loose)}",
            "run `make pin-images` where docker and a network are, with each release",
        )


def delivery_log() -> Iterator[Observation]:
    """Without it no download counts as delivered."""
    if not settings.LISTS_ACCEL_PREFIX:
        return
    log = Path(settings.DELIVERY_LOG)
    if log.exists() and not os.access(log, os.R_OK):
        yield alarm(
            f"{log} cannot be read: no download of a list counts", "let the application's group read it"
        )
    elif log.exists():
        yield well(f"{log} can be read")
    elif not log.parent.is_dir():
        yield alarm(f"{log.parent} is not there: no download of a list would count", "mount it from nginx")


def audit_heads() -> Iterator[Observation]:
    """Only a copy elsewhere shows that the end of the audit log was cut off."""
    newest = max(
        (path.stat().st_mtime for path in (settings.ADUAN_HOME / "audit-heads").glob("*")), default=None
    )
    if newest is None:
        yield attention(
            "no head of the audit log was exported yet", "start beat and worker: it is done every ten minutes"
        )
    elif time.time() - newest > _OLD_HEAD:
        yield alarm(
            "the newest head of the audit log is over an hour old", "look at the task export_audit_head"
        )
    else:
        yield well("heads of the audit log are exported")


def administrators() -> Iterator[Observation]:
    able = administrators_who_can_act(at=timezone.now())
    if able < 2:
        yield alarm(
            f"{able} administrators can act, and a grant takes two",
            "manage.py create_first_administrators in an empty portal, else manage.py break_glass",
        )
    else:
        yield well(f"{able} administrators can act")
