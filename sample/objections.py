"""Owners who object: to a hold, and to a new block, whose list stops until two list managers release it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from aduan.appeals import services as appeals
from aduan.cases.models import Block
from aduan.numbers.parsing import parse

if TYPE_CHECKING:
    from aduan.accounts.models import User

_NEW: Final = dt.timedelta(hours=20)


def file_objection(number: str, statement: str, *, by: User, at: dt.datetime) -> None:
    """Filed by the owner; the operator has confirmed to `by` who that is."""
    objection = appeals.file_objection(
        parse(number),
        statement=statement,
        holder_since=dt.date(2019, 3, 1),
        email="pemilik@contoh.example",
        language="id",
        at=at,
    )
    appeals.confirm_possession(
        objection,
        by=by,
        note="Operator membenarkan nama pemilik lewat surat elektronik.",
        by_operator=True,
        at=at + dt.timedelta(minutes=10),
    )


def object_to_new_block(*, by: User, at: dt.datetime) -> None:
    """The newest block that no list carries yet."""
    new = Block.objects.filter(confirmed_at__gt=at - _NEW, released_at=None, operator__kind="mobile")
    block = new.select_related("number").order_by("-confirmed_at").first()
    if block is not None:
        statement = "Nomor ini nomor layanan toko kami. Kami tidak pernah meminta kode siapa pun."
        file_objection(block.number.canonical, statement, by=by, at=at)
