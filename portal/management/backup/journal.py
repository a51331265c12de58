"""What must hold also after a restore of an older state, apart from the backup set.

Erasures, releases, holds that ended, lifts, powers that were taken, and a stop of publication are done again;
approvals that are lost are named. Each file holds what was new since the one before, with an overlap for
transactions that committed late. It names tickets, cases, reasons and who signed; no contact, no reported
number, no text.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from aduan.accounts import services as accounts
from aduan.blocklists import services as blocklists
from aduan.blocklists.models import PublicationStop
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


@dataclass(slots=True)
class Replayed:
    """How many acts of the journal the restored state lacked, and what people have to do again.

    `to_release`: cases whose release takes two people; `to_answer`: cases that were lifted again, whose
    objection may be lost; `to_approve`: approvals, without their terms.
    """

    erasures: int = 0
    releases: int = 0
    hold_ends: int = 0
    powers: int = 0
    stops: int = 0
    to_release: list[int] = field(default_factory=list)
    to_answer: list[int] = field(default_factory=list)
    to_approve: list[accounts.Approved] = field(default_factory=list)


def write(folder: Path, *, at: dt.datetime) -> int:
    """Append what is new as one file; how many acts it holds."""
    newest = max((path.name.split(".")[0] for path in folder.glob(f"*{sealing.SUFFIX}")), default=None)
    since = dt.datetime.strptime(newest, _NAME).replace(tzinfo=dt.UTC) - _OVERLAP if newest else None
    content: dict[str, Any] = {
        "erasures": complaint_queries.erased_tickets(since=since),
        "releases": case_queries.releases(since=since),
        "hold_ends": case_queries.hold_ends(since=since),
        "lifts": case_queries.lifts(since=since),
        "powers": accounts.taken_powers(since=since),
        "approvals": accounts.approved(since=since),
        "stops": _stops(since),
    }
    acts = sum(len(acts) for acts in content.values())
    if acts:
        name = at.astimezone(dt.UTC).strftime(_NAME)
        sealing.seal_bytes(json.dumps(content).encode(), folder / f"{name}.json{sealing.SUFFIX}")
    return acts


def replay_journal(folder: Path, identity: pyrage.x25519.Identity, *, at: dt.datetime) -> Replayed:
    """Do again what the restored database does not know of. Safe to repeat."""
    done, powers = Replayed(), list[accounts.TakenPower]()
    stops: dict[str, dict[str, Any]] = {}
    lifts: dict[tuple[int, str], case_queries.Lift] = {}
    for path in sorted(folder.glob(f"*{sealing.SUFFIX}")):
        content = json.loads(sealing.open_bytes(path, identity))
        done.erasures += complaints.replay_erasures(content["erasures"], at=at)
        for act in content["releases"]:
            try:
                done.releases += cases.replay_release(act, at=at)
            except Forbidden:
                done.to_release.append(act["case"])
        done.hold_ends += sum(cases.replay_hold_end(act, at=at) for act in content.get("hold_ends", ()))
        lifts |= {(lift["case"], lift["at"]): lift for lift in content.get("lifts", ())}
        powers += content.get("powers", ())
        stops |= {stop["at"]: stop for stop in content.get("stops", ())}
        lost = accounts.lost_approvals(content.get("approvals", ()))
        done.to_approve += [line for line in lost if line not in done.to_approve]
    open_lifts = [lift for lift in lifts.values() if lift["open"]]
    done.to_answer = [lift["case"] for lift in open_lifts if cases.replay_lift(lift, at=at)]
    # Last: who signed a release may have left since.
    done.powers = sum(accounts.replay_taken_power(act, at=at) for act in powers)
    done.stops = sum(_stop_again(stop) for stop in stops.values() if not stop["lifted"])
    return done


def _stops(since: dt.datetime | None) -> list[dict[str, Any]]:
    """Stops of publication that began or were lifted."""
    rows = PublicationStop.objects.order_by("stopped_at")
    if since is not None:
        rows = rows.filter(Q(stopped_at__gte=since) | Q(lifted_at__gte=since))
    return [
        {"at": row.stopped_at.isoformat(), "by": row.stopped_by_id, "lifted": row.lifted_at is not None}
        for row in rows
    ]


def _stop_again(stop: dict[str, Any]) -> bool:
    return blocklists.replay_stop(dt.datetime.fromisoformat(stop["at"]), by_id=stop["by"])
