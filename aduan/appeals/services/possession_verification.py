"""Proof that the number is theirs: a code to the number itself, or the eyes of the ministry.

Without it anybody could hold up any block.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.accounts.step_up import application_mac
from aduan.appeals.deadlines import due_after, office_hours_after
from aduan.appeals.models import AnswerPolicy, Objection
from aduan.appeals.services import objection_messages
from aduan.cases import services as cases
from aduan.cases.queries import case_is_held
from aduan.cases.workflow import Status
from aduan.core import audit_log, vault
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.periods import local_date
from aduan.core.text import normalise_text
from aduan.notifications import services as notifications
from aduan.numbers.kinds import NumberKind

MAX_TRIES: Final = 5  # of codes, for each objection apart; a new SMS gives five more
LAPSES_AFTER: Final = dt.timedelta(days=14)


@transaction.atomic
def send_code(objection: Objection, *, address: str, at: dt.datetime) -> bool:
    """Posts a code by SMS to the number in question. `address` is the asker's network address.

    False when a code that was sent earlier, for whichever objection, still serves this objection too.
    Raises WrongState when the number cannot get one or was proven by a code.
    """
    objection = _without_code(objection)
    if objection.number.kind != NumberKind.MOBILE:
        raise WrongState(
            "no_sms", _("This number cannot receive an SMS. The ministry checks whose number it is.")
        )
    code = notifications.issue_number_code(
        objection.number_id,
        recipient_index=vault.blind_index("phone", objection.number.canonical),
        address=address,
        at=at,
    )
    if code is None:
        return False
    objection.code_tries = 0
    objection.save(update_fields=["code_tries"])
    objection_messages.send_possession_code(objection, code, at=at)
    return True


@transaction.atomic
def verify_possession(objection: Objection, *, code: str, at: dt.datetime) -> bool:
    """The person typed the code: the objection counts from now on. False when it is wrong, too old or used.

    One that counts already, by what the ministry saw, becomes a strong one.
    No exception for a wrong code: it would roll the count of the tries back with the request.
    """
    objection = _without_code(objection)
    if objection.code_tries >= MAX_TRIES:
        return False
    objection.code_tries += 1
    objection.save(update_fields=["code_tries"])
    if not notifications.use_number_code(objection.number_id, code=code, at=at):
        return False
    _open(objection, Objection.Proof.CODE, at=at)
    return True


@transaction.atomic
def confirm_possession(
    objection: Objection, *, by: User, note: str, at: dt.datetime, by_operator: bool = False
) -> Objection:
    """A member of staff has seen proof (the operator's word, a letter) that the number is theirs.

    `note` says which; `by_operator`: it is the operator's own confirmation.
    Raises WrongState when it is proven already or the block has ended.
    """
    by.require(Permission.SIGN_OFF)
    note = normalise_text(note, field="note")
    if not note:
        raise Invalid("note_missing", _("Say what you have seen."), field="note")
    objection = _unproven(objection)
    objection.proven_by, objection.proof_note = by, note
    proof = Objection.Proof.OPERATOR if by_operator else Objection.Proof.STAFF
    _open(objection, proof, at=at)
    audit_log.record(
        AuditAction.OBJECTION_CONFIRM_POSSESSION,
        actor=f"user:{by.pk}",
        subject=f"case:{objection.case_id}",
        at=at,
        detail={"objection": objection.pk},
    )
    return objection


@transaction.atomic
def second_possession(objection: Objection, *, by: User, at: dt.datetime) -> Objection:
    """Another member of staff has seen the operator's confirmation too: a lift may rest on it.

    Raises Forbidden for who confirmed it first, WrongState when nothing waits for a second person.
    """
    by.require(Permission.SIGN_OFF)
    objection = _locked(objection)
    waits = objection.state == Objection.State.OPEN and objection.proof == Objection.Proof.OPERATOR
    if not waits or objection.carries_lift or objection.proven_by is None:
        raise _past_that_step()
    if by.same_human(objection.proven_by):
        raise Forbidden("same_person", _("You confirmed it already. Another person has to look at it too."))
    objection.seconded_by = by
    sign_proof(objection)
    objection.save(update_fields=["seconded_by", "proof_mac"])
    audit_log.record(
        AuditAction.OBJECTION_SECOND_POSSESSION,
        actor=f"user:{by.pk}",
        subject=f"case:{objection.case_id}",
        at=at,
        detail={"objection": objection.pk},
    )
    return objection


def lapse_unproven(*, at: dt.datetime) -> int:
    """Objections that no one proved for two weeks end, and what they said is erased."""
    old = Objection.objects.filter(state=Objection.State.UNPROVEN, filed_at__lt=at - LAPSES_AFTER)
    return old.update(state=Objection.State.LAPSED, statement="", email_encrypted=None)


def _locked(objection: Objection) -> Objection:
    return (
        Objection.objects.select_for_update(of=("self",))
        .select_related("number", "case", "proven_by")
        .get(pk=objection.pk)
    )


def _unproven(objection: Objection) -> Objection:
    """Locked, as it is now. Raises WrongState when it is past this step."""
    objection = _locked(objection)
    if objection.state != Objection.State.UNPROVEN:
        raise _past_that_step()
    return objection


def _without_code(objection: Objection) -> Objection:
    """The same, of one that waits and may count by other proof than a code."""
    objection = _locked(objection)
    if not objection.takes_code:
        raise _past_that_step()
    return objection


def _past_that_step() -> WrongState:
    return WrongState("proven_already", _("This objection is past that step."))


def _open(objection: Objection, proof: Objection.Proof, *, at: dt.datetime) -> None:
    """The case first: its lock lets no decision pass in between."""
    case = cases.record_objection(objection.case, at=at)
    if case.status != Status.CONFIRMED and not case_is_held(case, at=at):
        raise WrongState("block_ended", _("The block or the hold has ended in the meantime."))
    others = Objection.objects.filter(case=case, state=Objection.State.OPEN).exclude(pk=objection.pk)
    if proof == Objection.Proof.CODE:  # who has the number waits for no one who wrote a letter
        others = others.filter(proof=proof)
    if others.exists():
        raise WrongState(
            "objection_open",
            _(
                "Another objection to this block or hold is being answered already, on its own private link."
                " If it is not yours, write to us."
            ),
        )
    objection.state, objection.proof = Objection.State.OPEN, proof
    objection.proven_at = at
    due = _due(objection, at)
    objection.due_at = min(due, objection.due_at or due)
    sign_proof(objection)
    objection.save()


def sign_proof(objection: Objection) -> None:
    """The trigger `possession_by_application` asks for it: SQL proves no one's possession."""
    objection.proof_mac = application_mac(
        "possession",
        objection.pk,
        objection.number_id,
        objection.proof,
        objection.proven_at,
        objection.proven_by_id,
        objection.seconded_by_id,
    )


def _due(objection: Objection, at: dt.datetime) -> dt.datetime:
    rules = AnswerPolicy.on(local_date(at))
    if objection.is_strong:
        hours = rules.strong_office_hours
        return office_hours_after(at, hours, opens=rules.opens_at, closes=rules.closes_at)
    return due_after(at, rules.working_days)
