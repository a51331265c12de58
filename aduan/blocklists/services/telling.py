"""Who is told what, in the transaction of the act: operators' people by mail, their machines by webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from aduan.blocklists.models import BlockList


def published(block_list: BlockList, *, at: dt.datetime) -> None:
    """A list is there to be fetched."""
