"""Damaged files of every kind: each is refused with a reason or shown, and none brings anything down.

The damage is made at random from a fixed seed, so that a failure can be repeated.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

import pytest

from aduan.complaints.evidence import KINDS, acceptance
from aduan.complaints.models import Evidence
from tests.aduan.complaints.test_hostile_files import examined
from tests.bounds import proved
from tests.factories import files
from tests.factories.tiled_heic import tiled_heic

SMALL: Final = (240, 420)
MAKERS: Final[dict[str, Callable[[], bytes]]] = {
    "jpeg": lambda: files.jpeg(files.chat(width=SMALL[0], height=SMALL[1])),
    "progressive jpeg": lambda: files.jpeg(files.chat(width=SMALL[0], height=SMALL[1]), progressive=True),
    "mpo": files.mpo,
    "png": lambda: files.png(files.chat(width=SMALL[0], height=SMALL[1])),
    "gif": lambda: files.moving("GIF"),
    "webp": lambda: files.webp(files.chat(width=SMALL[0], height=SMALL[1])),
    "moving webp": lambda: files.moving("WEBP"),
    "heic": lambda: files.heic(files.chat(width=SMALL[0], height=SMALL[1])),
    "tiled heic": lambda: tiled_heic(files.chat(width=600, height=900)),
    "avif": lambda: files.avif(files.chat(width=SMALL[0], height=SMALL[1])),
    "mp3": files.mp3,
    "wav": files.wav,
    "amr": files.amr,
    "aac": files.aac,
    "ogg": files.ogg,
    "m4a": files.m4a,
    "mp4": lambda: files.video(seconds=2, scene=1),
    "pdf": files.pdf,
    "chat": lambda: files.CHAT_EXPORT.encode(),
    "card": lambda: files.VCARD.encode(),
}
REASONS: Final = {str(reason) for reason in Evidence.Refusal}


@cache
def whole(kind: str) -> bytes:
    return MAKERS[kind]()


def _cut(data: bytes, maker: random.Random) -> bytes:
    return data[: maker.randrange(1, len(data))]


def _blank(data: bytes, maker: random.Random) -> bytes:
    at, size = maker.randrange(len(data)), maker.randrange(1, 600)
    return data[:at] + bytes(len(data[at : at + size])) + data[at + size :]


def _flip(data: bytes, maker: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(maker.choice((1, 4, 40))):
        changed[maker.randrange(len(changed))] = maker.randrange(256)
    return bytes(changed)


def _flip_head(data: bytes, maker: random.Random) -> bytes:
    """In the headers, where sizes and counts stand."""
    changed = bytearray(data)
    for _ in range(maker.choice((1, 3, 8))):
        changed[maker.randrange(min(200, len(changed)))] = maker.choice((0, 1, 127, 128, 255))
    return bytes(changed)


def _lose(data: bytes, maker: random.Random) -> bytes:
    at = maker.randrange(len(data))
    return data[:at] + data[at + maker.randrange(1, 400) :]


def _glue(data: bytes, maker: random.Random) -> bytes:
    return data[: maker.randrange(1, len(data))] + data


DAMAGES: Final = (_cut, _blank, _flip, _flip_head, _lose, _glue)


def damaged(kind: str, seed: int) -> bytes:
    maker = random.Random(f"{kind} {seed}")
    return maker.choice(DAMAGES)(whole(kind), maker)


def is_taken(data: bytes) -> bool:
    """Refused at intake with a reason, or taken. Any other exception fails the test."""
    taken, refusals = acceptance.sort_out([files.upload(data, "bukti.bin")])
    assert all("bukti.bin" in str(refusal.message) for refusal in refusals)
    return bool(taken)


def examine(kind: str, seed: int) -> str:
    """How the sandbox ends with a damaged file: "shown", or the reason of its refusal."""
    result = examined(damaged(kind, seed))
    if result.ok:
        assert result.clean
        assert result.kind in KINDS
        return "shown"
    assert result.reason in REASONS, (kind, seed, result.reason)
    return result.reason


def end_of(kind: str, seed: int) -> str:
    return examine(kind, seed) if is_taken(damaged(kind, seed)) else "at intake"


@pytest.mark.parametrize("kind", MAKERS)
def test_a_whole_file_of_each_kind_is_taken(kind):
    assert is_taken(whole(kind))


@pytest.mark.parametrize("kind", MAKERS)
def test_a_damaged_file_is_refused_at_the_intake_or_taken_and_never_an_error(kind):
    for seed in range(150):
        is_taken(damaged(kind, seed))


@pytest.mark.parametrize("kind", MAKERS)
def test_half_a_picture_film_or_document_is_refused_at_intake(kind):
    """Sounds and texts have no end of their own: half of one is shorter, and is kept."""
    taken = is_taken(whole(kind)[: len(whole(kind)) // 2])
    assert taken == (kind in {"mp3", "wav", "amr", "aac", "ogg", "chat", "card"})


@pytest.mark.parametrize("kind", MAKERS)
def test_what_intake_takes_is_shown_or_refused_with_a_reason_that_has_a_label(kind):
    seed = next((seed for seed in range(40) if is_taken(damaged(kind, seed))), None)
    if seed is not None:
        examine(kind, seed)


@pytest.mark.slow
def test_two_thousand_damaged_files_are_shown_or_refused():
    every = [(kind, seed) for seed in range(100) for kind in MAKERS if whole(kind)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each file has a process of its own
        ends = Counter(pool.map(lambda one: end_of(*one), every))
    proved(ends.total(), f"damaged files, none an error: {dict(sorted(ends.items()))}")
