"""Blocks end: lifted by a person, expired, recycled, or because the owner was right."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Block, Case, Proposal
from aduan.cases.services.closures import require_text
from aduan.cases.services.enforcement import open_routing_task, release_blocks
from aduan.cases.services.intake import next_digest
from aduan.cases.services.transitions import apply_transition, lock_case, lock_cases, rank, require_available
from aduan.cases.workflow import Action, Status
from aduan.core.errors import Forbidden, WrongState
from aduan.core.periods import local_date
from aduan.numbers.models import PhoneNumber

# Why a block may end without a person: by its own end, or by the word of the operator that carries the
# number.
BY_ITSELF: Final = ("expired", "recycled", "protected")


@transaction.atomic
def release(case: Case, *, by: User | None, at: dt.datetime, reason: str, note: str = "") -> Case:
    """Ends the block or the referral of this case; lists carry the removal with the next interim list.

    `reason` is a short code ("error", "recycled", "expired", "objection", "rehabilitated" …), `note` is
    for people.
    A person may not release what they decided themselves: whoever was wrong is not the one to say so.
    """
    case = lock_case(case)
    if by is not None:
        by.require(Permission.SIGN_OFF)
        require_available(case, by=by, at=at)
        require_text(note or reason)
        _require_not_decided_by(case, by)
    elif reason not in BY_ITSELF:
        raise Forbidden("person_missing", _("Only a person can release a block for this reason."))
    return _release(case, by=by, at=at, reason=reason, note=note)


def expire_blocks(*, at: dt.datetime, limit: int = 1000) -> int:
    """Releases blocks whose last day is over in Jakarta. Called daily; one transaction a batch."""
    today = local_date(at)
    with transaction.atomic():
        over = Block.objects.filter(released_at=None, until__lte=today).order_by("until", "pk")[:limit]
        cases = lock_cases([block.case for block in over.select_related("case")])
        for case in cases:
            if case.status in (Status.CONFIRMED, Status.REFERRED):
                _release(case, by=None, at=at, reason="expired")
    return len(cases)


@transaction.atomic
def record_operator_outcome(
    case: Case, *, operator_id: int, answer: str, at: dt.datetime, detail: dict[str, Any] | None = None
) -> Case:
    """An operator said what it did: "blocked", "inactive", "not_ours", "recycled" or "refused".

    "recycled" ends the block at once: the line has a new owner, who must not pay for the old one, and has not
    used it for long. "not_ours"
    asks a person to find out who carries the number.
    """
    case = lock_case(case)
    apply_transition(
        case,
        Action.ANSWER,
        by=None,
        at=at,
        detail={"operator": operator_id, "answer": answer, **(detail or {})},
    )
    if answer == "recycled":
        PhoneNumber.objects.filter(pk=case.number_id).update(in_use_since=None)
    if answer == "recycled" and case.status in (Status.CONFIRMED, Status.REFERRED):
        return _release(case, by=None, at=at, reason="recycled")
    if answer == "not_ours" and case.status == Status.CONFIRMED:
        number = PhoneNumber.objects.get(pk=case.number_id)
        open_routing_task(number, reason=f"not ours, says operator {operator_id}", at=at)
    return case


@transaction.atomic
def record_objection(case: Case, *, at: dt.datetime) -> Case:
    """The owner objects: no block can be confirmed, and no list takes the number in, until it is settled."""
    case = lock_case(case)
    if case.objection_since is None:
        case.objection_since = case.weakened_at = at
        case.contents_digest = next_digest(case, f"objection {at.isoformat()}")
        case.save(update_fields=["objection_since", "weakened_at", "contents_digest"])
        apply_transition(case, Action.OBJECT, by=None, at=at)
        rank([case.pk], at=at)
    return case


@transaction.atomic
def settle_objection(case: Case, *, by: User, at: dt.datetime, upheld: bool, reason: str) -> Case:
    """Answers the owner; an upheld objection ends the block. Not by anybody who decided the block."""
    by.require(Permission.SIGN_OFF)
    case = lock_case(case)
    require_available(case, by=by, at=at)
    require_text(reason)
    _require_not_decided_by(case, by)
    if case.objection_since is None:
        raise WrongState("no_objection", _("There is no open objection in this case."))
    case.objection_since = None
    case.contents_digest = next_digest(case, f"settled {at.isoformat()}")
    case.save(update_fields=["objection_since", "contents_digest"])
    apply_transition(case, Action.SETTLE, by=by, at=at, reason=reason.strip(), detail={"upheld": upheld})
    if upheld and case.status in (Status.CONFIRMED, Status.REFERRED):
        return _release(case, by=by, at=at, reason="objection")
    return case


@transaction.atomic
def set_protected(number: PhoneNumber, *, protected: bool, at: dt.datetime) -> int:
    """The register of protected numbers changed for this number; a block in force ends.

    Returns the cases touched.
    """
    cases = lock_cases(list(Case.objects.filter(number=number)))
    for case in cases:
        if protected and case.status == Status.CONFIRMED:
            _release(case, by=None, at=at, reason="protected")
        case.protected = protected
        case.suspected_spoofing = case.suspected_spoofing or protected
        if protected:
            case.weakened_at = at
        case.contents_digest = next_digest(case, f"protected {protected} {at.isoformat()}")
        case.save(update_fields=["protected", "suspected_spoofing", "weakened_at", "contents_digest"])
    return len(cases)


def _release(case: Case, *, by: User | None, at: dt.datetime, reason: str, note: str = "") -> Case:
    release_blocks(case, by=by, at=at, reason=reason)
    apply_transition(case, Action.RELEASE, by=by, at=at, reason=note.strip(), detail={"reason_code": reason})
    return case


def _require_not_decided_by(case: Case, by: User) -> None:
    confirmed = case.proposals.filter(state=Proposal.State.CONFIRMED).select_related(
        "proposed_by", "second_by", "third_by"
    )
    for proposal in confirmed:
        for signer in (proposal.proposed_by, proposal.second_by, proposal.third_by):
            if signer is not None and by.same_human(signer):
                raise Forbidden(
                    "decided_before", _("You decided this block. Another person has to answer this.")
                )
