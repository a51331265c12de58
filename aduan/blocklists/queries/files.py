"""Lists and their files, as interfaces hand them out: only what is published, only to its own operator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from aduan.blocklists import manifest
from aduan.blocklists.formats import CONTENT_TYPES
from aduan.blocklists.models import BlockList, ListFile, ListSeries
from aduan.blocklists.subscriber_notice import subscriber_notice
from aduan.core.errors import Invalid
from aduan.core.periods import parse_month

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from aduan.operators.models import Operator


@dataclass(frozen=True, slots=True)
class ServedFile:
    """A file as it lies on the disk; `below_root` is its path below PUBLISH_ROOT, for X-Accel-Redirect.

    A packed one (`encoding`) carries the digest of what it holds as well.
    """

    path: Path
    below_root: str
    name: str
    size: int
    sha256: str
    content_type: str
    encoding: str = ""
    unpacked_sha256: str = ""


def lists_for(operator: Operator) -> QuerySet[BlockList]:
    """Published lists of one operator, newest first."""
    return BlockList.objects.filter(operator=operator, state=BlockList.State.PUBLISHED).order_by("-id")


def main_series(operator: Operator) -> ListSeries:
    """What a receiver of this kind is asked to do: platforms get referrals, all others blocks."""
    return ListSeries.REFERRAL if operator.kind == operator.Kind.OTT else ListSeries.BLOCK


def latest(operator: Operator, series: ListSeries | None = None) -> BlockList | None:
    """The newest published list of a series, or of the operator's main one.

    There is no newest of a kind: a monthly list that an interim one followed is no longer the truth.
    """
    return lists_for(operator).filter(series=series or main_series(operator)).order_by("-sequence").first()


def newest_of_each_series(operator: Operator) -> set[int]:
    """Ids of the lists that count today; all others were followed by a newer one."""
    lists = lists_for(operator).order_by("series", "-sequence").distinct("series")
    return set(lists.values_list("pk", flat=True))


def named(operator: Operator, name: str) -> BlockList | None:
    """A published list by its name within the operator: `2026-10-monthly-v1`."""
    month, _dash, rest = name[:7], name[7:8], name[8:]
    kind, _mark, version = rest.rpartition("-v")
    if not version.isdigit() or not version.isascii() or len(version) > 6:
        return None
    try:
        period = parse_month(month)
    except Invalid:
        return None
    return lists_for(operator).filter(period=period.first_day, kind=kind, version=int(version)).first()


def name_of(block_list: BlockList) -> str:
    return f"{block_list.period:%Y-%m}-{block_list.kind}-v{block_list.version}"


def files_of(block_list: BlockList) -> list[ListFile]:
    """The canonical, signed files, by name."""
    return list(block_list.files.exclude(signature=None).order_by("name"))


def file_of(block_list: BlockList, name: str, *, gzip: bool = False) -> ServedFile | None:
    """A file of a published list, or its signature (`block.txt.sig`). None when there is no such file.

    With `gzip` the compressed variant when there is one; `encoding` then says so.
    """
    if block_list.state != BlockList.State.PUBLISHED:
        return None
    bare = name.removesuffix(".sig")
    file = block_list.files.filter(name=bare).exclude(signature=None).first()
    if file is None:
        return None
    if name != bare:
        signature = bytes(file.signature or b"")
        return _served(block_list, name, len(signature), manifest.sha256(signature))
    packed = block_list.files.filter(name=f"{bare}.gz").first() if gzip else None
    if packed is not None:
        found = _served(block_list, packed.name, packed.size, packed.sha256, shown_as=bare)
        return replace(found, encoding="gzip", unpacked_sha256=file.sha256) if found else None
    return _served(block_list, bare, file.size, file.sha256)


def summary(block_list: BlockList) -> dict[str, Any]:
    """What a webhook or a list of lists says about one list."""
    return {
        "list": name_of(block_list),
        "kind": block_list.kind,
        "period": f"{block_list.period:%Y-%m}",
        "version": block_list.version,
        "sequence": block_list.sequence,
        "digest": block_list.digest,
        "counts": dict(block_list.manifest["counts"]),
        "subscriber_notice": notice_of(block_list),
    }


def notice_of(block_list: BlockList) -> dict[str, Any] | None:
    """What the operator says to subscribers of the numbers of this list; None where it blocks none."""
    return subscriber_notice(block_list.series, public_url=settings.PUBLIC_URL)


def _served(
    block_list: BlockList, name: str, size: int, sha256: str, *, shown_as: str = ""
) -> ServedFile | None:
    """None while the file is not on the disk: the scrub takes away what is damaged."""
    below = f"{block_list.folder}/{name}"
    path = Path(settings.PUBLISH_ROOT) / below
    if not path.exists():
        return None
    suffix = (shown_as or name).rsplit(".", 1)[-1]
    return ServedFile(path, below, shown_as or name, size, sha256, CONTENT_TYPES[suffix])
