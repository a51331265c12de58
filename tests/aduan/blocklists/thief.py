"""What a thief of an online key can serve: pages and lists signed with every key of the machine `lists`."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from aduan.blocklists import manifest, tuf_metadata
from aduan.blocklists.models import BlockList
from aduan.blocklists.services import keys
from aduan.blocklists.services.file_store import ListFiles
from aduan.blocklists.services.tuf_repository import delegated, newest
from aduan.blocklists.tuf_metadata import Target
from tests.aduan.blocklists.served import META, TARGETS, Answers

PARTS = ("block.txt", "block.csv", "added.txt", "removed.txt")
HEAD = "number,action,since,until,category,case,ends_at\n"


def files_of(
    rows: list[str], *, added: tuple[str, ...] = (), removed: tuple[str, ...] = ()
) -> dict[str, str]:
    """The files of a list with these CSV rows."""
    numbers = [row.split(",")[0] for row in rows]
    return {
        "block.txt": "".join(f"{number}\n" for number in numbers),
        "block.csv": HEAD + "".join(f"{row}\n" for row in rows),
        "added.txt": "".join(f"{number}\n" for number in added),
        "removed.txt": "".join(f"{number}\n" for number in removed),
    }


def rows_of(block_list: BlockList) -> list[str]:
    return (ListFiles(block_list).folder / "block.csv").read_text().splitlines()[1:]


def forged(
    real: Answers,
    before: BlockList,
    which: str,
    files: dict[str, str],
    *,
    at: dt.datetime,
    step: int = 1,
    version: int = 99,
    **changed: Any,
) -> Answers:
    """The repository with one more list of an online role, `changed` in its manifest; `step` counts them."""
    operator, bodies = before.operator.code, {name: text.encode() for name, text in files.items()}
    kind = "hold" if which == tuf_metadata.HOLD else "interim"
    page = {
        **before.manifest,
        "kind": kind,
        "sequence": before.sequence + 1,
        "version": version,
        "folder": manifest.folder_of(operator, before.manifest["period"], kind, version),
        "previous": {"sequence": before.sequence, "sha256": before.digest},
        "selected_at": at.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "counts": {part: len(files[f"{part}.txt"].split()) for part in ("block", "added", "removed")},
        "files": {
            name: {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
            for name, body in bodies.items()
        },
        **changed,
    }
    said = manifest.canonical(page)
    folder = f"{operator}/{which}"
    name = f"{page['period']}-{kind}-v{page['version']}"
    targets = {f"{folder}/latest.json": said} | {
        f"{folder}/{name}/{file}": body for file, body in bodies.items()
    }
    return _sealed(real, tuf_metadata.online_role(operator, which), targets, at=at, step=step)


def _sealed(real: Answers, role: str, targets: dict[str, bytes], *, at: dt.datetime, step: int) -> Answers:
    named = [Target(path, len(body), hashlib.sha256(body).hexdigest()) for path, body in targets.items()]
    version = _next(role, step)
    page = tuf_metadata.operator_targets(role, named, version=version, at=at)
    tuf_metadata.sign(page, keys.private(tuf_metadata.base_role(role)))
    body = tuf_metadata.as_bytes(page)
    pages = {
        name: (one.version, bytes(one.body))
        for name in ("targets", *delegated(newest("targets")))
        if (one := newest(name)) is not None
    }
    sealed = tuf_metadata.snapshot(pages | {role: (version, body)}, version=_next("snapshot", step), at=at)
    tuf_metadata.sign(sealed, keys.private(tuf_metadata.SNAPSHOT))
    seal = tuf_metadata.as_bytes(sealed)
    stamp = tuf_metadata.timestamp(sealed.signed.version, seal, version=_next("timestamp", step), at=at)
    tuf_metadata.sign(stamp, keys.private(tuf_metadata.TIMESTAMP))
    found = dict(real)
    for path, data in targets.items():
        above, _slash, last_name = path.rpartition("/")
        found[f"{TARGETS}{above}/{hashlib.sha256(data).hexdigest()}.{last_name}"] = data
    return found | {
        f"{META}{version}.{role}.json": body,
        f"{META}{sealed.signed.version}.snapshot.json": seal,
        f"{META}timestamp.json": tuf_metadata.as_bytes(stamp),
    }


def _next(role: str, step: int) -> int:
    last = newest(role)
    return last.version + step if last else step
