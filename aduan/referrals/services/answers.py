"""Answers of platforms. Who proved to be the platform is believed; the rest waits for a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.roles import Permission
from aduan.cases import services as cases
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, Forbidden, Invalid, WrongState
from aduan.core.text import normalise_text
from aduan.referrals import queries
from aduan.referrals.codes import MAX_NOTE, NEEDS_NOTE, AnswerWay, PlatformAnswer
from aduan.referrals.models import Referral, ReferralAnswer, ReferralReply
from aduan.referrals.pretended import PRETENDED_UID, pretended_referral
from aduan.referrals.services import list_outcomes
from aduan.referrals.services.mailbox import mark_handled
from aduan.referrals.services.outgoing import send_reply

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from aduan.accounts.models import User
    from aduan.operators.actors import Actor
    from aduan.operators.models import Operator
    from aduan.referrals.models import PlatformMail

MAX_LINES: Final = 5_000
MAX_WAITING: Final = 5  # unproven answers to one referral that may wait for a person
_AHEAD: Final = dt.timedelta(minutes=10)  # clocks differ a little


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line of a batch. `row` counts from 1."""

    row: int
    uid: uuid.UUID
    answer: str
    note: str = ""
    acted_at: dt.datetime | None = None


@transaction.atomic
def answer_referral(
    referral: Referral,
    *,
    answer: str,
    note: str = "",
    acted_at: dt.datetime | None = None,
    way: AnswerWay,
    actor: Actor,
    at: dt.datetime,
) -> ReferralAnswer:
    """Take the answer of the platform itself; the same as before changes nothing.

    An answer from the sandbox is checked and forgotten. Raises Forbidden for another platform's referral,
    WrongState when it was withdrawn, Invalid.
    """
    actor.require(Permission.REPORT_OUTCOMES)
    if referral.platform_id != actor.operator.pk:
        raise Forbidden("not_your_referral", _("This referral was sent to another platform."))
    if actor.operator.is_sandbox:
        values = _checked(referral, answer, note, acted_at, at)
        referral.current = ReferralAnswer(referral=referral, way=way, received_at=at, accepted=True, **values)
        return referral.current
    referral = _locked(referral)
    values = _checked(referral, answer, note, acted_at, at)
    current = referral.current
    if current is not None and (current.answer, current.note) == (answer, values["note"]):
        return current
    given = ReferralAnswer.objects.create(
        referral=referral,
        way=way,
        by=actor.user,
        access_key=actor.access_key,
        received_at=at,
        accepted=True,
        **values,
    )
    _apply(referral, given, actor=actor.label, at=at)
    return given


@transaction.atomic
def answer_referrals(
    lines: Sequence[AnswerLine], *, way: AnswerWay, actor: Actor, at: dt.datetime
) -> list[ReferralAnswer]:
    """All lines or none. Raises Invalid `rows_refused` with `details["rows"]`: row, code, message."""
    if not lines:
        raise Invalid("no_rows", _("There are no rows in this report."))
    if len(lines) > MAX_LINES:
        raise Invalid("too_many_rows", _("At most %(max)d rows at once.") % {"max": MAX_LINES})
    known = _known(actor.operator, [line.uid for line in lines])
    given: list[ReferralAnswer] = []
    refused: list[dict[str, Any]] = []
    seen: set[uuid.UUID] = set()
    for line in sorted(lines, key=lambda line: line.uid):  # one order: two batches cannot lock each other
        try:
            if line.uid in seen:
                raise Invalid("duplicate_row", _("This referral stands in the report twice."))
            seen.add(line.uid)
            if line.uid not in known:
                raise Invalid("referral_unknown", _("There is no such referral to you."))
            given.append(
                answer_referral(
                    known[line.uid],
                    answer=line.answer,
                    note=line.note,
                    acted_at=line.acted_at,
                    way=way,
                    actor=actor,
                    at=at,
                )
            )
        except (Invalid, WrongState) as refusal:
            refused.append({"row": line.row, "code": refusal.code, "message": str(refusal.message)})
    if refused:
        refused.sort(key=lambda row: int(row["row"]))
        raise Invalid(
            "rows_refused", _("Some rows cannot be accepted. Nothing was applied."), rows=refused[:1000]
        )
    return given


@transaction.atomic
def answer_by_link(
    referral: Referral, *, answer: str, note: str = "", acted_at: dt.datetime | None = None, at: dt.datetime
) -> ReferralAnswer:
    """Take an answer from the link in a mail: it waits for a person, and changes nothing until then."""
    referral = _locked(referral)
    values = _checked(referral, answer, note, acted_at, at)
    waiting = referral.answers.filter(accepted=None)
    same = waiting.filter(answer=answer, note=values["note"]).first()
    if same is not None:
        return same
    if waiting.count() >= MAX_WAITING:
        raise WrongState("answers_waiting", _("Several answers to this referral wait to be confirmed."))
    return ReferralAnswer.objects.create(referral=referral, way=AnswerWay.LINK, received_at=at, **values)


@transaction.atomic
def answer_from_mail(
    mail: PlatformMail, referral: Referral, *, answer: str, note: str = "", by: User, at: dt.datetime
) -> ReferralAnswer:
    """A person read a mail and says what it answers, and to which referral: it counts from now on."""
    mark_handled(mail, by=by, at=at)
    referral = _locked(referral)
    values = _checked(referral, answer, note, None, at)
    values["acted_at"] = min(mail.received_at, at)
    given = ReferralAnswer.objects.create(
        referral=referral,
        way=AnswerWay.MAIL,
        mail=mail,
        received_at=mail.received_at,
        accepted=True,
        settled_by=by,
        settled_at=at,
        **values,
    )
    _apply(referral, given, actor=f"user:{by.pk}", at=at)
    return given


@transaction.atomic
def settle_answer(given: ReferralAnswer, *, accept: bool, by: User, at: dt.datetime) -> ReferralAnswer:
    """A person accepts or dismisses an answer that came without proof. Raises WrongState when settled."""
    by.require(Permission.DECIDE)
    referral = _locked(given.referral)
    given = ReferralAnswer.objects.select_for_update(of=("self",)).get(pk=given.pk)
    if given.accepted is not None:
        raise WrongState("settled_already", _("This answer has been settled already."))
    given.accepted, given.settled_by, given.settled_at = accept, by, at
    given.save(update_fields=["accepted", "settled_by", "settled_at"])
    if accept:
        _apply(referral, given, actor=f"user:{by.pk}", at=at)
    else:
        _record(AuditAction.REFERRAL_DISMISS_ANSWER, referral, given, actor=f"user:{by.pk}", at=at)
    return given


@transaction.atomic
def reply_to_question(given: ReferralAnswer, text: str, *, by: User, at: dt.datetime) -> ReferralReply:
    """A reviewer writes back to a platform that needs more; it goes into the thread of the referral."""
    by.require(Permission.DECIDE)
    text = normalise_text(text, field="text")
    if not text:
        raise Invalid("text_missing", _("Please write what the platform should know."), field="text")
    if not queries.questions().filter(pk=given.pk).exists():
        raise WrongState("not_asked", _("This question is no longer open."))
    reply = ReferralReply.objects.create(referral=given.referral, answer=given, text=text, by=by, at=at)
    send_reply(given.referral, text, key=f"reply:{given.pk}", at=at)
    _record(AuditAction.REFERRAL_REPLY, given.referral, given, actor=f"user:{by.pk}", at=at)
    return reply


def _known(platform: Operator, uids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Referral]:
    if platform.is_sandbox:
        return {PRETENDED_UID: pretended_referral(platform)}
    return {one.uid: one for one in Referral.objects.filter(platform=platform, uid__in=uids)}


def _locked(referral: Referral) -> Referral:
    """The referral, locked; waits for any other answer to it."""
    locked = Referral.objects.select_for_update(of=("self",)).select_related("platform", "current", "case")
    return locked.get(pk=referral.pk)


def _checked(
    referral: Referral, answer: str, note: str, acted_at: dt.datetime | None, at: dt.datetime
) -> dict[str, Any]:
    """The answer's own values, normalised. Raises Invalid and WrongState."""
    if referral.withdrawn_at is not None:
        raise WrongState("referral_withdrawn", _("This referral was withdrawn. Nothing is asked any more."))
    if answer not in PlatformAnswer.values:
        raise Invalid("answer_unknown", _("Choose one of the offered answers."), field="answer")
    note = normalise_text(note, field="note")
    if len(note) > MAX_NOTE:
        raise Invalid(
            "note_too_long", _("Keep the note under %(max)d characters.") % {"max": MAX_NOTE}, field="note"
        )
    if answer in NEEDS_NOTE and not note:
        raise Invalid("note_missing", _("Please say why, or what you need."), field="note")
    if acted_at is not None and not referral.made_at - dt.timedelta(days=3660) <= acted_at <= at + _AHEAD:
        raise Invalid("acted_at_unlikely", _("Please check the time of your act."), field="acted_at")
    return {"answer": answer, "note": note, "acted_at": acted_at or at}


def _apply(referral: Referral, given: ReferralAnswer, *, actor: str, at: dt.datetime) -> None:
    """The answer counts from here on: for the case, its complainants, the lists and the figures."""
    referral.current = given
    referral.save(update_fields=["current"])
    try:
        with transaction.atomic():
            cases.record_operator_outcome(
                referral.case,
                operator_id=referral.platform_id,
                answer=given.answer,
                note=given.note,
                at=at,
                detail={"referral": referral.reference},
            )
    except DomainError:
        pass  # the case has moved on: the answer stays with the referral
    if given.way != AnswerWay.LIST:
        list_outcomes.tell_list(referral, given, at=at)
    _record(AuditAction.REFERRAL_ANSWER, referral, given, actor=actor, at=at)


def _record(
    action: AuditAction, referral: Referral, given: ReferralAnswer, *, actor: str, at: dt.datetime
) -> None:
    detail = {"referral": referral.pk, "answer": given.answer, "way": given.way}
    audit_log.record(action, actor=actor, subject=f"case:{referral.case_id}", at=at, detail=detail)
