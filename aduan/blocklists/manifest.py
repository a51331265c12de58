"""What a list says about itself: one canonical JSON page, chained to the list before it. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aduan.blocklists.formats import COLUMNS, ENDS_AT, FORMAT_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aduan.blocklists.formats import FileDigest

FORMAT = "aduan-nomor-list/1"  # what a client must know; `format_version` says what it may find besides
FILE_NAME = "manifest.json"
HOLD = "hold"  # the kind of list whose files lie in the folder of an online role


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything that is said; the bytes depend on nothing else, so a rebuilt list has the same manifest.

    `sequence` counts the lists of one operator's series without a gap; `previous_digest` is the SHA-256 of
    the manifest with the sequence before it (None for the first). `part_counts` are numbers per part.
    `audit_head` is the end of the ministry's audit log at that moment: who keeps the manifest can later
    prove that nothing before it was changed.
    """

    operator: str
    kind: str
    period: str
    version: int
    sequence: int
    voluntary: bool
    previous_sequence: int | None
    previous_digest: str | None
    selected_at: dt.datetime
    expires_at: dt.datetime
    part_counts: Mapping[str, int]
    files: Sequence[FileDigest]
    audit_head: Mapping[str, Any] | None = None
    columns: Sequence[str] = (*COLUMNS, ENDS_AT)

    @property
    def folder(self) -> str:
        return folder_of(self.operator, self.period, self.kind, self.version)

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "columns": list(self.columns),
            "operator": self.operator,
            "kind": self.kind,
            "period": self.period,
            "version": self.version,
            "sequence": self.sequence,
            "voluntary": self.voluntary,
            "folder": self.folder,
            "previous": (
                None
                if self.previous_sequence is None
                else {"sequence": self.previous_sequence, "sha256": self.previous_digest}
            ),
            "selected_at": _instant(self.selected_at),
            "expires_at": _instant(self.expires_at),
            "counts": dict(self.part_counts),
            "audit_head": dict(self.audit_head) if self.audit_head else None,
            "files": {file.name: {"size": file.size, "sha256": file.sha256} for file in self.files},
        }

    def as_bytes(self) -> bytes:
        return canonical(self.as_dict())


def folder_of(operator: str, period: str, kind: str, version: int) -> str:
    """Where a list lies below the root of targets: `telkomsel/2026-10/monthly-v1`.

    A hold list lies in the folder of its online role: `telkomsel/hold/2026-10-hold-v1`.
    """
    if kind == HOLD:
        return f"{operator}/{HOLD}/{period}-{kind}-v{version}"
    return f"{operator}/{period}/{kind}-v{version}"


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, two spaces, ASCII and one final `\\n`."""
    return (json.dumps(value, sort_keys=True, indent=2, ensure_ascii=True) + "\n").encode("ascii")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _instant(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
