"""The TUF repository as clients ask for it, and the public key of the detached signatures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from aduan.blocklists import manifest, tuf_metadata
from aduan.blocklists.models import BlockList, TufMetadata
from aduan.blocklists.queries.files import ServedFile, file_of, lists_for, named

if TYPE_CHECKING:
    from aduan.operators.models import Operator


_PUBLIC_PAGES = (
    tuf_metadata.ROOT,
    tuf_metadata.TARGETS,
    tuf_metadata.SNAPSHOT,
    tuf_metadata.PUBLIC_STATISTICS,
)


def metadata_bytes(name: str, *, operator: Operator | None) -> bytes | None:
    """A page of the TUF repository by the name a client asks for (`3.root.json`, `timestamp.json`).

    An operator's own page is given to that operator only; for anybody else it does not exist.
    """
    if name == "timestamp.json":
        page = TufMetadata.objects.filter(role=tuf_metadata.TIMESTAMP).order_by("-version").first()
        return bytes(page.body) if page else None
    number, dot, rest = name.partition(".")
    role = rest.removesuffix(".json")
    if not dot or not rest.endswith(".json") or not number.isascii() or not number.isdigit():
        return None
    own = operator is not None and role in (
        operator.code,
        *(tuf_metadata.online_role(operator.code, which) for which in tuf_metadata.ONLINE_ROLES),
    )
    if len(number) > 9 or (role not in _PUBLIC_PAGES and not own):
        return None
    page = TufMetadata.objects.filter(role=role, version=int(number)).first()
    return bytes(page.body) if page else None


def snapshots_are_named() -> bool:
    """Whether the repository has a page of the public figures."""
    return TufMetadata.objects.filter(role=tuf_metadata.PUBLIC_STATISTICS).exists()


def newest_page_id() -> int:
    """Grows with every page that is served; 0 before the first."""
    return TufMetadata.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def newest_root() -> bytes | None:
    """What a new client is given to begin with; older ones follow by themselves."""
    page = TufMetadata.objects.filter(role=tuf_metadata.ROOT).order_by("-version").first()
    return bytes(page.body) if page else None


def target(path: str, *, operator: Operator) -> ServedFile | None:
    """`list_target` without the list."""
    return list_target(path, operator=operator)[0]


def list_target(path: str, *, operator: Operator) -> tuple[ServedFile | None, BlockList | None]:
    """A target by the path a TUF client asks for: the digest stands before the bare name.

    `telkomsel/latest.json`, `lists.pem` and everything below `telkomsel/<month>/<list>/`; nothing of others.
    """
    folder, _slash, last = path.rpartition("/")
    digest, dot, name = last.partition(".")
    if not dot or len(digest) != 64:
        return None, None
    if path.count("/") == 0:
        return (_public_key(digest) if name == tuf_metadata.PUBLIC_KEY_TARGET else None), None
    online = [f"{operator.code}/{which}" for which in tuf_metadata.ONLINE_ROLES]
    if folder in (operator.code, *online) and name.startswith("latest"):
        block_list = lists_for(operator).filter(digest=digest).first()
        name = manifest.FILE_NAME
    else:
        block_list = _by_folder(operator, folder)
    served = file_of(block_list, name) if block_list is not None else None
    return (served, block_list) if served is not None and served.sha256 == digest else (None, None)


def public_key_path(role: str, number: int) -> Path:
    """Where this machine keeps the public half of a key."""
    return Path(settings.PUBLIC_KEYS_DIR or settings.KEYS_DIR) / f"{role}-{number}.pub.pem"


def list_key_pem() -> bytes:
    """The public key of the detached signatures."""
    return public_key_path("lists", 1).read_bytes()


def _by_folder(operator: Operator, folder: str) -> BlockList | None:
    """`telkomsel/2026-10/monthly-v1` → the list, when it is this operator's.

    In the folder of an online role it has its whole name: `telkomsel/removal/2026-10-interim-v2`.
    """
    code, _slash, rest = folder.partition("/")
    month, _slash, name = rest.partition("/")
    if month in tuf_metadata.ONLINE_ROLES:
        return named(operator, name) if code == operator.code else None
    return named(operator, f"{month}-{name}") if code == operator.code else None


def _public_key(digest: str) -> ServedFile | None:
    data = list_key_pem()
    if manifest.sha256(data) != digest:
        return None
    path = public_key_path("lists", 1)
    return ServedFile(path, "", tuf_metadata.PUBLIC_KEY_TARGET, len(data), digest, "application/x-pem-file")
