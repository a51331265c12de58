"""Two messaging platforms of the sample: how they are reached, what they answer, and what they leave open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from aduan.operators.actors import actor_for
from aduan.operators.models import Operator, OperatorMember
from aduan.referrals import queries, services
from aduan.referrals.codes import AnswerWay, PlatformAnswer
from portal.common.owner import ministry_contact
from sample.people import step_up
from sample.plan import Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aduan.accounts.models import User
    from aduan.referrals.models import Referral
    from sample.people import Cast
    from sample.plan import Line

# Addresses and representatives are invented; the platforms' own would be copied from what they publish.
_CONTACTS: Final = (
    ("whatsapp", "referrals@whatsapp.example", "id", "Kantor Perwakilan Contoh", "wakil@whatsapp.example"),
    ("telegram", "abuse@telegram.example", "en", "Sample Representative", "representative@telegram.example"),
)
_NOTES: Final = {
    PlatformAnswer.NO_VIOLATION: "Akun usaha ini terverifikasi dan tidak melanggar ketentuan kami.",
    PlatformAnswer.NEED_MORE: "Mohon tanggal dan jam pesan yang dilaporkan.",
}
# By turn of its referrals: one platform follows nearly always, the other one seldom says anything.
_ANSWERS: Final[dict[str, tuple[PlatformAnswer | None, ...]]] = {
    "whatsapp": (
        PlatformAnswer.SUSPENDED, PlatformAnswer.LIMITED, PlatformAnswer.NEED_MORE, PlatformAnswer.SUSPENDED,
        PlatformAnswer.NO_VIOLATION, PlatformAnswer.ALREADY_SUSPENDED,
    ),
    "telegram": (None, PlatformAnswer.SUSPENDED, None),
}  # fmt: skip
_BANNED: Final = ("0812-0000-0017", "0857-0000-0034", "0878-0000-0051", "+60 11-0000 0068", "bukan nomor")
REPORTED: Final = len(_BANNED) - 1  # complaints that come of these; the last row is refused


@dataclass(slots=True)
class Platforms:
    """Asks after each decision, and lets each platform answer as its row says."""

    cast: Cast
    until: dt.datetime
    people: dict[str, User] = field(default_factory=dict)

    def events(self, lines: list[Line]) -> Iterator[tuple[dt.datetime, Callable[[dt.datetime], None]]]:
        """In the order of time; the last are what waits for the ministry's people today."""
        events: list[tuple[dt.datetime, Callable[[dt.datetime], None]]] = []
        referred = [line for line in lines if line.ending == Ending.REFERRED]
        # Signed at most four hours after it was proposed.
        events += [(line.decided_at + dt.timedelta(hours=5), self._ask) for line in referred]
        day = min(line.filings[0].at for line in lines)
        while day < self.until:
            events.append((day, self._answer))
            day += dt.timedelta(hours=13)
        events.append((self.until, self._leave_open))
        return iter(sorted(events, key=lambda event: event[0]))

    def open(self, at: dt.datetime) -> None:
        """Writes down the addresses; without a platform in the register there is nothing to do."""
        for code, email, language, representative, their_email in _CONTACTS:
            member = OperatorMember.objects.filter(operator__code=code).select_related("user").first()
            platform = Operator.objects.filter(code=code).first()
            if platform is None or member is None:
                continue
            self.people[code] = member.user
            data = services.PlatformData(
                code=code, name=platform.name, legal_name=platform.legal_name, referral_email=email,
                source="Invented for the demonstration", language=language, representative=representative,
                representative_email=their_email,
            )  # fmt: skip
            one, two = self.cast.lists, self.cast.lists2
            asked = services.request_contact(platform, data, by=one, step_up=step_up(one, at), at=at)
            services.approve_platform(asked, by=two, step_up=step_up(two, at), at=at)

    def _ask(self, at: dt.datetime) -> None:
        services.follow_decisions(ministry=ministry_contact(), at=at)

    def _answer(self, at: dt.datetime) -> None:
        for code, person in self.people.items():
            actor = actor_for(person)
            for turn, referral in enumerate(reversed(queries.referrals_of(actor.operator))):
                answer = _ANSWERS[code][turn % len(_ANSWERS[code])]
                due = referral.made_at + dt.timedelta(hours=9 + 17 * (turn % 4)) <= at
                if answer is not None and due and referral.current is None and not referral.withdrawn_at:
                    services.answer_referral(
                        referral, answer=answer, note=_NOTES.get(answer, ""), way=AnswerWay.PAGE,
                        actor=actor, at=at,
                    )  # fmt: skip
        services.remind_platforms(ministry=ministry_contact(), at=at)

    def _leave_open(self, at: dt.datetime) -> None:
        """One answer by link, one reply by mail, one agency report, and a letter to who is silent."""
        self._ask(at)
        silent = [
            referral
            for person in self.people.values()
            for referral in queries.referrals_of(actor_for(person).operator, answered=False)
        ]
        for referral in silent[:1]:
            services.answer_by_link(referral, answer=PlatformAnswer.SUSPENDED, at=at)
        for referral in silent[-1:]:
            services.store_mail(_reply(referral), at=at)
        for person in list(self.people.values())[:1]:
            banned = [services.BannedNumber(row, text, "HADIAH") for row, text in enumerate(_BANNED, 1)]
            services.file_agency_report(banned, actor=actor_for(person), at=at)
        services.draft_letters(at=at)


def _reply(referral: Referral) -> bytes:
    """A mail as a platform's help desk writes it."""
    return (
        f"From: Trust and Safety <abuse@{referral.platform.code}.example>\r\n"
        f"Subject: Re: {referral.reference}\r\n"
        f"Message-ID: <reply-{referral.uid}@{referral.platform.code}.example>\r\n"
        f"In-Reply-To: {referral.mail_id}\r\n"
        "Authentication-Results: mx.aduan.example; spf=pass; dkim=pass\r\n"
        "\r\n"
        "Thank you for your referral. We have limited this account while we look into it.\r\n"
    ).encode()
