"""BI8-BI15, AB3: every file is what it says, loses what it tells, or stays outside."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from aduan.complaints import evidence, fingerprints
from aduan.complaints.evidence import acceptance, limits, pictures, recordings, sandbox
from aduan.core.errors import Invalid
from tests.factories import files

HTML = b"<html><script>alert(1)</script>"
TAIL = b"PK\x03\x04" + b"<script>alert(1)</script><?php system($_GET[0]); ?>"


def examined(data: bytes, **limits: int) -> sandbox.SandboxResult:
    with tempfile.TemporaryFile() as source:
        source.write(data)
        source.seek(0)
        return sandbox.convert(source, **limits)


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(10_000_000))
    return target.getvalue()


@pytest.mark.parametrize(
    "lie",
    [
        HTML,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"<?php phpinfo(); ?>",
        b"MZ\x90\x00" + bytes(100),
        b"%PDX-1.7\n%hello",
        b"II*\x00" + bytes(50),
        b"BM" + bytes(50),
        b"\x00\x00\x01\x00" + bytes(50),
        b"RIFF\x00\x00\x00\x00AVI LIST",
        b"\x00\x00\x00\x18ftypJPXX" + bytes(50),
        zipped(),
        b"",
        b"\xff",
    ],
)
def test_a_file_that_is_no_evidence_is_refused_at_intake(lie):
    with pytest.raises(Invalid) as refusal:
        acceptance.check([files.upload(lie, "foto.jpg")])
    assert refusal.value.code in {"file_type", "file_empty"}
    assert "foto.jpg" in str(refusal.value.message)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        *(
            (data + bytes(50), "jenis gambar")
            for data in (b"MM\x00*", b"\x00\x00\x01\x00", b"8BPS", b"<svg>")
        ),
        (b"<?xml version='1.0'?>\n<svg/>", "jenis gambar"),
        *(
            (data + bytes(50), "arsip")
            for data in (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0", b"MZ")
        ),
        *(
            (data + bytes(50), "jenis video")
            for data in (b"\x1aE\xdf\xa3matroska", b"fLaC", b"FLV\x01", b"MThd")
        ),
        (b"From: a@b.example\r\n\r\nhalo", "bukan gambar"),
    ],
)
def test_the_refusal_says_what_the_file_is_and_what_to_do_instead(data, word):
    with pytest.raises(Invalid) as refusal:
        acceptance.check([files.upload(data)])
    assert word in str(refusal.value.message)
    assert "tangkapan layar" in str(refusal.value.message).lower().replace("layarnya", "layar")


def test_a_photo_of_25_megabytes_gets_a_clear_word():
    big = files.jpeg() + bytes(25_000_000)
    with pytest.raises(Invalid) as refusal:
        acceptance.check([files.upload(big, "besar.jpg")])
    assert refusal.value.code == "file_too_big"
    assert "5\u00a0MB" in str(refusal.value.message)


def test_five_files_and_no_more():
    assert len(acceptance.check([files.upload(files.png())] * 5)) == 5
    with pytest.raises(Invalid) as refusal:
        acceptance.check([files.upload(files.png())] * 6)
    assert refusal.value.code == "too_many_files"


@pytest.mark.parametrize("magic", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBP"])
def test_the_right_magic_before_the_wrong_body_is_refused_inside(magic):
    finding = examined(magic + HTML * 20)
    assert not finding.ok
    assert finding.reason in {"not_a_picture", "damaged_picture"}
    assert finding.clean == b""


@pytest.mark.parametrize("make", [files.jpeg, files.png, files.webp])
def test_a_polyglot_loses_its_tail(make):
    finding = examined(make() + TAIL)
    assert finding.ok
    assert finding.clean.startswith(b"\xff\xd8\xff")
    for hostile in (b"<script", b"PK\x03\x04", b"<?php"):
        assert hostile not in finding.clean
        assert hostile not in finding.thumbnail


@pytest.mark.parametrize("side", [5001, 9000, 13000, 30000])
def test_a_flood_of_pixels_is_refused_by_its_header(side):
    assert examined(files.flood(side)).reason == "too_many_pixels"


def test_just_25_megapixels_pass():
    assert examined(files.flood(5000)).ok


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_a_moving_picture_becomes_its_first_frame_and_says_so(kind):
    """Was refused as moving_picture."""
    finding = examined(files.moving(kind))
    assert (finding.ok, finding.note) == (True, "first_frame")
    assert Image.open(io.BytesIO(finding.clean)).size == (200, 400)


def test_text_that_unfolds_and_unfolds_kills_only_the_child():
    finding = examined(files.text_bomb())
    assert not finding.ok
    assert finding.clean == b""


def confined(code: str, *, cpu_seconds: int = 10) -> subprocess.CompletedProcess[str]:
    """Runs code in a process that has given up what the evidence child gives up."""
    start = (
        f"import os, socket, subprocess, sys, tempfile; sys.path.insert(0, {str(Path.cwd())!r})\n"
        "from aduan.complaints.evidence.sandbox_worker import confine\n"
        f"confine(cpu_seconds={cpu_seconds}, memory={limits.LIMITS['image'].memory})\n"
    )
    return subprocess.run(
        [sys.executable, "-I", "-c", start + code], capture_output=True, text=True, timeout=30, check=False
    )


def test_a_child_that_needs_too_much_time_is_stopped():
    assert confined("while True: pass", cpu_seconds=1).returncode == -signal.SIGXCPU
    assert examined(files.jpeg(), wall_seconds=0).reason == "too_slow"


@pytest.mark.parametrize(
    "attempt",
    [
        "import os; os.fork()",
        "import subprocess; subprocess.run(['true'])",
        "import socket; socket.create_connection(('127.0.0.1', 9), timeout=2)",
        "import socket; socket.socket(socket.AF_UNIX)",
        "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM)",
        "open('/proc/net/dev')",
        "import tempfile; tempfile.TemporaryFile().write(bytes(30_000_000))",
        "import os; os.setuid(0)",
        "bytes(600_000_000)",
        "handles = [open('/dev/null') for turn in range(64)]",
    ],
)
def test_the_child_cannot_do_what_a_decoder_need_not(attempt):
    done = confined(attempt)
    assert done.returncode != 0, done.stdout


def test_a_child_that_needs_too_much_memory_is_stopped():
    finding = examined(files.png(files.chat(width=4000, height=6000)), memory=120 * 1024 * 1024)
    assert not finding.ok


@pytest.mark.parametrize("make", [files.jpeg, files.png, files.webp])
def test_a_cut_picture_is_refused_and_not_greyed(make):
    whole = make()
    assert not examined(whole[: len(whole) // 2]).ok


@pytest.mark.parametrize("make", [files.telling_jpeg, files.telling_png])
def test_no_metadata_survives(make):
    data = make()
    assert files.CANARY in data
    finding = examined(data)
    assert finding.ok
    for derivative in (finding.clean, finding.thumbnail):
        assert files.CANARY not in derivative
        image = Image.open(io.BytesIO(derivative))
        assert not image.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment", "photoshop"} & set(image.info)


def test_a_turned_photo_is_put_upright():
    finding = examined(files.telling_jpeg())  # 720 x 1480, turned by a quarter
    assert (finding.width, finding.height) == (1480, 720)


def test_transparency_becomes_white():
    finding = examined(files.png(Image.new("RGBA", (300, 300), (0, 0, 0, 0))))
    assert Image.open(io.BytesIO(finding.clean)).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["mp3", "wav", "amr", "ogg", "m4a", "aac"])
def test_recordings_are_known_by_content(kind):
    data = getattr(files, kind)()
    assert acceptance.check([files.upload(data, "suara.bin")])[0].code == kind
    finding = examined(data)
    assert (finding.ok, finding.kind) == (True, kind)
    assert finding.thumbnail == b""


@pytest.mark.parametrize(
    "data",
    [
        files.mp3(tag=files.CANARY * 4, tail=b"TAG" + files.CANARY),
        files.wav(note=files.CANARY, tail=files.CANARY),
        files.amr(tail=b"\xff" + files.CANARY),
        files.ogg(comment=files.CANARY),
        files.m4a(note=files.CANARY, tail=b"\x00\x00\x00\x30evil" + files.CANARY),
    ],
)
def test_recordings_lose_tags_and_tails(data):
    assert files.CANARY in data
    finding = examined(data)
    assert finding.ok
    assert files.CANARY not in finding.clean


def test_a_cleaned_recording_is_still_that_recording():
    for kind in ("mp3", "wav", "amr", "ogg", "m4a", "aac"):
        clean = recordings.clean_recording(getattr(files, kind)(), kind).clean
        assert recordings.clean_recording(clean, kind).clean == clean
        assert evidence.recognise(clean[: evidence.HEAD]) == evidence.KINDS[kind]


@pytest.mark.parametrize(
    "lie",
    [
        b"ID3\x03\x00\x00\x00\x00\x00\x04abcd" + HTML * 50,
        b"#!AMR\n" + HTML * 50,
        b"OggS" + HTML * 50,
        b"RIFF\x00\x01\x00\x00WAVE" + HTML * 20,
        b"#!AMR\n",
        files.m4a()[:200],
    ],
)
def test_what_only_begins_like_a_recording_is_refused(lie):
    assert examined(lie).reason == "not_a_recording"


@pytest.mark.parametrize(
    "changed",
    [
        lambda image: Image.open(io.BytesIO(files.jpeg(image, quality=25))).convert("RGB"),
        lambda image: image.crop((18, 37, image.width - 18, image.height - 37)),
        lambda image: image.crop((0, image.height // 20, image.width, image.height)),
        lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        lambda image: image.resize((image.width // 2, image.height // 2)),
    ],
    ids=["recompressed", "cropped all round", "cropped above", "mirrored", "halved"],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_changed_copy_of_a_screenshot_is_the_same_picture(seed, changed):
    one = hashed(files.chat(seed))
    other = hashed(changed(files.chat(seed)))
    assert min((one[0] ^ form).bit_count() for form in other) <= fingerprints.SAME_PICTURE


def test_different_screenshots_are_different_pictures():
    found = [hashed(files.chat(seed)) for seed in range(10, 16)]
    for one in found:
        others = [form for other in found if other is not one for form in other]
        assert min((one[0] ^ form).bit_count() for form in others) > fingerprints.SAME_PICTURE


def hashed(image: Image.Image) -> tuple[int, int]:
    """As the child does it, without the price of a child."""
    done = pictures.convert_picture(files.jpeg(image))
    return done.hash, done.mirrored
