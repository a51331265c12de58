"""Files as phones, apps and programs write them: each was refused, late or at once, or taken by mistake."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
from collections.abc import Callable

import pytest
from PIL import Image

from aduan.complaints.evidence import acceptance, pictures, recordings, sandbox_worker, texts
from aduan.complaints.evidence.conversion import Refused
from aduan.core.errors import Invalid
from tests.factories import files

NARROW = "\u202f"
CHAT = files.CHAT_EXPORT.replace("\u202e", "")


def refusal_of(data: bytes, name: str = "bukti.bin") -> str:
    """Empty when the file is taken."""
    try:
        acceptance.check([files.upload(data, name)])
    except Invalid as refusal:
        return refusal.code
    return ""


def kind_of(data: bytes) -> str:
    return acceptance.check([files.upload(data)])[0].code


def video_bytes() -> bytes:
    """As many scan markers as chance puts into two megabytes, and a few more."""
    return files.video(2, size=(64, 64)) + random.Random(12).randbytes(200_000) + b"\xff\xda" * 400


@pytest.mark.parametrize("make", [files.jpeg, files.mpo])
def test_a_video_behind_a_photo_does_not_count_as_its_scans(make: Callable[[], bytes]) -> None:
    """A motion photo was refused as too slow: every FF DA of its film was a scan of 12 megapixels."""
    data = make() + video_bytes()
    assert refusal_of(data) == ""
    assert len(pictures.convert_picture(data).clean) > 10_000


def test_a_photo_that_broke_off_is_not_made_whole_by_the_picture_behind_it() -> None:
    whole = files.mpo()
    end = whole.index(b"\xff\xd9")
    assert refusal_of(whole[: end - 500]) == "file_truncated"


def test_a_scrolled_progressive_screenshot_is_taken() -> None:
    data = files.jpeg(Image.new("RGB", (1080, 40_000), "white"), progressive=True)
    assert data.count(b"\xff\xda") >= 10
    assert refusal_of(data) == ""


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_an_end_marker_glued_to_half_a_photo_does_not_make_it_whole(mode: str, progressive: bool) -> None:
    """The lower half was grey, and no one said that it was missing."""
    whole = files.jpeg(files.chat().convert(mode), progressive=progressive)
    cut = whole[: whole.index(b"\xff\xda") + 3000].rstrip(b"\xff") + b"\xff\xd9"
    with pytest.raises(Refused, match="damaged_picture"):
        pictures.convert_picture(cut)


@pytest.mark.parametrize("grey", [127, 128, 129])
def test_a_photo_with_a_grey_corner_is_whole(grey: int) -> None:
    image = files.chat()
    image.paste((grey,) * 3, (0, 700, 720, 1480))
    for data in (files.jpeg(image), files.jpeg(image, progressive=True), files.jpeg(image.convert("L"))):
        assert pictures.convert_picture(data).height == 1480


def test_half_a_gif_is_refused_at_once() -> None:
    still, moving = files.gif(), files.moving("GIF")
    for data in (still[: len(still) // 2], moving[: len(moving) * 2 // 3], still[:20]):
        assert refusal_of(data) == "file_truncated"


def test_a_gif_without_its_last_byte_is_taken() -> None:
    for data in (files.gif(), files.gif()[:-1], files.moving("GIF") + b"behind"):
        assert refusal_of(data) == ""


def test_half_a_gif_with_an_end_glued_on_is_refused() -> None:
    whole = files.gif()
    first = whole[: 13 + 3 * 256]
    assert first[:3] == b"GIF"
    cut = _cut_at_a_block(whole) + b"\x00\x3b"
    with pytest.raises(Refused):
        pictures.convert_picture(cut, "gif")


def _cut_at_a_block(data: bytes) -> bytes:
    """The first half of a GIF, up to the end of a block."""
    at = data.index(b"\x2c\x00\x00\x00\x00") + 10
    at += 3 << ((data[at - 1] & 7) + 1) if data[at - 1] & 0x80 else 0
    at += 1
    while at < len(data) // 2:
        at += data[at] + 1
    return data[:at]


@pytest.mark.parametrize("brand", [b"mmp4", b"hvc1", b"dby1", b"MP4 ", b"xyz9"])
def test_a_film_is_known_by_its_tracks_whatever_its_brand(brand: bytes) -> None:
    film, sound = files.video(1, size=(64, 64)), files.m4a()
    assert kind_of(_branded(film, brand)) == "mp4"
    assert kind_of(_branded(sound, brand)) == "m4a"


def test_a_film_of_older_quicktime_is_known_without_a_brand() -> None:
    film = files.video(1, size=(64, 64), form="mov")
    assert kind_of(film[int.from_bytes(film[:4], "big") :]) == "mp4"


def _branded(data: bytes, brand: bytes) -> bytes:
    size = int.from_bytes(data[:4], "big")
    return data[:8] + brand + bytes(4) + brand * ((size - 16) // 4) + data[size:]


def test_a_film_of_unknown_length_is_measured_by_its_tracks() -> None:
    short, long = files.video(2, size=(64, 64)), files.video(63, rate=2, key_every=2, size=(64, 64), sound="")
    assert refusal_of(_without_length(short)) == ""
    assert refusal_of(_without_length(long)) == "video_too_long"


def _without_length(data: bytes) -> bytes:
    at = data.index(b"mvhd") + 4 + 16
    return data[:at] + b"\xff" * 4 + data[at + 4 :]


@pytest.mark.parametrize(
    "tail",
    [b"SEFH\x6b\x00\x00\x00" + bytes(90) + b"SEFT", b"\x00\x00\x40\x00Tail" + bytes(30), b"\x00" * 700],
)
def test_what_a_phone_puts_behind_a_heic_or_a_film_does_no_harm(tail: bytes) -> None:
    assert refusal_of(files.heic(files.chat(width=200, height=400)) + tail) == ""
    assert refusal_of(files.m4a() + tail) == ""


def test_a_recording_that_was_never_finished_is_refused_at_once() -> None:
    """The headers come last: without them nothing in it can be played."""
    data = files.m4a()
    assert data.index(b"mdat") < data.index(b"moov")
    assert refusal_of(data[: data.index(b"moov") - 4]) == "file_truncated"


@pytest.mark.parametrize(
    "text",
    [
        "\n\n" + CHAT,
        "Riwayat chat dengan +62 812-0000-1111\r\n" + CHAT.replace("\n", "\r\n"),
        CHAT.replace("12/05/26 14.03", "12/05/26,\u00a014.03"),
        f"[12/05/26, 2:03:22{NARROW}PM] Sari: Halo\n",
        f"\u200e[12.05.2026,{NARROW}14:03:22] Sari: Halo\n",
        "12/05/26 pukul\u00a014.03 - Sari: Halo\n",
    ],
    ids=["empty lines", "a title", "no-break space", "narrow space", "mark", "pukul"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_chat_is_known_in_every_encoding_and_with_any_blank(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    assert kind_of(data) == "txt"
    assert (
        texts.clean_text(data, "txt").clean.decode().endswith(text.splitlines()[-1].lstrip("\u200e") + "\n")
    )


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_a_chat_that_an_old_program_saved_is_read(encoding: str) -> None:
    """It was taken, and refused an hour later."""
    data = (CHAT + "12/05/26 14.06 - Zoé: ça va, 50 €?\n").replace("€", "€" if encoding == "cp1252" else "")
    raw = data.encode(encoding)
    assert kind_of(raw) == "txt"
    assert texts.clean_text(raw, "txt").clean.decode() == data


def test_what_only_begins_like_a_chat_is_refused_at_once() -> None:
    assert refusal_of(CHAT.encode() + bytes(range(256)) * 40) == "not_a_text"


def test_every_encoding_is_loaded_before_the_sandbox_closes() -> None:
    """In there Python cannot open the file that holds a codec."""
    code = "import sys\nfrom aduan.complaints.evidence import texts\n"
    code += "known = set(sys.modules)\n"
    code += (
        "for name in ('utf-8-sig', 'utf-16', 'cp1252', 'latin-1'): texts.decoded('a\u00e9'.encode(name))\n"
    )
    code += "assert not {one for one in set(sys.modules) - known if one.startswith('encodings')}"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("before", ["\r\n", "\n\n \n", "\ufeff\n"])
def test_a_contact_card_may_begin_with_an_empty_line(before: str) -> None:
    assert kind_of((before + files.VCARD).encode()) == "vcf"
    assert kind_of((before + files.VCARD).encode("utf-16")) == "vcf"


@pytest.mark.parametrize(
    ("form", "codec", "rate", "taken_as", "kept"),
    [
        ("3gp", "libopencore_amrnb", 8000, "m4a", "amr"),
        ("3gp", "aac", 48000, "m4a", "m4a"),
        ("webm", "libopus", 48000, "webm", "ogg"),
        ("mp4", "libmp3lame", 48000, "m4a", "mp3"),
        ("mp4", "ac3", 48000, "m4a", "m4a"),
        ("ogg", "flac", 48000, "ogg", "ogg"),
        ("mov", "pcm_s16le", 48000, "m4a", "wav"),
        ("wav", "pcm_mulaw", 8000, "wav", "wav"),
    ],
)
def test_a_recording_is_kept_in_a_file_that_holds_its_sound(
    form: str, codec: str, rate: int, taken_as: str, kept: str
) -> None:
    """A phone's recorder writes 3GP with AMR in it, a browser WebM: taken, and refused an hour later."""
    data = files.recording(form, codec, rate=rate)
    assert kind_of(data) == taken_as
    convert = recordings.convert_video if taken_as == "webm" else recordings.clean_recording
    done = convert(data, taken_as)
    assert done.kind == kept
    assert kind_of(done.clean) == kept
    assert recordings.clean_recording(done.clean, kept).kind == kept


def noise(width: int, height: int, seed: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(3 * width * height))


def test_heavy_stills_are_made_lighter_and_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """24 stills of a busy scene weighed 60 MB, and the whole video was refused."""
    heavy = noise(900, 900, 5)
    assert len(pictures.as_jpeg(heavy)) > 600_000
    assert len(pictures.as_light_jpeg(heavy, 600_000)) < 600_000
    together = recordings.MOST_STILLS * recordings._MOST_STILL + recordings._MOST_SOUND
    assert together < sandbox_worker.ANSWER_LIMIT - 2 * 1024 * 1024
    monkeypatch.setattr(recordings, "_MOST_STILL", 20_000)
    done = recordings.convert_video(files.video(4, size=(360, 640)), "mp4")
    assert all(len(part.data) < 40_000 for part in done.parts if part.role == "still")


def test_a_heavy_sound_track_is_coded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "_MOST_SOUND", 100_000)
    data = files.video(3, size=(64, 64), form="mov", sound="pcm_s16le")
    (sound,) = [part for part in recordings.convert_video(data, "mov").parts if part.role == "sound"]
    assert (sound.kind, len(sound.data) < 100_000) == ("m4a", True)


def test_the_boxes_of_a_film_cannot_keep_the_check_busy() -> None:
    data = struct.pack(">I4s4s4x", 16, b"ftyp", b"zzzz") + struct.pack(">I4s", 8, b"free") * 100_000
    assert refusal_of(data) == "file_type"
    assert io.BytesIO(data).read(4)
