"""The TUF repository as rows: every page that was ever served, written in the transaction that publishes.

Anyone who changes a page holds one advisory lock, so versions have no gap and no fork. A page whose keys are
not on this machine becomes a SignatureRequest; it is served when two of three holders have signed.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from aduan.blocklists import tuf_metadata
from aduan.blocklists.manifest import sha256
from aduan.blocklists.models import BlockList, SignatureRequest, TufMetadata
from aduan.blocklists.queries import hold_limits
from aduan.blocklists.services import keys
from aduan.blocklists.services.tuf_targets import online_role_of, online_targets_of, targets_of
from aduan.blocklists.tuf_metadata import (
    HOLD,
    ONLINE_KEYS,
    PUBLIC_STATISTICS,
    REMOVAL,
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Target,
    base_role,
    online_role,
)
from aduan.operators.models import Operator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aduan.blocklists.tuf_library import Metadata


def lock() -> None:
    """Held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('blocklists_tufmetadata'))")


def newest(role: str) -> TufMetadata | None:
    return TufMetadata.objects.filter(role=role).order_by("-version").first()


def newest_of(roles: Iterable[str]) -> dict[str, TufMetadata]:
    """By role, those that have a page. One statement: each list that is published asks for all of them."""
    found = TufMetadata.objects.raw(
        "SELECT page.* FROM unnest(%s::text[]) AS named(role) CROSS JOIN LATERAL"
        " (SELECT * FROM blocklists_tufmetadata m WHERE m.role = named.role"
        " ORDER BY m.version DESC LIMIT 1) page",
        [list(roles)],
    )
    return {page.role: page for page in found}


def prepare(*, at: dt.datetime) -> None:
    """Make sure that there is a root, and outside production keys; in production people make them."""
    if newest(TIMESTAMP) is not None:
        return
    if not settings.PRODUCTION:
        keys.create()
    with transaction.atomic():
        lock()
        if newest(ROOT) is None:
            new_root(at=at)
        if newest(TARGETS) is None:
            new_targets(_operators(), at=at)
        if newest(TIMESTAMP) is None and newest(TARGETS) is not None:
            new_snapshot(at=at)


def new_root(*, at: dt.datetime) -> bool:
    """The next root from the public keys in KEYS_DIR, signed by new and old keys alike. Call under `lock()`.

    False when signatures are missing and a request was opened.
    """
    last = newest(ROOT)
    public = {role: keys.public(role) for role in tuf_metadata.TOP_ROLES}
    page = tuf_metadata.root(public, version=last.version + 1 if last else 1, at=at)
    return _serve_or_ask(ROOT, page, at=at, block_list=None)


def publish(block_list: BlockList, operator: Operator, *, at: dt.datetime) -> bool:
    """Name this list's files in the page of its role and seal it. Call under `lock()`, in the publication.

    False when key holders have to sign first; the list must then not be published yet. Holds and removals
    wait for no one once two of three holders have named the online roles.
    """
    which = online_role_of(block_list)
    if which is not None and online_role(operator.code, which) in delegated(newest(TARGETS)):
        return _publish_online(block_list, operator, which, at=at)
    if which == HOLD:
        new_targets({*_operators(), operator.code}, at=at)  # the holders are asked, once
        return False
    targets = newest(TARGETS)
    known = operator.code in delegated(targets)
    if not known and not new_targets({*_operators(), operator.code}, at=at):
        return False
    if not new_operator_page(operator, at=at, joining=block_list):
        return False
    new_snapshot(at=at)
    return True


def _publish_online(block_list: BlockList, operator: Operator, which: str, *, at: dt.datetime) -> bool:
    if not new_online_page(operator, which, at=at, joining=block_list):
        return False
    if which == REMOVAL:  # for clients that know the operator's page alone: at once, or when holders sign it
        new_operator_page(operator, at=at, joining=block_list, waits=False)
    new_snapshot(at=at)
    return True


def new_online_page(
    operator: Operator, which: str, *, at: dt.datetime, joining: BlockList | None = None
) -> bool:
    """The next page of an online role; False while its key is not here or holders did not name it."""
    files = online_targets_of(operator, which, joining)
    return _next_online(online_role(operator.code, which), files, at=at)


def renew_online_pages(*, at: dt.datetime) -> list[str]:
    """A page of every online role that `targets` names and that has none, or none by the key it names."""
    targets = newest(TARGETS)
    named = [role for role in sorted(delegated(targets)) if base_role(role) in ONLINE_KEYS]
    if targets is None or not named:
        return []
    pages, targets_page, renewed = newest_of(named), tuf_metadata.read(bytes(targets.body)), []
    for role in named:
        page = pages.get(role)
        if page is not None and not tuf_metadata.missing_online_signatures(
            tuf_metadata.read(bytes(page.body)), role=role, targets_page=targets_page
        ):
            continue
        if next_online_page(role, at=at):
            renewed.append(role)
    return renewed


def next_online_page(role: str, *, at: dt.datetime) -> bool:
    """The next page of an online role by its name; False as `new_online_page` is."""
    if role == PUBLIC_STATISTICS:
        return (last := newest(role)) is not None and _next_online(
            role, tuf_metadata.targets_in(bytes(last.body)), at=at
        )
    operator = Operator.objects.get(code=role.rpartition(".")[0])
    return new_online_page(operator, base_role(role), at=at)


def new_statistics_page(files: Iterable[Target], *, at: dt.datetime) -> bool:
    """The next page of the public figures; False as `new_online_page` is."""
    return _next_online(PUBLIC_STATISTICS, files, at=at)


def _next_online(role: str, files: Iterable[Target], *, at: dt.datetime) -> bool:
    last = newest(role)
    page = tuf_metadata.operator_targets(role, files, version=last.version + 1 if last else 1, at=at)
    tuf_metadata.sign(page, keys.private(base_role(role)))
    if not enough(role, page):
        return False
    serve(role, page, at=at)
    return True


def _serve_or_ask(role: str, page: Metadata[Any], *, at: dt.datetime, block_list: BlockList | None) -> bool:
    """Sign with what is here.

    Enough signatures: serve. Otherwise open, or complete, a request for the rest.
    """
    tuf_metadata.sign(page, keys.private(tuf_metadata.base_role(role)))
    request = SignatureRequest.objects.filter(role=role, closed_at=None).first()
    if enough(role, page):
        if request is not None:
            SignatureRequest.objects.filter(pk=request.pk).update(closed_at=at)
        serve(role, page, at=at)
        return True
    if request is not None:
        asked = tuf_metadata.read(bytes(request.body))
        if _same_meaning(asked, page):
            if enough(role, asked):
                SignatureRequest.objects.filter(pk=request.pk).update(closed_at=at)
                serve(role, asked, at=at)
                return True
            return False
        SignatureRequest.objects.filter(pk=request.pk).update(closed_at=at)
    asked_now = SignatureRequest(role=role, version=page.signed.version, block_list=block_list, created_at=at)
    asked_now.write(tuf_metadata.as_bytes(page))
    return False


def _same_meaning(one: Metadata[Any], other: Metadata[Any]) -> bool:
    """Equal but for the end of validity, which moves with every attempt."""
    first, second = one.signed.to_dict(), other.signed.to_dict()
    return {**first, "expires": ""} == {**second, "expires": ""}


def enough(role: str, page: Metadata[Any]) -> bool:
    if base_role(role) in ONLINE_KEYS:
        named = newest(TARGETS)
        return named is not None and not tuf_metadata.missing_online_signatures(
            page, role=role, targets_page=tuf_metadata.read(bytes(named.body))
        )
    roots = [page] if role == ROOT else []
    if (last := newest(ROOT)) is not None:
        roots.append(tuf_metadata.read(bytes(last.body)))
    return bool(roots) and all(
        tuf_metadata.missing_signatures(page, role=role, trusted_root=root) == 0 for root in roots
    )


def serve(role: str, page: Metadata[Any], *, at: dt.datetime) -> TufMetadata:
    return TufMetadata.objects.create(
        role=role,
        version=page.signed.version,
        body=tuf_metadata.as_bytes(page),
        expires_at=page.signed.expires,
        created_at=at,
    )


def new_targets(operators: Iterable[str], *, at: dt.datetime) -> bool:
    """The next page of targets, for these codes. False when holders have to sign it."""
    last, operators = newest(TARGETS), set(operators)
    pem = keys.list_key_pem()
    page = tuf_metadata.targets(
        operators,
        keys=keys.public(TARGETS),
        online=keys.of_online_roles(),
        limits=hold_limits(at=at),
        files=[Target(tuf_metadata.PUBLIC_KEY_TARGET, len(pem), sha256(pem))],
        version=last.version + 1 if last else 1,
        at=at,
    )
    served = _serve_or_ask(TARGETS, page, at=at, block_list=None)
    for operator in Operator.objects.filter(code__in=set(operators) - paged()):
        new_operator_page(operator, at=at, joining=None)  # holders sign it on the same occasion
    return served


def new_operator_page(
    operator: Operator, *, at: dt.datetime, joining: BlockList | None, waits: bool = True
) -> bool:
    """The next page of an operator's own role; `waits`: `joining` is published only once it is signed."""
    last = newest(operator.code)
    version, files = last.version + 1 if last else 1, targets_of(operator, joining)
    page = tuf_metadata.operator_targets(operator.code, files, version=version, at=at)
    return _serve_or_ask(operator.code, page, at=at, block_list=joining if waits else None)


def new_snapshot(*, at: dt.datetime) -> None:
    """Seal the newest pages. A role that `targets` names must be in it, so online roles get a page first."""
    renew_online_pages(at=at)
    last = newest(SNAPSHOT)
    found = newest_of((TARGETS, *sorted(paged())))
    pages = {role: (named.version, bytes(named.body)) for role, named in found.items()}
    page = tuf_metadata.snapshot(pages, version=last.version + 1 if last else 1, at=at)
    _serve_or_ask(SNAPSHOT, page, at=at, block_list=None)
    new_timestamp(at=at)


def new_timestamp(*, at: dt.datetime) -> None:
    sealed, last = newest(SNAPSHOT), newest(TIMESTAMP)
    if sealed is None:
        return
    page = tuf_metadata.timestamp(
        sealed.version, bytes(sealed.body), version=last.version + 1 if last else 1, at=at
    )
    _serve_or_ask(TIMESTAMP, page, at=at, block_list=None)


def _operators() -> set[str]:
    """Everybody who may ever receive a list."""
    return set(Operator.objects.values_list("code", flat=True))


def delegated(page: TufMetadata | None) -> set[str]:
    """Names of the roles that a page of targets delegates to."""
    if page is None:
        return set()
    delegations = tuf_metadata.read(bytes(page.body)).signed.delegations
    return set(delegations.roles) if delegations and delegations.roles else set()


def paged() -> set[str]:
    """Delegated roles that have a page: operators' own and their online ones."""
    return set(
        TufMetadata.objects.exclude(role__in=tuf_metadata.TOP_ROLES).values_list("role", flat=True).distinct()
    )
