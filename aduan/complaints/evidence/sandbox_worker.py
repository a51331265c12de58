"""The sandboxed half of the evidence pipeline.

Reads one hostile file from stdin, writes clean derivatives to stdout.

Started by sandbox.py as its own process. Before the first byte is parsed it gives up what it does not need:
CPU time, memory, file size, open files, new processes, the network, root. Answer: 4 bytes length, JSON,
clean file, thumbnail.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import resource
import sys
import warnings
from typing import Any, Final

from PIL import Image, ImageFile, ImageOps

from aduan.complaints.evidence import audio, confinement, file_types

_MEBIBYTE: Final = 1024 * 1024
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_THUMBNAIL: Final = 320  # pixels of the longer side
_NEWNET: Final = 0x40000000
_NEWUSER: Final = 0x10000000
_NO_TICKET: Final = 65534
UNCONFINED: Final = 78  # EX_CONFIG: nothing is known about the file


class Refused(Exception):
    """The file is not what it claims to be; the code says why."""


def confine(*, cpu_seconds: int, memory: int) -> None:
    """Limits first, then privileges, then files and system calls.

    What the system does not allow (no user namespaces, not root) is left out. Raises Unconfined where the
    kernel can lock neither files nor system calls.
    """
    Image.preinit()
    Image.init()
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (20 * _MEBIBYTE, 20 * _MEBIBYTE))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        libc.unshare(_NEWNET)
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setgid(_NO_TICKET)
            os.setuid(_NO_TICKET)
    else:
        libc.unshare(_NEWUSER | _NEWNET)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    confinement.lock()


def convert_picture(data: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Decodes, turns upright, paints on a new canvas and encodes again: nothing but the pixels survives."""
    Image.MAX_IMAGE_PIXELS = file_types.MAX_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("not_a_picture") from error
    if image.width * image.height > file_types.MAX_PIXELS:
        raise Refused("too_many_pixels")
    if getattr(image, "n_frames", 1) != 1:
        raise Refused("moving_picture")
    try:
        image.load()
        upright = ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("damaged_picture") from error
    canvas = _on_canvas(upright)
    small = canvas.copy()
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    facts = {
        "width": canvas.width,
        "height": canvas.height,
        "hash": difference_hash(canvas),
        "mirrored": difference_hash(ImageOps.mirror(canvas)),
    }
    return facts, _jpeg(canvas, 85), _jpeg(small, 75)


def difference_hash(image: Image.Image) -> int:
    """64 bits: whether brightness falls from each cell of a 9 by 8 grid to its right neighbour."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    cells = grey.tobytes()
    value = 0
    for row in range(8):
        for column in range(8):
            value = value << 1 | (cells[row * 9 + column] > cells[row * 9 + column + 1])
    return value


def _on_canvas(image: Image.Image) -> Image.Image:
    canvas = Image.new("RGB", image.size, "white")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        canvas.paste(layer, mask=layer.getchannel("A"))
    else:
        canvas.paste(image.convert("RGB"))
    return canvas


def _jpeg(image: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality)
    return target.getvalue()


def clean_recording(data: bytes, kind: str) -> tuple[dict[str, Any], bytes, bytes]:
    try:
        return {}, audio.strip_metadata(data, kind), b""
    except audio.NotAudio as error:
        raise Refused("not_a_recording") from error


def convert(data: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    kind = file_types.recognise(data[: file_types.HEAD])
    if kind is None:
        raise Refused("file_type")
    facts, clean, thumbnail = (
        convert_picture(data) if kind.family == "image" else clean_recording(data, kind.code)
    )
    return {**facts, "ok": True, "kind": kind.code}, clean, thumbnail


def main() -> None:
    cpu_seconds, memory = int(sys.argv[-2]), int(sys.argv[-1])
    try:
        confine(cpu_seconds=cpu_seconds, memory=memory)
    except confinement.Unconfined:
        sys.exit(UNCONFINED)
    clean = thumbnail = b""
    try:
        facts, clean, thumbnail = convert(sys.stdin.buffer.read(file_types.MAX_SOUND + 1))
    except Refused as refusal:
        facts = {"ok": False, "reason": str(refusal)}
    except MemoryError:
        facts = {"ok": False, "reason": "too_heavy"}
    facts |= {"clean": len(clean), "thumbnail": len(thumbnail)}
    head = json.dumps(facts).encode()
    sys.stdout.buffer.write(len(head).to_bytes(4, "big") + head + clean + thumbnail)
    sys.stdout.buffer.flush()
