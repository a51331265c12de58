"""Keeping the TUF repository alive: signing again in time, key holders' signatures, and changing keys."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.blocklists import tuf_metadata
from aduan.blocklists.models import BlockList, SignatureRequest
from aduan.blocklists.services import keys, tuf_online, tuf_repository
from aduan.blocklists.services.tuf_targets import names_newest
from aduan.blocklists.tuf_metadata import ONLINE_KEYS, ROOT, SNAPSHOT, TARGETS, TIMESTAMP
from aduan.core.errors import Invalid, WrongState
from aduan.operators.models import Operator

if TYPE_CHECKING:
    from pathlib import Path

TIMESTAMP_RENEWED = dt.timedelta(hours=1)
CLOCKS_DIFFER = dt.timedelta(minutes=10)
# A page is renewed when less than this is left of it.
RENEW_BEFORE = {
    ROOT: dt.timedelta(days=60),
    TARGETS: dt.timedelta(days=20),
    SNAPSHOT: dt.timedelta(days=4),
    TIMESTAMP: tuf_metadata.LIFETIMES[TIMESTAMP] - TIMESTAMP_RENEWED,
    **dict.fromkeys(ONLINE_KEYS, dt.timedelta(days=4)),
}


def renew(*, at: dt.datetime) -> list[str]:
    """Sign again what runs out soon; the roles that were renewed. Timestamp hourly, see RENEW_BEFORE.

    An operator's page that does not name the newest list of every series is replaced as well.
    """
    if tuf_repository.newest(ROOT) is None:
        return []
    renewed: list[str] = []
    with transaction.atomic():
        tuf_repository.lock()
        if due(ROOT, at) and tuf_repository.new_root(at=at):
            renewed.append(ROOT)
        if (due(TARGETS, at) or tuf_online.targets_lack_something(at=at)) and tuf_repository.new_targets(
            tuf_online.operators_named(), at=at
        ):
            renewed.append(TARGETS)
        renewed += _renew_operators(at=at) + _renew_online(at=at)
        if renewed or due(SNAPSHOT, at):
            tuf_repository.new_snapshot(at=at)
            renewed += [SNAPSHOT, TIMESTAMP]
        elif due(TIMESTAMP, at):
            tuf_repository.new_timestamp(at=at)
            renewed.append(TIMESTAMP)
    return renewed


def expiring(*, at: dt.datetime) -> list[tuple[str, dt.datetime]]:
    """Pages that should have been renewed and were not: a person has to act. (role, end of validity)."""
    pages = (tuf_repository.newest(role) for role in (*tuf_metadata.TOP_ROLES, *tuf_repository.paged()))
    late = dt.timedelta(hours=1)
    return [
        (page.role, page.expires_at)
        for page in pages
        if page and page.expires_at - at < RENEW_BEFORE[tuf_metadata.base_role(page.role)] - late
    ]


def add_signatures(request: SignatureRequest, signed: bytes, *, at: dt.datetime) -> bool:
    """Take over the signatures that a key holder put on a request's page; True when the page is complete now.

    Raises Invalid when the page is not the one that was asked for, WrongState when the request is closed.
    """
    with transaction.atomic():
        tuf_repository.lock()
        request = SignatureRequest.objects.select_for_update().get(pk=request.pk)
        if request.closed_at is not None:
            raise WrongState("request_closed", _("This page has been signed or replaced already."))
        page, offered = tuf_metadata.read(bytes(request.body)), tuf_metadata.read(signed)
        if offered.signed_bytes != page.signed_bytes:
            raise Invalid("other_page", _("This is not the page that was to be signed."))
        page.signatures.update(offered.signatures)
        complete = tuf_repository.enough(request.role, page)
        # A page that names a list is served by the publication of that list.
        request.closed_at = at if complete and request.block_list_id is None else None
        request.write(tuf_metadata.as_bytes(page))
        if request.closed_at is not None:
            tuf_repository.serve(request.role, page, at=at)
            if request.role == TARGETS or tuf_repository.newest(TARGETS) is not None:
                tuf_repository.new_snapshot(at=at)
        return complete


def rotate(role: str, number: int, *, at: dt.datetime, public_file: Path | None = None) -> bool:
    """Replace one key and let everything that named it follow; False while holders must still sign.

    Clients follow by themselves: the new root carries the signatures of the old keys. `public_file`: of a new
    key that its holder made elsewhere. Holders get every page that named the old key on one occasion.
    """
    keys.replace(role, number, public_file=public_file)
    with transaction.atomic():
        tuf_repository.lock()
        complete = role not in tuf_metadata.TOP_ROLES or tuf_repository.new_root(at=at)
        if role in (TARGETS, keys.LISTS, *ONLINE_KEYS):
            complete &= tuf_repository.new_targets(tuf_online.operators_named(), at=at)
        if role == TARGETS:
            complete &= _sign_operators_again(at=at)
        if complete:
            tuf_repository.new_snapshot(at=at)
    return complete


def _sign_operators_again(*, at: dt.datetime) -> bool:
    """A new page of every operator, but for one whose waiting list brings it."""
    known = Operator.objects.filter(code__in=tuf_repository.paged())
    signed = [
        tuf_repository.new_operator_page(operator, at=at, joining=None)
        for operator in known
        if not _a_list_waits_for(operator.code)
    ]
    return all(signed)


def _renew_operators(*, at: dt.datetime) -> list[str]:
    return [
        operator.code
        for operator in Operator.objects.filter(code__in=tuf_repository.paged())
        if (due(operator.code, at) or _lacks_a_list(operator) or _lost_a_signature(operator.code))
        and not _a_list_waits_for(operator.code)
        and tuf_repository.new_operator_page(operator, at=at, joining=None)
    ]


def _lost_a_signature(role: str) -> bool:
    """Whether the key of a holder who signed the served page no longer counts."""
    page = tuf_repository.newest(role)
    return page is not None and not tuf_repository.enough(role, tuf_metadata.read(bytes(page.body)))


def _renew_online(*, at: dt.datetime) -> list[str]:
    """Pages of online roles in time; those whose key was changed follow with the next snapshot."""
    renewed = tuf_repository.renew_online_pages(at=at)
    for role in tuf_repository.paged():
        online = tuf_metadata.base_role(role) in ONLINE_KEYS
        if online and role not in renewed and due(role, at) and tuf_repository.next_online_page(role, at=at):
            renewed.append(role)
    return renewed


def _a_list_waits_for(role: str) -> bool:
    """Whether holders are signing a page that names a list which waits for it: it names all others too."""
    waiting = BlockList.State.AWAITING_PUBLICATION
    return SignatureRequest.objects.filter(role=role, closed_at=None, block_list__state=waiting).exists()


def _lacks_a_list(operator: Operator) -> bool:
    page = tuf_repository.newest(operator.code)
    return page is not None and not names_newest(page, operator)


def due(role: str, at: dt.datetime) -> bool:
    """Runs out soon, or too late: a page signed by a clock that was ahead would hide a freeze as long."""
    page = tuf_repository.newest(role)
    if page is None:
        return False
    base, left = tuf_metadata.base_role(role), page.expires_at - at
    return left <= RENEW_BEFORE[base] or left > tuf_metadata.LIFETIMES[base] + CLOCKS_DIFFER
