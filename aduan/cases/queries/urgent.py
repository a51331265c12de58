"""Urgent blocks that no list has taken yet, and who may still stop them."""

from __future__ import annotations

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Block, Case


def urgent_block_of(case: Case) -> Block | None:
    """The urgent block of this case that is in force, with its proposal."""
    blocks = case.blocks.filter(released_at=None, urgent=True, requested_action="block")
    return blocks.select_related("proposal").order_by("-pk").first()


def may_stop_urgent(viewer: User, block: Block) -> bool:
    """Those who signed it, and leads."""
    signed = block.proposal
    return viewer.has_permission(Permission.STOP_URGENT) or viewer.pk in (
        signed.proposed_by_id,
        signed.second_by_id,
        signed.third_by_id,
    )
