"""Promise: converting one file costs no more than its kind may, and the heaviest that we know stays below.

Each file is converted in the sandbox, as in production, from a process of its own, so that the kernel counts
for this file alone: processor seconds, and megabytes resident at most. The dearest of `SIZE` runs counts.
"""

from __future__ import annotations

import io
import multiprocessing
import random
import resource
from collections.abc import Callable
from typing import Final, NamedTuple

from PIL import Image

from aduan.complaints.evidence import KINDS, limits, processing
from bench.outcome import Outcome
from tests.factories import files
from tests.factories.tiled_heic import tiled_heic

SIZES = (1,)
MEGABYTE: Final = 1_000_000
PHOTO, LONG = (4032, 3024), (1080, 60_000)


class Cost(NamedTuple):
    """Of one conversion. `said`: what came of it, or why nothing did."""

    seconds: float
    megabytes: int
    family: str
    said: str


def noise(size: tuple[int, int], seed: int = 1) -> Image.Image:
    """What compresses worst, smoothed a little, as light on a sensor is."""
    small = (size[0] // 4, size[1] // 4)
    pixels = random.Random(seed).randbytes(small[0] * small[1] * 3)
    return Image.frombytes("RGB", small, pixels).resize(size)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def scrolled() -> Image.Image:
    """A chat, again and again, as long as we take."""
    sheet = Image.new("RGB", LONG)
    for top in range(0, LONG[1], 2_000):
        sheet.paste(files.chat(top, width=LONG[0], height=2_000), (0, top))
    return sheet


def document() -> bytes:
    pages = [noise((1240, 1754), seed) for seed in range(limits.MAX_PAGES)]
    return encoded(pages[0], "PDF", save_all=True, append_images=pages[1:], quality=80)


HEAVIEST: Final[dict[str, Callable[[], bytes]]] = {
    "photo of 25 million pixels, JPEG": lambda: files.jpeg(noise((5000, 5000)), quality=60),
    "the same, progressive": lambda: files.jpeg(noise((5000, 5000)), quality=60, progressive=True),
    "the same, WebP": lambda: files.webp(noise((5000, 5000)), quality=60, method=0),
    "screenshot of 1080 × 60000, PNG": lambda: encoded(scrolled(), "PNG", compress_level=1),
    "the same, JPEG": lambda: files.jpeg(scrolled(), quality=80),
    "photo of 12 million pixels in tiles, HEIC": lambda: tiled_heic(noise(PHOTO)),
    "the same, AVIF": lambda: files.avif(noise(PHOTO)),
    "GIF of 3 pictures": lambda: files.moving("GIF"),
    "recording of ten minutes, MP3": lambda: files.mp3(seconds=600),
    "the same, Ogg": lambda: files.recording("ogg", "libopus", 600),
    "screen recording of 60 s, 720 × 1280": lambda: files.video(seconds=60, scene=2, size=(720, 1280)),
    "PDF of ten pages": document,
    "exported chat of 2 MB": lambda: (files.CHAT_EXPORT * 10_000).encode()[: 2 * 1_000_000],
}


def _convert(data: bytes, answers: multiprocessing.SimpleQueue[Cost]) -> None:
    result = processing.scan_and_convert(data)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    family = KINDS[result.kind].family if result.ok else ""
    said = f"{1 + len(result.parts)} files" if result.ok else result.reason
    answers.put(Cost(used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, family, said))


def cost_of(data: bytes) -> Cost:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.SimpleQueue[Cost] = context.SimpleQueue()
    process = context.Process(target=_convert, args=(data, answers))
    process.start()
    cost = answers.get()
    process.join()
    return cost


def measure(size: int) -> Outcome:
    rows, shares, all_read = [], [], True
    for name, make in HEAVIEST.items():
        data = make()
        cost = max(cost_of(data) for _run in range(size))
        all_read = all_read and bool(cost.family)
        limit = limits.LIMITS[cost.family or "image"]
        shares.append(max(cost.seconds / limit.cpu_seconds, cost.megabytes * MEGABYTE / limit.memory))
        rows.append(
            (
                f"{name} ({len(data) / MEGABYTE:.1f} MB): {cost.said}",
                f"{cost.seconds:.2f} of {limit.cpu_seconds} s, {cost.megabytes} MB",
            )
        )
    return Outcome(
        title="what converting the heaviest files costs, of what their kind may",
        runs=len(rows),
        median_ratio=max(shares),
        floor=1.0,
        limit=1.0,
        sense="most",
        also_holds=all_read,
        rows=rows,
    )
