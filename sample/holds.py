"""The lane of minutes in the sample: rules, an ended hold, one to which its owner objects, a candidate."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.accounts.models import User
from aduan.blocklists.services import build_holds
from aduan.cases import services as cases
from aduan.cases.models import Case, Hold, HoldPolicy
from aduan.cases.queries import hold_policy, waiting_holds
from aduan.cases.services.hold_policies import FIGURES
from aduan.complaints import services as complaints
from aduan.complaints.types import ClientIdentity, ComplaintData
from aduan.core.periods import local_date
from aduan.numbers.parsing import parse
from aduan.operators.models import LegalReference
from portal.management import migrator
from sample.objections import file_objection
from sample.people import step_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sample.people import Cast

    Event = tuple[dt.datetime, Callable[[dt.datetime], None]]

_LAW: Final = "contoh-penangguhan"  # invented: no rule of law of today lets anyone hold a number
_MINUTES: Final = dt.timedelta(minutes=1)
_HOURS: Final = 60 * _MINUTES
ENDED, IN_FORCE, CANDIDATE = "0812-0000-9101", "0812-0000-9102", "0812-0000-9103"
_COMPLAINTS: Final = 3  # of independent people, as the rules ask for
FILED: Final = 3 * _COMPLAINTS
_NEXT: Final = tuple(f"0812-0000-{last}" for last in range(9104, 9200))  # candidates of later days
_STORY: Final = (
    "Mengaku petugas bank, menelepon barusan dan minta kode OTP. Katanya kartu saya diblokir.",
    "Telepon dari nomor ini, suaranya mendesak supaya saya membacakan kode SMS dari bank.",
    "Ibu saya baru saja ditelepon nomor ini, diminta memasang aplikasi dan menyebut PIN.",
)
_REASON: Final = "Tiga pengadu independen dalam satu jam, penipuan masih berlangsung."


@dataclass(slots=True)
class Holds:
    """What happens in the last two days, each at its time."""

    cast: Cast
    until: dt.datetime

    def events(self) -> Iterator[Event]:
        yield self.until - 40 * _HOURS, self._set_rules
        yield from self._reported(ENDED, self.until - 30 * _HOURS)
        yield self.until - 29 * _HOURS, partial(self._hold, ENDED)
        yield self.until - 26 * _HOURS, self._end
        yield from self._reported(IN_FORCE, self.until - 4 * _HOURS)
        yield self.until - 3 * _HOURS, partial(self._hold, IN_FORCE)
        yield self.until - 1 * _HOURS, self._object
        yield from self._reported(CANDIDATE, self.until - 30 * _MINUTES)
        yield self.until, self._sweep

    def _set_rules(self, at: dt.datetime) -> None:
        since = local_date(at)
        with migrator.connected():
            law = LegalReference.objects.create(
                code=_LAW,
                title_id="Aturan contoh tentang penangguhan sementara (rekaan)",
                title_en="A sample rule on temporary holds (invented)",
                valid=DateRange(since, None),
                source="sample",
            )
        usual, lead = HoldPolicy(), User.objects.get(email="lead@aduan.example")
        asked = cases.request_hold_policy(
            {name: getattr(usual, name) for name in FIGURES},
            law=law,
            since=since,
            until=None,
            reason="Untuk mencoba penangguhan sementara.",
            by=lead,
            step_up=step_up(lead, at),
            at=at,
        )
        second = User.objects.get(email="admin@aduan.example")
        cases.approve_hold_policy(asked, by=second, step_up=step_up(second, at), at=at)
        build_holds(at=at)

    def _reported(self, number: str, begin: dt.datetime) -> Iterator[Event]:
        for turn in range(_COMPLAINTS):
            yield begin + 9 * turn * _MINUTES, partial(_file, number, turn)

    def _hold(self, number: str, at: dt.datetime) -> None:
        complaints.find_hold_candidates(at=at)
        case = Case.objects.get(number_text=parse(number).canonical)
        first, second, later = self.cast.first, self.cast.second, at + 2 * _MINUTES
        hold = cases.propose_hold(
            case,
            by=first,
            step_up=step_up(first, at),
            at=at,
            seen_digest=case.contents_digest,
            reason=_REASON,
        )
        case.refresh_from_db()
        cases.confirm_hold(
            hold, by=second, step_up=step_up(second, later), at=later, seen_digest=case.contents_digest
        )
        build_holds(at=later)

    def _end(self, at: dt.datetime) -> None:
        hold = Hold.objects.get(case__number_text=parse(ENDED).canonical)
        cases.end_hold(hold, by=self.cast.second, at=at, mistake=False)
        build_holds(at=at)

    def _object(self, at: dt.datetime) -> None:
        """The owner of the held number; the operator has confirmed who that is."""
        statement = "Nomor ini saya pakai untuk toko saya sejak 2019, saya tidak pernah menelepon mereka."
        file_objection(IN_FORCE, statement, by=self.cast.third, at=at)

    def _sweep(self, at: dt.datetime) -> None:
        complaints.find_hold_candidates(at=at)
        build_holds(at=at)


def renew_candidate(*, at: dt.datetime) -> str | None:
    """Three people complain about the next number where no candidate waits any more; which number.

    A candidate leaves the desk when its complaints are older than the rules' hours: a demo that is opened
    a day later would have none. Does nothing in a database without the sample's rules in force.
    """
    policy = hold_policy(at=at)
    if policy is None or policy.legal_reference.code != _LAW:
        return None
    reviewer = User.objects.get(email="reviewer3@aduan.example")
    if waiting_holds(viewer=reviewer, at=at, limit=1):
        return None
    known = set(
        Case.objects.filter(number_text__startswith="+62812000091").values_list("number_text", flat=True)
    )
    number = next((one for one in _NEXT if parse(one).canonical not in known), None)
    if number is not None:
        for turn in range(_COMPLAINTS):
            _file(number, turn, at)
        complaints.find_hold_candidates(at=at)
    return number


def _file(number: str, turn: int, at: dt.datetime) -> None:
    """One of the complaints that make a candidate."""
    source = f"{number[-4:]}-{turn}"
    data = ComplaintData(
        number=parse(number),
        number_raw=number,
        channel="call",
        category="PETUGAS_BANK",
        narrative=_STORY[turn],
        occurred_at=at - 10 * _MINUTES,
        contact_email=f"pengadu-{source}@contoh.example",
    )
    sender = ClientIdentity(address=f"100.{64 + int(number[-2:]) % 64}.{turn}.7", device=f"holds-{source}")
    key = uuid.uuid5(uuid.NAMESPACE_OID, source)
    complaints.file_complaint(data, evidence=[], sender=sender, idempotency_key=key, at=at)
