"""What must hold also after a restore of an older state: erasures and releases, apart from the backup set.

Each file holds what was new since the one before, with an overlap for transactions that committed late. It
names tickets, cases, reasons and who signed; no contact, no reported number, no text.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aduan.cases import queries as case_queries
from aduan.cases import services as cases
from aduan.complaints import queries as complaint_queries
from aduan.complaints import services as complaints
from aduan.core.errors import Forbidden
from portal.management.backup import sealing

if TYPE_CHECKING:
    import pyrage

_OVERLAP = dt.timedelta(minutes=30)
_NAME = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many acts of the journal the restored state lacked; cases that two people have to release again."""

    erasures: int
    releases: int
    to_release: tuple[int, ...] = ()


def write(folder: Path, *, at: dt.datetime) -> int:
    """Append what is new as one file; how many acts it holds."""
    newest = max((path.name.split(".")[0] for path in folder.glob(f"*{sealing.SUFFIX}")), default=None)
    since = dt.datetime.strptime(newest, _NAME).replace(tzinfo=dt.UTC) - _OVERLAP if newest else None
    content: dict[str, Any] = {
        "erasures": complaint_queries.erased_tickets(since=since),
        "releases": case_queries.releases(since=since),
    }
    acts = sum(len(acts) for acts in content.values())
    if acts:
        name = at.astimezone(dt.UTC).strftime(_NAME)
        sealing.seal_bytes(json.dumps(content).encode(), folder / f"{name}.json{sealing.SUFFIX}")
    return acts


def replay_journal(folder: Path, identity: pyrage.x25519.Identity, *, at: dt.datetime) -> Replayed:
    """Do again what the restored database does not know of. Safe to repeat."""
    erasures, releases = 0, 0
    open_cases: list[int] = []
    for path in sorted(folder.glob(f"*{sealing.SUFFIX}")):
        content = json.loads(sealing.open_bytes(path, identity))
        erasures += complaints.replay_erasures(content["erasures"], at=at)
        for act in content["releases"]:
            try:
                releases += cases.replay_release(
                    act["case"],
                    proposal_id=act["proposal"],
                    released_at=act["at"],
                    reason=act["reason"],
                    request=act.get("request"),
                    at=at,
                )
            except Forbidden:
                open_cases.append(act["case"])
    return Replayed(erasures, releases, tuple(open_cases))
