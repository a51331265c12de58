"""Files that this process has handed out before: what cannot change is not looked up again.

A published list, its files and their digests are final, so an answer stays right for as long as the process
lives. That a file is still on the disk is looked at each time: the scrub takes away what is damaged. Who may
have it is asked before, with each request; the operator is part of the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aduan.blocklists.models import BlockList
    from aduan.blocklists.queries.files import ServedFile

MOST_REMEMBERED = 4096  # entries of a kilobyte or two
Address = tuple[str, ...]
_known: dict[tuple[int, Address], tuple[ServedFile, BlockList]] = {}


def served_before(operator_id: int, address: Address) -> tuple[ServedFile, BlockList] | None:
    """`address`: what the request named, such as ("2026-10-monthly-v1", "block.txt", "gzip")."""
    found = _known.get((operator_id, address))
    if found is not None and not found[0].path.exists():
        del _known[(operator_id, address)]
        return None
    return found


def remember_served(operator_id: int, address: Address, file: ServedFile, block_list: BlockList) -> None:
    if block_list.state != block_list.State.PUBLISHED:
        return
    if len(_known) >= MOST_REMEMBERED:
        _known.clear()
    _known[(operator_id, address)] = (file, block_list)


def forget_served() -> None:
    """For another database under the same process: a test, a restore."""
    _known.clear()
