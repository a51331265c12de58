"""Whether a file is taken, decided while the person is still there: by content, size, headers, completeness.

Every refusal says why and what to do instead. What only decoding can find out comes later (sandbox).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aduan.complaints.evidence import iso_media, limits, pdf_headers, picture_headers, texts, webm_headers
from aduan.complaints.evidence.file_types import HEAD, Kind, clean_name, identify
from aduan.core.errors import Invalid

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from aduan.complaints.types import Upload


def check(uploads: Sequence[Upload]) -> list[Kind]:
    """The kind of each file. Raises Invalid for the first that is not taken; see also `sort_out`."""
    if len(uploads) > limits.MAX_FILES:
        raise too_many()
    return [check_one(upload) for upload in uploads]


def sort_out(
    uploads: Sequence[Upload], *, at_most: int = limits.MAX_FILES
) -> tuple[list[Upload], list[Invalid]]:
    """The files that are taken, and a refusal for each that is not: one bad file costs no good one."""
    taken: list[Upload] = []
    refusals: list[Invalid] = []
    for upload in uploads:
        try:
            check_one(upload)
        except Invalid as refusal:
            refusals.append(refusal)
            continue
        if len(taken) < at_most:
            taken.append(upload)
        else:
            refusals.append(_left_out(clean_name(upload.name)))
    return taken, refusals


def check_one(upload: Upload) -> Kind:
    """Raises Invalid with a message that says why the file is not taken and what to send instead."""
    upload.file.seek(0)
    head = upload.file.read(HEAD)
    name = clean_name(upload.name)
    if not head or upload.size == 0:
        raise _refusal("file_empty", _("“%(name)s” is empty. Please choose it again."), name)
    kind = identify(upload.file)
    if kind is None:
        raise _refusal("file_type", _advice(head), name)
    if upload.size > kind.limit:
        raise _refusal("file_too_big", _TOO_BIG[kind.family], name, mb=kind.limit // limits.MEBIBYTE)
    if problem := _problem(upload, kind):
        raise _refusal(*problem, name)
    upload.file.seek(0)
    return kind


def too_many() -> Invalid:
    return Invalid(
        "too_many_files",
        _("At most %(limit)s files fit into one complaint. Choose the strongest ones.")
        % {"limit": limits.MAX_FILES},
        field="evidence",
        limit=limits.MAX_FILES,
    )


def _left_out(name: str) -> Invalid:
    message = _("“%(name)s” was left out: at most %(limit)s files fit into one complaint.")
    return Invalid(
        "too_many_files", message % {"name": name, "limit": limits.MAX_FILES}, field="evidence", name=name
    )


def _problem(upload: Upload, kind: Kind) -> tuple[str, StrOrPromise] | None:
    if kind.family == "image":
        return _picture_problem(upload, kind)
    if kind.code in {"mp4", "mov", "3gp", "m4a"}:
        return _movie_problem(upload, kind)
    if kind.code == "webm" and webm_headers.seconds_of(upload.file) > limits.MAX_SECONDS + 1:
        return "video_too_long", _TOO_LONG
    check_whole = {"pdf": _pdf_problem, "text": _text_problem}.get(kind.family)
    return check_whole(upload) if check_whole else None


def _picture_problem(upload: Upload, kind: Kind) -> tuple[str, StrOrPromise] | None:
    facts = picture_headers.picture_facts(upload.file, kind.code)
    if facts.width * facts.height and not limits.fits(facts.width, facts.height):
        return "too_many_pixels", _(
            "“%(name)s” has too many pixels, or is too narrow for its length: at most 25 million, and "
            "scrolled screenshots at most 1080 × 60000. Take a screenshot of the picture, or send it in two "
            "parts."
        )
    if facts.truncated:
        return "file_truncated", _TRUNCATED
    if facts.too_heavy:
        return "too_slow", _("“%(name)s” takes too long to open. Take a screenshot of it and send that.")
    return None


def _movie_problem(upload: Upload, kind: Kind) -> tuple[str, StrOrPromise] | None:
    facts = iso_media.movie_facts(upload.file)
    if kind.family == "video" and facts.seconds > limits.MAX_SECONDS + 1:
        return "video_too_long", _TOO_LONG
    return ("file_truncated", _TRUNCATED) if facts.truncated else None


def _pdf_problem(upload: Upload) -> tuple[str, StrOrPromise] | None:
    upload.file.seek(0)
    facts = pdf_headers.pdf_facts(upload.file.read(limits.LIMITS["pdf"].size))
    if facts.locked:
        return "pdf_locked", _("“%(name)s” is locked with a password. Send a screenshot of its pages.")
    return ("file_truncated", _TRUNCATED) if facts.truncated else None


def _text_problem(upload: Upload) -> tuple[str, StrOrPromise] | None:
    upload.file.seek(0)
    if texts.decoded(upload.file.read(limits.LIMITS["text"].size)) is not None:
        return None
    return "not_a_text", _(
        "“%(name)s” begins like an exported chat and goes on as something else. Export the chat again, "
        "choose “without media”, or send a screenshot of it."
    )


_TOO_LONG: Final = _(
    "“%(name)s” is a video longer than %(seconds)s s. Send a screenshot or the first minute."
)
_TRUNCATED: Final = _(
    "“%(name)s” did not arrive whole, or is damaged. Open it, and if it is fine choose it again."
)

_TOO_BIG: Final[dict[str, StrOrPromise]] = {
    "image": _(
        "“%(name)s” is too big: a picture may have %(mb)s\u00a0MB. Take a screenshot of it and send that."
    ),
    "sound": _("“%(name)s” is too big: a recording may have %(mb)s\u00a0MB. Send the part that matters."),
    "video": _(
        "“%(name)s” is too big: a video may have %(mb)s\u00a0MB and last %(seconds)s s. Send a screenshot "
        "or the first minute."
    ),
    "pdf": _(
        "“%(name)s” is too big: a PDF may have %(mb)s\u00a0MB. Send screenshots of the pages that matter."
    ),
    "text": _(
        "“%(name)s” is too big: a text may have %(mb)s\u00a0MB. Send a screenshot of the part that matters."
    ),
}


# How files begin that are named in the refusal by what they are, but never taken.
_PACKED: Final = (
    b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ",
    b"\xd0\xcf\x11\xe0", b"{\\rtf", b"MZ", b"\x7fELF", b"dex\n",
)  # fmt: skip
_FILMS_AND_SOUNDS: Final = (
    b"\x1a\x45\xdf\xa3", b"RIFF", b"fLaC", b"\x30\x26\xb2\x75", b"FLV\x01", b"MThd", b"FORM", b"caff",
    b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3",
)  # fmt: skip
_PICTURES: Final = (
    b"II*\x00", b"MM\x00*", b"BM", b"\x00\x00\x01\x00", b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51", b"8BPS",
    b"\xff\x0a", b"\x00\x00\x00\x0cJXL ", b"<svg",
)  # fmt: skip


def _advice(head: bytes) -> StrOrPromise:
    if head.startswith(_PACKED):
        return _(
            "“%(name)s” is an archive, document or app. Do not open it again; send a screenshot of the "
            "message. A WhatsApp chat: export it again, choose “without media”, and send the .txt file."
        )
    if head.startswith(_FILMS_AND_SOUNDS) or head[4:8] == b"ftyp":
        return _(
            "“%(name)s” is a kind of video or recording that we cannot read. Send a screenshot, or record "
            "the screen with your phone (MP4)."
        )
    if head.startswith(_PICTURES) or (head.startswith(b"<?xml") and b"<svg" in head):
        return _(
            "“%(name)s” is a kind of picture that we cannot read. Take a screenshot of it and send that."
        )
    return _(
        "“%(name)s” is neither a picture, a recording, a video of up to %(seconds)s s, a PDF nor an "
        "exported chat. Take a screenshot of it and send that."
    )


def _refusal(code: str, message: StrOrPromise, name: str, *, mb: int = 0) -> Invalid:
    named = {"name": name, "mb": mb, "seconds": limits.MAX_SECONDS}
    return Invalid(code, message % named, field="evidence", name=name)
