"""Evidence and lists, object by object: only what is new is encrypted and written."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from aduan.complaints.evidence import storage
from aduan.complaints.models import Evidence, EvidencePart
from portal.management.backup import sealing

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyrage

_SAVED = "files-saved.json"
_NAMES = ("original", "derivative", "thumbnail")


def back_up_evidence(root: Path) -> int:
    """Encrypt every file that a row names and the backup set lacks; how many."""
    new = 0
    store = storage.evidence_storage()
    for name in _names():
        target = _object(root, name)
        if not target.exists() and store.exists(name):
            sealing.seal_bytes(storage.fetch(name), target)
            new += 1
    return new


def back_up_lists(root: Path) -> int:
    """Likewise the files below ADUAN_PUBLISH_ROOT, which never change once they are there."""
    new = 0
    for path in _list_files():
        target = root / "lists" / f"{path.relative_to(settings.PUBLISH_ROOT)}{sealing.SUFFIX}"
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            sealing.seal_bytes(path.read_bytes(), target)
            new += 1
    return new


def forget_erased(root: Path) -> int:
    """Delete from the backup set the files of evidence that was erased since; how many."""
    gone = 0
    erased = Evidence.objects.filter(original="", shredded_at__isnull=False)
    for uid, clean in erased.values_list("uid", "derivative").iterator(chunk_size=2000):
        for path in (root / "evidence").glob(f"{uid.hex[:2]}/{uid.hex}.*"):
            if not clean or path.name == f"{uid.hex}.original{sealing.SUFFIX}":
                path.unlink()
                gone += 1
    return gone


def restore_evidence(root: Path, identity: pyrage.x25519.Identity) -> int:
    """Put every file that a restored row names, and the store lacks, back into the store."""
    back = 0
    store = storage.evidence_storage()
    for name in _names():
        if _object(root, name).exists() and not store.exists(name):
            storage.keep(name, sealing.open_bytes(_object(root, name), identity))
            back += 1
    return back


def restore_lists(root: Path, identity: pyrage.x25519.Identity) -> int:
    """Put back the list files that are missing below ADUAN_PUBLISH_ROOT."""
    back = 0
    for path in (root / "lists").rglob(f"*{sealing.SUFFIX}"):
        target = settings.PUBLISH_ROOT / path.relative_to(root / "lists").with_suffix("")
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
            target.write_bytes(sealing.open_bytes(path, identity))
            target.chmod(0o640)
            back += 1
    return back


def note_saved(root: Path, *, at: dt.datetime) -> None:
    """What was received until then is in the set."""
    sealing.install(root / _SAVED, lambda out: out.write(json.dumps({"at": at.isoformat()}).encode("ascii")))


def saved_until(root: Path) -> dt.datetime | None:
    """None for a set that was never told."""
    try:
        return dt.datetime.fromisoformat(json.loads((root / _SAVED).read_text(encoding="ascii"))["at"])
    except FileNotFoundError:
        return None


def give_to_account() -> None:
    """Give what root restored to the account that ADUAN_HOME belongs to: no part could read it."""
    home = settings.ADUAN_HOME
    owner = home.stat()
    if os.geteuid() or not owner.st_uid:
        return
    for place in filter(None, (storage.local_folder(), Path(settings.PUBLISH_ROOT))):
        above = [folder for folder in place.parents if folder != home and folder.is_relative_to(home)]
        for path in (*above, place, *place.rglob("*")):
            if path.exists() and path.stat().st_uid == 0:
                os.chown(path, owner.st_uid, owner.st_gid)


def _names() -> Iterator[str]:
    """Every file that a row names: of evidence itself, and the pages, scenes and pieces made of it."""
    for names in Evidence.objects.order_by("pk").values_list(*_NAMES).iterator(chunk_size=2000):
        yield from filter(None, names)
    parts = EvidencePart.objects.order_by("pk").exclude(file="")
    yield from parts.values_list("file", flat=True).iterator(chunk_size=2000)


def _object(root: Path, name: str) -> Path:
    return root / "evidence" / f"{name}{sealing.SUFFIX}"


def _list_files() -> list[Path]:
    folder = Path(settings.PUBLISH_ROOT)
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return [folder / path for path in sorted(found) if not path.parts[0].startswith(".")]
