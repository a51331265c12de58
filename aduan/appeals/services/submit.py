"""The holder of a number objects to its block or hold. Nothing happens before the number is proven."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.appeals.models import Objection
from aduan.appeals.services import objection_messages
from aduan.cases.models import Block, Hold
from aduan.cases.workflow import ProposalType
from aduan.core import vault
from aduan.core.errors import Invalid, WrongState
from aduan.core.periods import local_date
from aduan.core.text import email_of, normalise_text
from aduan.numbers.parsing import Parsed

_MIN_STATEMENT: Final = 10


@transaction.atomic
def file_objection(
    parsed: Parsed,
    *,
    statement: str,
    holder_since: dt.date | None,
    email: str,
    language: str,
    at: dt.datetime,
) -> Objection:
    """Keeps what the person says about the block or the hold of this number that is in force.

    `holder_since` is the first day (Jakarta) on which the number was theirs. Raises WrongState
    `nothing_to_object` when neither is in force, Invalid with the `field` to mend.
    """
    statement = normalise_text(statement, field="statement")
    if len(statement) < _MIN_STATEMENT:
        raise Invalid("statement_missing", _("Say in a sentence why it is wrong."), field="statement")
    if holder_since is not None and holder_since > local_date(at):
        raise Invalid("holder_in_future", _("This day is still to come."), field="holder_since")
    email = email_of(email, field="email")
    measure = active_block_of(parsed, at=at) or active_hold_of(parsed, at=at)
    if measure is None:
        raise WrongState(
            "nothing_to_object",
            _("This number is on no published list of blocks or holds, so there is nothing to object to."),
            field="number",
        )
    objection = Objection(
        uid=uuid.uuid4(),
        case=measure.case,
        number=measure.number,
        statement=statement,
        holder_since=holder_since,
        language=language if language in ("id", "en") else "id",
        filed_at=at,
    )
    if email:
        objection.email_encrypted = vault.encrypt(email, aad=objection.aad_for("email_encrypted"))
    objection.save(force_insert=True)
    objection_messages.send_receipt(objection, at=at)
    return objection


def active_block_of(parsed: Parsed, *, at: dt.datetime) -> Block | None:
    """The block of this number that holds today, if any."""
    if parsed.digits is None:
        return None
    today = local_date(at)
    blocks = Block.objects.filter(digits=parsed.digits, requested_action=ProposalType.BLOCK, released_at=None)
    return (
        blocks.filter(valid_from__lte=today, valid_until__gt=today).select_related("case", "number").first()
    )


def active_hold_of(parsed: Parsed, *, at: dt.datetime) -> Hold | None:
    """The hold of this number that is in force at this moment, if any."""
    if parsed.digits is None:
        return None
    rows = Hold.objects.filter(digits=parsed.digits, state=Hold.State.CONFIRMED, ended_at=None)
    return rows.filter(confirmed_at__lte=at, ends_at__gt=at).select_related("case", "number").first()
