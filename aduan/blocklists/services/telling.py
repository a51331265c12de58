"""Who is told what, in the transaction of the act: operators' people by mail, their machines by webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aduan.blocklists.queries import summary
from aduan.operators import hooks
from aduan.operators.models import WebhookEndpoint

if TYPE_CHECKING:
    import datetime as dt

    from aduan.blocklists.models import BlockList

_EVENT = WebhookEndpoint.Event


def published(block_list: BlockList, *, at: dt.datetime) -> None:
    """A list is there to be fetched; when it lifts blocks, that is said beside it. No number goes out."""
    facts = summary(block_list)
    key = f"list:{block_list.pk}"
    hooks.announce(block_list.operator, _EVENT.LIST_PUBLISHED, key=key, data=facts, at=at)
    if block_list.removed_count:
        hooks.announce(block_list.operator, _EVENT.NUMBER_RELEASED, key=f"{key}:removed", data=facts, at=at)
