"""Files that were chosen before the complaint is sent, kept sealed for two hours.

A kept file is known only by a signed token in the person's own form. What is never sent is swept with the
other files that no complaint names (complaints.services.quarantine.purge_orphaned_files, after two hours).
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, cast

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aduan.complaints import evidence
from aduan.complaints import services as complaints
from aduan.complaints.evidence import acceptance
from aduan.complaints.types import Upload
from aduan.core.errors import DomainError, Invalid
from portal.public import staging_limits

_SALT: Final = "portal.public.staging"


@dataclass(frozen=True, slots=True)
class Kept:
    """One file that is here already, as the form shows it."""

    token: str
    name: str
    size: int
    family: str  # see evidence.limits


def upload_of(file: UploadedFile[Any]) -> Upload:
    return Upload(name=file.name or "", size=file.size or 0, file=cast(BinaryIO, file.file))


def stage(
    files: Sequence[UploadedFile[Any]], *, sender: staging_limits.Sender, at_most: int = evidence.MAX_FILES
) -> tuple[list[Kept], list[DomainError]]:
    """Keeps each file that is taken, at most `at_most`, and returns a refusal for each that is not.

    While the store is away none is taken, and one refusal says so.
    """
    taken, invalid = acceptance.sort_out([upload_of(file) for file in files], at_most=at_most)
    kept: list[Kept] = []
    refusals: list[DomainError] = list(invalid)
    if taken and (away := store_away()):
        return [], [*refusals, away]
    for upload, kind in zip(taken, acceptance.check(taken), strict=True):
        try:
            staging_limits.reserve(sender, upload.size)
        except staging_limits.StagingFull as full:
            refusals.append(full)
        else:
            kept.append(_stage_one(upload, kind))
    return kept, refusals


def _stage_one(upload: Upload, kind: evidence.Kind) -> Kept:
    uid = complaints.keep_staged(upload.file, at_most=kind.limit + 1)
    if kind.family == "image":
        complaints.request_reading(uid, at=timezone.now())
    name = evidence.clean_name(upload.name)
    token = signing.dumps([uid.hex, name, upload.size, kind.family], salt=_SALT, compress=True)
    return Kept(token, name, upload.size, kind.family)


def store_away() -> complaints.StoreAway | None:
    """The refusal of every file while the store is away."""
    try:
        complaints.require_store()
    except complaints.StoreAway as away:
        return away
    return None


def files_named(tokens: Iterable[str]) -> list[Kept]:
    """What the tokens stand for, while the store cannot be asked whether it is still there."""
    found = (_signed(token) for token in list(dict.fromkeys(tokens))[: evidence.MAX_FILES])
    return [kept for kept in found if kept is not None]


def recall(tokens: Iterable[str]) -> list[Kept]:
    """What the tokens stand for; a token that is not ours, too old, or whose file is gone is left out."""
    return [kept for kept in files_named(tokens) if complaints.is_staged(uid_of(kept))]


def gone(tokens: Iterable[str]) -> Invalid | None:
    """A refusal with the names of files that were kept and are gone by now; forgeries are ignored."""
    names = [name for name in map(_name_when_gone, dict.fromkeys(tokens)) if name]
    if not names:
        return None
    return Invalid(
        "files_gone",
        _("Files wait two hours for their form. Please choose again: %(names)s")
        % {"names": ", ".join(names)},
        field="evidence",
    )


def _name_when_gone(token: str) -> str:
    try:
        name = str(signing.loads(token, salt=_SALT)[1])
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return "" if recall([token]) else name


def _signed(token: str) -> Kept | None:
    try:
        _uid, name, size, family = signing.loads(token, salt=_SALT, max_age=staging_limits.LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Kept(token, name, size, family)


def uploads_of(kept: Iterable[Kept]) -> list[Upload]:
    """The kept files again, opened, in the form in which a service takes evidence."""
    return [_open(file) for file in kept]


def uid_of(kept: Kept) -> uuid.UUID:
    """The name of a kept file in the store. Never leaves the server: the token stands for it."""
    return uuid.UUID(hex=signing.loads(kept.token, salt=_SALT)[0])


def _open(kept: Kept) -> Upload:
    uid = uid_of(kept)
    data = complaints.open_staged(uid)
    read = complaints.reading_of(uid) if kept.family == "image" else None
    return Upload(name=kept.name, size=len(data), file=io.BytesIO(data), text_read=read.text if read else "")
