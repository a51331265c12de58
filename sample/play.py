"""Acts the plan out through the services, in the order of time, as everybody would have done it."""

from __future__ import annotations

import datetime as dt
import heapq
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Final

from aduan.accounts.models import User
from aduan.blocklists import queries as lists_read
from aduan.blocklists import services as lists
from aduan.blocklists.models import BlockList
from aduan.cases import services as cases
from aduan.cases.models import Case
from aduan.cases.reasons import is_true_of
from aduan.cases.workflow import LIVE, ProposalType, Status
from aduan.complaints import services as complaints
from aduan.complaints.models import Evidence
from aduan.complaints.types import ClientIdentity, ComplaintData, Upload
from aduan.core.errors import DomainError
from aduan.core.periods import JAKARTA, Month, month_of
from aduan.numbers.parsing import parse
from aduan.operators.models import Operator, OperatorMember
from sample import pictures
from sample.holds import Holds
from sample.objections import object_to_new_block
from sample.people import Cast, step_up
from sample.plan import DAYS, Ending, Filing, Line
from sample.platforms import Platforms

MINUTES: Final = dt.timedelta(minutes=1)
HOURS: Final = 60 * MINUTES
_PICTURES: Final = 36  # each costs a sandboxed decoding
_ANSWERED: Final = 0.85
# Lists between months, by hours before the end: the last one is still waiting to be fetched.
_INTERIMS: Final = (44, 28, 4)
_NOT_BLOCKED: Final = ("inactive", "not_ours", "refused")
_REASONS: Final = {
    Ending.ASKED: "ask-screenshot",
    Ending.DISMISSED: "dismiss-no-evidence",
    Ending.NOT_OURS: "not-ours-foreign",
    Ending.SPOOFED: "propose-spoofed",
    Ending.REFERRED: "propose-platform",
}


@dataclass(slots=True)
class Played:
    """What came of it."""

    complaints: int = 0
    decided: int = 0
    skipped: int = 0
    lists: int = 0
    answers: int = 0


@dataclass(slots=True)
class Play:
    cast: Cast
    dice: random.Random
    until: dt.datetime
    log_progress: Callable[[str], None]
    done: Played = field(default_factory=Played)
    pictures: int = 0

    def run(self, lines: list[Line]) -> Played:
        """Everything in the order of its time; two months end in between, and their lists go out."""
        start = self.until - dt.timedelta(days=DAYS)
        platforms = Platforms(self.cast, self.until)
        platforms.open(start)
        holds = Holds(self.cast, self.until)
        turns = (self._people(lines), self._clock(start), platforms.events(lines), holds.events())
        for at, act in heapq.merge(*turns, key=itemgetter(0)):
            if at <= self.until:
                act(at)
        lists.renew(at=self.until)
        return self.done

    def _people(self, lines: list[Line]) -> Iterator[tuple[dt.datetime, Callable[[dt.datetime], None]]]:
        events: list[tuple[dt.datetime, Callable[[dt.datetime], None]]] = []
        for line in lines:
            for filing in line.filings:
                events.append((filing.at, partial(self._file, line, filing)))
            if line.ending != Ending.OPEN:
                events.append((line.decided_at, partial(self._decide, line)))
            if line.ending == Ending.RELEASED:
                events.append((line.decided_at + dt.timedelta(days=9), partial(self._release, line)))
        return iter(sorted(events, key=itemgetter(0)))

    def _clock(self, start: dt.datetime) -> Iterator[tuple[dt.datetime, Callable[[dt.datetime], None]]]:
        events: list[tuple[dt.datetime, Callable[[dt.datetime], None]]] = []
        month = month_of(start).next().next()  # the first month is not whole
        while month.starts_at <= self.until:
            begins, ended = month.starts_at, month.previous()
            events.append((begins + 30 * MINUTES, partial(self._build, ended)))
            events.append((begins + 6 * HOURS, self._publish))
            events.append((begins + 27 * HOURS, self._answer))
            month = month.next()
        for before in _INTERIMS:
            events.append((self.until - before * HOURS, self._build_interims))
            events.append((self.until - (before - 20) * HOURS, self._answer))
        events.append((self.until - (_INTERIMS[-1] + 1) * HOURS, self._object))
        return iter(sorted(events, key=itemgetter(0)))

    def _file(self, line: Line, filing: Filing, at: dt.datetime) -> None:
        filled = filing.filled
        upload: list[Upload] = []
        if filing.picture and self.pictures < _PICTURES:
            self.pictures += 1
            data = pictures.chat(line.number, filled.text, self.dice)
            upload = [Upload(name="tangkapan-layar.jpg", size=len(data), file=io.BytesIO(data))]
        complaints.file_complaint(
            ComplaintData(
                number=parse(line.number),
                number_raw=line.number,
                channel=filled.channel,
                category=filled.category,
                narrative=filled.text,
                occurred_at=at - self.dice.randrange(1, 60) * 20 * MINUTES,
                loss=filled.loss,
                link=filled.link,
                bank_account=filled.account,
                contact_email=filing.email,
            ),
            evidence=upload,
            sender=ClientIdentity(address=filing.address, device=filing.device),
            idempotency_key=filing.key,
            at=at,
        )
        self.done.complaints += 1
        if self.done.complaints % 100 == 0:
            self.log_progress(f"{self.done.complaints} complaints filed")

    def _decide(self, line: Line, at: dt.datetime) -> None:
        case = _live_case(line)
        if case is None:
            return
        for key in Evidence.objects.filter(case=case, state="quarantined").values_list("pk", flat=True):
            complaints.process_evidence(key, at=at)
        case.refresh_from_db()
        try:
            self._settle(case, line, at)
            self.done.decided += 1
        except DomainError:
            self.done.skipped += 1  # the services refused, as they should

    def _settle(self, case: Case, line: Line, at: dt.datetime) -> None:
        ending = line.ending
        one = self.cast.first if self.dice.random() < 0.5 else self.cast.second
        other = self.cast.second if one is self.cast.first else self.cast.first
        reason, seen = _REASONS.get(ending) or _grounds_of(case), case.contents_digest
        if ending == Ending.ASKED:
            cases.request_information(case, by=one, at=at, seen_digest=seen, reason_code=reason)
        elif ending == Ending.DISMISSED:
            cases.dismiss(case, by=one, at=at, seen_digest=seen, reason_code=reason)
        elif ending == Ending.NOT_OURS:
            cases.declare_not_ours(case, by=one, at=at, seen_digest=seen, reason_code=reason)
        else:
            act = {Ending.SPOOFED: ProposalType.SPOOFED, Ending.REFERRED: ProposalType.REFER}.get(
                ending, ProposalType.BLOCK
            )
            files = Evidence.objects.filter(case=case, state="clean").values_list("pk", flat=True)
            cases.propose(
                case, by=one, at=at, step_up=step_up(one, at), proposal_type=act, reason_code=reason,
                seen_digest=seen, evidence_ids=list(files), urgent=line.urgent,
            )  # fmt: skip
            if ending != Ending.PROPOSED:
                later = at + self.dice.randrange(20, 240) * MINUTES
                self._sign(case, other, min(later, self.until), agrees=ending != Ending.DISPUTED)

    def _sign(self, case: Case, by: User, at: dt.datetime, *, agrees: bool) -> None:
        case.refresh_from_db()
        words = "" if agrees else "Bukti belum menunjukkan siapa yang menghubungi."
        proposal = cases.sign_off(
            case, by=by, at=at, step_up=step_up(by, at), agrees=agrees, seen_digest=case.contents_digest,
            reason=words,
        )  # fmt: skip
        if agrees and proposal.needs_third:
            case.refresh_from_db()
            third, later = self.cast.third, min(at + 30 * MINUTES, self.until)
            cases.decide_third(
                case, by=third, at=later, step_up=step_up(third, later), agrees=True,
                seen_digest=case.contents_digest,
            )  # fmt: skip

    def _release(self, line: Line, at: dt.datetime) -> None:
        case = _live_case(line)
        if case is not None and case.status == Status.CONFIRMED and case.operator_id:
            cases.record_operator_outcome(case, operator_id=case.operator_id, answer="recycled", at=at)

    def _build(self, period: Month, at: dt.datetime) -> None:
        made = [*lists.build_missing(at=at, until=period), *lists.build_referrals(at=at)]
        self.done.lists += len(made)
        self.log_progress(f"{len(made)} lists for {period}")

    def _build_interims(self, at: dt.datetime) -> None:
        self.done.lists += len(lists.build_interims(at=at))

    def _object(self, at: dt.datetime) -> None:
        object_to_new_block(by=self.cast.third, at=at)

    def _publish(self, at: dt.datetime) -> None:
        lists.resume_stalled(at=at)

    def _answer(self, at: dt.datetime) -> None:
        """Operators with a log-in fetch their lists and answer for most numbers; platforms: `platforms`."""
        members = OperatorMember.objects.exclude(operator__kind=Operator.Kind.OTT).select_related("user")
        people = {person.operator_id: person.user for person in members}
        published = BlockList.objects.filter(state=BlockList.State.PUBLISHED, operator__in=people).order_by(
            "id"
        )
        for block_list in published:
            self._fetch(block_list, people[block_list.operator_id], at)
            answered = [
                self._outcome(row, digits, block_list, at)
                for row, digits in enumerate(lists_read.open_numbers(block_list, limit=10_000), 1)
                if self.dice.random() < _ANSWERED
            ]
            if answered:
                lists.report_outcomes(
                    block_list,
                    answered,
                    list_digest=block_list.digest,
                    at=at,
                    by=people[block_list.operator_id],
                )
                self.done.answers += len(answered)

    def _fetch(self, block_list: BlockList, by: User, at: dt.datetime) -> None:
        if not block_list.downloads.exists():
            handed = lists.start_download(block_list, "block.txt", to=block_list.operator, by=by, at=at)
            if handed is not None:
                handed.finish(handed.file.size, complete=True)

    def _outcome(self, row: int, digits: int, block_list: BlockList, at: dt.datetime) -> lists.AnswerRow:
        published = block_list.published_at or at
        acted = published + min(at - published, 30 * HOURS) * self.dice.random()
        answer = "blocked" if self.dice.random() < 0.92 else self.dice.choice(_NOT_BLOCKED)
        reason = "Nomor korporasi, menunggu penjelasan pelanggan" if answer == "refused" else ""
        return lists.AnswerRow(row, str(digits), answer, acted.astimezone(JAKARTA).isoformat(), reason)


def _grounds_of(case: Case) -> str:
    several = "propose-several-victims"
    return several if is_true_of(several, independent=case.independent_count) else "propose-clear-fraud"


def _live_case(line: Line) -> Case | None:
    canonical = parse(line.number).canonical
    return Case.objects.filter(number_text=canonical, status__in=LIVE).order_by("-id").first()
