"""What phones make is taken, and stays readable: each file was refused or shrunk before its decoder came."""

from __future__ import annotations

import io
import tempfile

import pytest
from PIL import Image, ImageChops

from aduan.complaints.evidence import acceptance, limits, sandbox
from tests.factories import files


def converted(data: bytes) -> sandbox.SandboxResult:
    with tempfile.TemporaryFile() as source:
        source.write(data)
        source.seek(0)
        return sandbox.convert(source)


@pytest.mark.parametrize(
    ("data", "code"),
    [(files.heic(), "heic"), (files.avif(), "avif"), (files.mpo(), "jpeg")],
    ids=["heic", "avif", "mpo"],
)
def test_photos_of_phones_are_taken_and_look_the_same(data, code):
    assert acceptance.check([files.upload(data)])[0].code == code
    result = converted(data)
    assert (result.ok, result.note, result.width, result.height) == (True, "", 720, 1480)
    difference = ImageChops.difference(Image.open(io.BytesIO(result.clean)), files.chat()).convert("L")
    assert sum(difference.histogram()[60:]) < 0.01 * 720 * 1480


@pytest.mark.parametrize("height", [12000, 60000])
def test_a_long_screenshot_comes_in_pages_at_its_full_width(height):
    """1080 × 12000 was scaled to 216 × 2400; 1080 × 24000 was taken, refused later and destroyed."""
    image = files.chat(width=1080, height=height)
    data = files.png(image)
    assert acceptance.check([files.upload(data)])[0].code == "png"
    result = converted(data)
    assert result.ok, result.reason
    assert (result.width, result.height) == (1080, height)
    assert {part.width for part in result.parts} == {1080}
    last = Image.open(io.BytesIO(result.parts[-1].data))
    below = image.crop((0, height - last.height, 1080, height))
    assert sum(ImageChops.difference(last, below).convert("L").histogram()[60:]) < 0.01 * 1080 * last.height
    assert sum(part.height for part in result.parts) >= height


@pytest.mark.parametrize(
    ("form", "codec", "sound", "size", "code", "track"),
    [
        ("mp4", "libx264", "aac", (360, 640), "mp4", "m4a"),
        ("mov", "libx264", "aac", (360, 640), "mov", "m4a"),
        ("webm", "libvpx", "libopus", (360, 640), "webm", "ogg"),
        ("3gp", "h263", "libopencore_amrnb", (704, 576), "3gp", "amr"),
    ],
)
def test_a_video_becomes_stills_of_its_scenes_and_its_sound(form, codec, sound, size, code, track):
    data = files.video(form=form, codec=codec, sound=sound, size=size, title=files.CANARY.decode())
    assert acceptance.check([files.upload(data, "layar.bin")])[0].code == code
    result = converted(data)
    assert result.ok, result.reason
    stills = [part for part in result.parts if part.role == "still"]
    assert [round(part.second) for part in stills] == [0, 2, 4]
    assert {(part.width, part.height) for part in stills} == {size}
    (heard,) = [part for part in result.parts if part.role == "sound"]
    assert heard.kind == track
    again = converted(heard.data)
    assert (again.ok, again.kind) == (True, track)
    assert all(files.CANARY not in part.data for part in result.parts)


def test_scenes_between_distant_key_frames_are_found_as_well():
    result = converted(files.video(8, key_every=1000))
    assert [round(part.second) for part in result.parts if part.role == "still"] == [0, 2, 4, 6]


def test_a_video_without_sound_has_stills_only():
    result = converted(files.video(4, sound=""))
    assert result.ok
    assert {part.role for part in result.parts} == {"still"}


def test_a_pdf_is_painted_page_by_page():
    data = files.pdf(3)
    assert acceptance.check([files.upload(data)])[0].code == "pdf"
    result = converted(data)
    assert result.ok
    assert [(part.role, part.width) for part in result.parts] == [("page", 1240)] * 3
    assert all(files.CANARY not in part.data for part in result.parts)


def test_of_a_long_pdf_the_first_ten_pages_are_kept_and_it_says_so():
    result = converted(files.pdf(12))
    assert (len(result.parts), result.note) == (limits.MAX_PAGES, "first_pages")


def test_an_exported_chat_is_text_that_hides_nothing():
    data = files.CHAT_EXPORT.encode()
    assert acceptance.check([files.upload(data, "Chat WhatsApp.txt")])[0].code == "txt"
    result = converted(data)
    assert result.ok
    assert result.clean.decode() == files.CHAT_EXPORT.replace("\u202e", "")


def test_a_contact_card_keeps_its_number_and_loses_its_photo():
    assert acceptance.check([files.upload(files.VCARD.encode(), "a.vcf")])[0].code == "vcf"
    text = converted(files.VCARD.encode()).clean.decode()
    assert "TEL:+6281200001111" in text
    assert "BBBB" not in text
