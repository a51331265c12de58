"""Handing a file to a receiver, and writing down that it happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, Download

if TYPE_CHECKING:
    import datetime as dt

    from aduan.accounts.models import User
    from aduan.blocklists.queries import ServedFile
    from aduan.operators.models import AccessKey, Operator


@dataclass(frozen=True, slots=True)
class FileDownload:
    """A file on its way to a receiver.

    Call `finish` once, when the transfer has ended; or `begin` before it, where only the web server in front
    will know the end. Only files of lists are recorded.
    """

    file: ServedFile
    block_list: BlockList | None
    to: Operator
    by: User | None
    access_key: AccessKey | None
    at: dt.datetime

    def begin(self) -> str:
        """The id under which `record_delivery` will report the end; empty for files that are not recorded."""
        record = self._record(None, complete=False)
        return str(record.pk) if record else ""

    def finish(self, bytes_sent: int, complete: bool) -> None:
        self._record(bytes_sent, complete=complete)

    def _record(self, bytes_sent: int | None, *, complete: bool) -> Download | None:
        if self.block_list is None:
            return None
        return Download.objects.create(
            block_list=self.block_list,
            operator=self.to,
            file=self.file.name,
            by=self.by,
            access_key=self.access_key,
            digest=self.file.sha256,
            bytes_sent=bytes_sent,
            complete=complete,
            at=self.at,
        )


def start_download(
    block_list: BlockList,
    name: str,
    *,
    to: Operator,
    at: dt.datetime,
    by: User | None = None,
    access_key: AccessKey | None = None,
    gzip: bool = False,
) -> FileDownload | None:
    """A file of a published list to its own operator. None, as for a file that does not exist, otherwise."""
    if block_list.operator_id != to.pk:
        return None
    file = queries.file_of(block_list, name, gzip=gzip)
    if file is None:
        return None
    if bool(file.encoding) == gzip:  # a packed variant may still be made
        queries.remember_served(
            to.pk, file_address(queries.name_of(block_list), name, gzip), file, block_list
        )
    return FileDownload(file, block_list, to, by, access_key, at)


def start_target_download(
    path: str,
    *,
    to: Operator,
    at: dt.datetime,
    by: User | None = None,
    access_key: AccessKey | None = None,
) -> FileDownload | None:
    """The same for the path under which a TUF client asks for a target of its own operator."""
    file, block_list = queries.list_target(path, operator=to)
    if file is None:
        return None
    if block_list is not None:
        queries.remember_served(to.pk, (path,), file, block_list)
    return FileDownload(file, block_list, to, by, access_key, at)


def repeat_download(
    address: tuple[str, ...], *, to: Operator, access_key: AccessKey | None, at: dt.datetime
) -> FileDownload | None:
    """A file that this process has handed to the same operator before: no statement is needed to find it.

    `address`: `file_address(…)`, or the path of a target alone. None for all others.
    """
    found = queries.served_before(to.pk, address)
    return FileDownload(*found, to, None, access_key, at) if found is not None else None


def file_address(list_name: str, file: str, gzip: bool) -> tuple[str, ...]:
    """What a request for a file of a list names."""
    return (list_name, file, "gzip" if gzip else "")


def record_delivery(name: str, *, bytes_sent: int, complete: bool) -> bool:
    """How a transfer ended that the web server carried; whether that was news. What was said once stays."""
    waiting = Download.objects.filter(pk=int(name), bytes_sent=None)
    return waiting.update(bytes_sent=bytes_sent, complete=complete) == 1
