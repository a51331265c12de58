"""How many bytes may be kept of forms that were not sent yet.

Counted per form that proved work, per device, per network and in all, so that disks cannot be filled with
forms that are never sent. People behind one shared address are distinguished by the work that their browser
did: the limit of the network is only for those who did none.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aduan.complaints.evidence import storage
from aduan.core.errors import DomainError
from portal.common.client_address import client_network
from portal.public import proof_of_work
from portal.public.client_identity import device_id
from portal.public.rate_limits import Limit, count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

MEGABYTE: Final = 1024 * 1024
LIFETIME: Final = 2 * 3600  # seconds; complaints.services.quarantine.STAGED_FOR deletes after the same time

_ALL: Final = "all"
PER_PROOF: Final = Limit("staged-proof", 100 * MEGABYTE, LIFETIME)
PER_DEVICE: Final = Limit("staged-device", 100 * MEGABYTE, LIFETIME)
PER_NETWORK: Final = Limit("staged-network", 300 * MEGABYTE, LIFETIME)


class StagingFull(DomainError):
    """Files are not kept now (HTTP 429): this sender, or all together, left too many unsent."""

    status = 429


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks to have files kept: `proof` is empty for a browser that did no work."""

    proof: str
    device: str
    network: str


def sender_of(request: HttpRequest) -> Sender:
    return Sender(
        proof=proof_of_work.solved_challenge(request.POST.get("altcha", "")),
        device=device_id(request),
        network=client_network(request),
    )


def reserve(sender: Sender, size: int) -> None:
    """Counts `size` bytes for this sender. Raises StagingFull before anything is written."""
    if free_bytes() < settings.STAGING_DISK_FLOOR:
        raise _full()
    for limit, who in _limits(sender):  # one by one: what one refuses is not counted by those behind it
        [total] = count([(limit, who)], amount=size)
        if total > limit.count:
            raise _full() if who == _ALL else _enough()


def free_bytes() -> int:
    """What the disk under the evidence has left; without limit where evidence is stored elsewhere."""
    folder = storage.local_folder()
    return 1 << 62 if folder is None else shutil.disk_usage(folder).free


def _limits(sender: Sender) -> Iterator[tuple[Limit, str]]:
    if sender.device:
        yield PER_DEVICE, f"device:{sender.device}"
    if sender.proof:
        yield PER_PROOF, f"proof:{sender.proof}"
    else:
        yield PER_NETWORK, f"network:{sender.network}"
        # Half of the space is kept for those who did the work, whatever strangers with many addresses send.
        yield Limit("staged-unproven", settings.STAGING_MAX_BYTES // 2, LIFETIME), _ALL
    yield Limit("staged-all", settings.STAGING_MAX_BYTES, LIFETIME), _ALL


def _enough() -> StagingFull:
    minutes = max(1, round((LIFETIME - time.time() % LIFETIME) / 60))
    return StagingFull(
        "too_many_bytes",
        _(
            "Many files were chosen here and not sent. Send the complaint without this file and add it on the"
            " page of your complaint, or choose it again in %(minutes)s minutes."
        )
        % {"minutes": minutes},
        field="evidence",
        retry_after=minutes * 60,
    )


def _full() -> StagingFull:
    return StagingFull(
        "no_room",
        _(
            "We cannot take files at the moment. Send the complaint without this file; you can add it later"
            " on the page of your complaint."
        ),
        field="evidence",
        retry_after=600,
    )
