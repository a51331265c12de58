"""A photo of an iPhone: a HEIC whose tiles only together are the picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from aduan.complaints.evidence import acceptance, iso_media
from aduan.core.errors import Invalid
from tests.aduan.complaints.test_hostile_files import examined
from tests.factories import files
from tests.factories.tiled_heic import TILE, tiled_heic

WIDTH, HEIGHT = 1170, 1500  # no multiple of a tile: what fills up the edge must not be seen


@pytest.fixture(scope="module")
def photo() -> bytes:
    return tiled_heic(files.chat(width=WIDTH, height=HEIGHT))


def test_a_photo_in_tiles_is_taken_and_measured_as_a_whole(photo: bytes) -> None:
    assert acceptance.check([files.upload(photo, "IMG_0001.HEIC")])[0].code == "heic"
    facts = iso_media.movie_facts(io.BytesIO(photo))
    assert (facts.width, facts.height) == (WIDTH, HEIGHT)


def test_a_photo_in_tiles_comes_out_whole_with_each_tile_in_its_place(photo: bytes) -> None:
    result = examined(photo)
    assert (result.ok, result.width, result.height) == (True, WIDTH, HEIGHT)
    shown = Image.open(io.BytesIO(result.clean)).convert("L")
    drawn = files.chat(width=WIDTH, height=HEIGHT).convert("L")
    for top in range(0, HEIGHT, TILE):
        for left in range(0, WIDTH, TILE):
            box = (left, top, min(left + TILE, WIDTH), min(top + TILE, HEIGHT))
            difference = ImageChops.difference(shown.crop(box), drawn.crop(box))
            assert ImageStat.Stat(difference).mean[0] < 8, box


def test_a_photo_in_tiles_that_broke_off_is_refused_at_once(photo: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        acceptance.check([files.upload(photo[: len(photo) * 2 // 3], "IMG_0001.HEIC")])
    assert refusal.value.code == "file_truncated"
