"""What must be blocked right now, and why: the newest lists together, whatever their series."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from aduan.blocklists import queries
from aduan.complaints.categories import label_of
from aduan.operators.actors import Actor
from portal.operators.base import operator_page, render_page

_SHOWN = 100
_DIGITS = re.compile(r"[0-9]{1,15}")


@operator_page()
def in_force(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Numbers in order, a hundred at a time; one alone when it is asked for."""
    now, wanted = timezone.now(), request.GET.get("nomor", "")[:30]
    only = digits_of(wanted)
    after = request.GET.get("sesudah", "")
    numbers = []
    if only is not None or not wanted.strip():
        numbers = queries.numbers_in_force(
            actor.operator,
            at=now,
            after=int(after) if _DIGITS.fullmatch(after) else 0,
            only=only,
            limit=_SHOWN + 1,
        )
    context = {
        "now": now,
        "lists": [(queries.name_of(one), one) for one in queries.lists_in_force(actor.operator)],
        "numbers": [
            (number, [(ground, label_of(ground.category)) for ground in number.grounds])
            for number in numbers[:_SHOWN]
        ],
        "more_after": numbers[_SHOWN - 1].digits if len(numbers) > _SHOWN else None,
        "wanted": wanted,
    }
    return render_page(request, actor, "in_force", context)


def digits_of(text: str) -> int | None:
    """A number as on the list, or as it is dialled at home (`0812…`); None for anything else."""
    digits = re.sub(r"[\s().+-]", "", text)
    if digits.startswith("0"):
        digits = "62" + digits.lstrip("0")
    return int(digits) if _DIGITS.fullmatch(digits) else None
