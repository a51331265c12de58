"""What can never be used is refused at intake, with the reason and what to do, and costs no other file."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from aduan.complaints import evidence
from aduan.complaints.evidence import acceptance, limits, webm_headers
from aduan.core.errors import Invalid
from tests.factories import files


def refusal_of(data: bytes, name: str = "bukti.bin") -> Invalid:
    with pytest.raises(Invalid) as refusal:
        acceptance.check([files.upload(data, name)])
    assert name in str(refusal.value.message)
    return refusal.value


@pytest.fixture(scope="module")
def long_video() -> bytes:
    return files.video(63, rate=2, key_every=2, size=(64, 64), sound="", scene=20)


def test_a_video_longer_than_a_minute_is_refused_with_what_to_send_instead(long_video):
    refusal = refusal_of(long_video)
    assert refusal.code == "video_too_long"
    assert "60 detik" in str(refusal.message)
    assert "menit pertamanya" in str(refusal.message)


def webm(seconds: float, *, live: bool = False) -> bytes:
    """`live`: as a browser records a screen, without the duration in front."""
    made = files.video(
        seconds, form="webm", codec="libvpx", rate=2, key_every=2, size=(64, 64), sound="", scene=20
    )
    place = made.index(b"\x44\x89\x88")
    return made[:place] + b"\xec\x89" + bytes(9) + made[place + 11 :] if live else made


@pytest.mark.parametrize("live", [False, True])
def test_a_long_webm_is_refused_at_once_and_one_of_a_minute_is_taken(live: bool) -> None:
    assert refusal_of(webm(80, live=live), "rekaman.webm").code == "video_too_long"
    assert acceptance.check([files.upload(webm(60, live=live))])[0].code == "webm"


@pytest.mark.parametrize("cut", [40, 300, 600])
def test_a_webm_that_broke_off_in_its_headers_says_no_duration(cut: int) -> None:
    assert webm_headers.seconds_of(io.BytesIO(webm(2)[:cut])) <= 2


def test_a_minute_of_video_is_taken():
    data = files.video(60, rate=2, key_every=2, size=(64, 64), sound="", scene=20)
    assert acceptance.check([files.upload(data)])[0].code == "mp4"


@pytest.mark.parametrize(
    ("width", "height", "taken"),
    [
        (5000, 5000, True), (5001, 5000, False),
        (1080, 24000, True), (1080, 60000, True), (1080, 61000, False),
    ],
)  # fmt: skip
def test_pixels_are_counted_from_the_header(width, height, taken):
    """1080 × 24000 was taken at intake, refused later as too large, and destroyed."""
    target = io.BytesIO()
    Image.new("1", (width, height)).save(target, "PNG")
    if taken:
        assert acceptance.check([files.upload(target.getvalue())])
    else:
        assert refusal_of(target.getvalue()).code == "too_many_pixels"


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "GIF", "PNG"])
def test_the_header_of_every_kind_of_picture_is_read(kind):
    target = io.BytesIO()
    Image.new("RGB", (1200, 16000)).save(target, kind)  # WebP ends at 16383
    assert acceptance.check([files.upload(target.getvalue())])
    wide = io.BytesIO()
    Image.new("L", (6000, 5000)).save(wide, kind)
    assert refusal_of(wide.getvalue()).code == "too_many_pixels"


@pytest.mark.parametrize(
    "make", [files.jpeg, files.png, files.webp, files.heic, files.avif, files.video, files.m4a]
)
def test_a_file_that_broke_off_is_refused_at_once(make):
    data = make()
    assert refusal_of(data[: len(data) * 2 // 3]).code == "file_truncated"


def test_a_pdf_without_a_single_object_is_refused_at_once():
    assert refusal_of(b"%PDF-1.4\n%%EOF").code == "file_truncated"


def test_a_stripe_is_not_said_to_have_too_many_pixels_alone():
    stripe = io.BytesIO()
    Image.new("RGB", (1, 5000)).save(stripe, "PNG")
    assert "terlalu sempit" in str(refusal_of(stripe.getvalue()).message)


def test_a_progressive_jpeg_of_many_scans_is_refused_before_it_costs_anything():
    """155 kB held the decoder for 34 s."""
    data = files.progressive_bomb()
    assert len(data) < 200_000
    assert refusal_of(data).code == "too_slow"


def test_an_ordinary_progressive_photo_is_taken():
    assert acceptance.check([files.upload(files.jpeg(files.chat(width=4000, height=6000), progressive=True))])


def test_a_locked_pdf_is_refused_at_once():
    data = files.pdf(1)
    assert refusal_of(data[:-600] + b"trailer << /Encrypt 5 0 R >> startxref 0 %%EOF").code == "pdf_locked"
    assert pypdfium2.PdfDocument(data)  # the file itself is sound


def test_an_archive_hears_how_to_export_a_chat_without_media():
    assert "tanpa media" in str(refusal_of(b"PK\x03\x04" + bytes(100), "Chat WhatsApp.zip").message)


@pytest.mark.parametrize(
    ("head", "family"),
    [(files.jpeg(), "image"), (files.mp3(), "sound"), (files.video(2), "video"), (files.pdf(1), "pdf")],
    ids=["image", "sound", "video", "pdf"],
)
def test_a_file_above_its_limit_hears_the_limit_of_its_kind(head, family):
    most = limits.LIMITS[family].size
    upload = files.upload(head)
    refused = type(upload)(name="besar.bin", size=most + 1, file=upload.file)
    with pytest.raises(Invalid) as refusal:
        acceptance.check([refused])
    assert refusal.value.code == "file_too_big"
    assert f"{most // limits.MEBIBYTE}\u00a0MB" in str(refusal.value.message)


def test_a_refused_file_costs_no_other():
    good, bad = files.upload(files.png(), "a.png"), files.upload(b"<html>", "b.png")
    taken, refusals = acceptance.sort_out([good, bad, good])
    assert taken == [good, good]
    assert [refusal.code for refusal in refusals] == ["file_type"]


def test_files_beyond_the_fifth_are_left_out_by_name():
    sent = [files.upload(files.png(), f"{number}.png") for number in range(7)]
    taken, refusals = acceptance.sort_out(sent)
    assert taken == sent[:5]
    assert ["5.png" in str(refusals[0].message), "6.png" in str(refusals[1].message)] == [True, True]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\sari\\foto.jpg", "foto.jpg"),
        ("a.php\x00.jpg", "a.php.jpg"),
        ('x"; filename="y.jpg', "x__ filename=_y.jpg"),
        ("a\r\nSet-Cookie: b.jpg", "aSet-Cookie_ b.jpg"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "file"),
        ("...", "file"),
    ],
)
def test_a_file_name_is_only_ever_a_word(name, kept):
    assert evidence.clean_name(name) == kept


def test_a_long_name_keeps_its_ending():
    short = evidence.clean_name("n" * 255 + ".jpeg")
    assert len(short) == 120
    assert short.endswith(".jpeg")


@pytest.mark.parametrize(("width", "height"), [(1, 8_000_000), (20, 1_200_000), (65_600, 381), (100, 10_001)])
def test_a_stripe_is_no_picture_of_a_screen(width: int, height: int) -> None:
    """15 KB of it became ten thousand stored files, one for each page."""
    assert not limits.fits(width, height)
    assert limits.fits(1080, 60_000)
    assert limits.fits(432, 30_000)
