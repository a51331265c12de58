"""The owner asks for a temporary lift: the block or hold ends until the objection is decided, once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.appeals.models import Objection
from aduan.cases import services as cases
from aduan.cases.models import TemporaryLift
from aduan.core.errors import Forbidden, WrongState


@transaction.atomic
def request_lift(objection: Objection, *, at: dt.datetime) -> TemporaryLift:
    """Lifts the measure at once. The next list, a removal, carries it; two other people decide.

    Raises Forbidden without proof of possession (a code to the number, the operator's confirmation seen by
    two), WrongState when the objection is answered or the measure was lifted before.
    """
    objection = Objection.objects.select_for_update(of=("self",)).select_related("case").get(pk=objection.pk)
    if objection.state != Objection.State.OPEN:
        raise WrongState("not_open", _("This objection does not wait for an answer."))
    if not objection.carries_lift:
        raise Forbidden(
            "not_in_possession",
            _("A lift takes a code to the number, or the operator's confirmation, seen by two of us."),
        )
    return cases.lift_temporarily(objection.case, at=at)
