"""Recordings and videos, with FFmpeg's libraries (PyAV). Runs in the sandbox only; starts no thread.

The coded sound is copied into a new file, packet by packet, without tags, pictures, chapters or tails. Of a
video only stills of changed scenes and the sound track are kept.
"""

from __future__ import annotations

import importlib
import io
import itertools
import pkgutil
import time
from typing import TYPE_CHECKING, Any, Final

import av
from av.error import FFmpegError

from aduan.complaints.evidence import file_types, limits, pictures
from aduan.complaints.evidence.conversion import Converted, Part, Refused

if TYPE_CHECKING:
    from PIL import Image

# Our kind → FFmpeg's names of what reads and what writes it. No other reader is tried.
_READERS: Final = {
    "mp3": "mp3", "wav": "wav", "amr": "amr", "ogg": "ogg", "m4a": "mov", "aac": "aac",
    "mp4": "mov", "mov": "mov", "3gp": "mov", "webm": "matroska",
}  # fmt: skip
_WRITERS: Final = {"mp3": "mp3", "wav": "wav", "amr": "amr", "ogg": "ogg", "m4a": "ipod", "aac": "adts"}
_OPTIONS: Final = {
    "mp3": {"write_xing": "0", "id3v2_version": "0"},
}
_BARE: Final = frozenset({"mp3", "amr", "adts"})  # frames and nothing around them
_LEAST_FRAMES: Final = 4  # that any bytes happen to look like so many is out of the question
# Codec of a sound track → the kind of file that holds it.
_HOLDERS: Final = {
    "aac": "m4a", "alac": "m4a", "opus": "ogg", "vorbis": "ogg", "mp3": "mp3", "mp3float": "mp3",
    "amr_nb": "amr", "amrnb": "amr", "amr_wb": "amr", "amrwb": "amr", "pcm_s16le": "wav",
}  # fmt: skip
_ANY_CODEC: Final = frozenset({"mp3", "wav", "amr", "aac"})  # one codec, or all of its own
_OGG_CODECS: Final = frozenset({"opus", "libopus", "vorbis", "flac", "speex", "libspeex"})
_MOST_RATE: Final = 48_000
MOST_STILLS: Final = 24
_MOST_SOUND: Final = 6 * limits.MEBIBYTE  # of a video; what is left of ANSWER_LIMIT beside the stills
_MOST_STILL: Final = (limits.MAX_DERIVATIVES - _MOST_SOUND) // MOST_STILLS  # bytes
_MOST_SIDE: Final = 3200  # pixels of a still: a phone's screen stays as it is
_GREY: Final = 48  # cells a side of the grey copies that are compared
_VISIBLE: Final = 8  # grey levels
_CHANGED_CELLS: Final = 40  # of 2,304: a new message changes more, a clock in the status bar less
_SPARSE: Final = 4.0  # seconds between key frames beyond which the frames between are looked at as well
_BUDGET: Final = 20.0  # seconds of processor time for the frames of one video


def load_decoders() -> None:
    """Imports every module of PyAV: it asks for some only when it meets a kind of stream."""
    for module in pkgutil.walk_packages(av.__path__, "av."):
        if not module.name.endswith(("__main__", "datasets")):
            importlib.import_module(module.name)


def clean_recording(data: bytes, kind: str) -> Converted:
    """The same sound in a new file: of the same kind, or of one that can hold its codec. Raises Refused."""
    try:
        with _opened(data, kind) as source:
            if any(not _is_cover(stream) for stream in source.streams.video):
                raise Refused("not_a_recording")
            holder = _holder_of(source, kind)
            clean = _copied(source, holder) if holder else _coded_again(source)
    except (FFmpegError, ValueError, IndexError) as error:
        raise Refused("not_a_recording") from error
    return Converted(clean=clean, kind=holder or "m4a")


def convert_video(data: bytes, kind: str) -> Converted:
    """Stills of changed scenes, and the sound track as a recording. Without pictures, a recording.

    Raises Refused.
    """
    try:
        with _opened(data, kind) as source:
            if not source.streams.video and source.streams.audio:
                return clean_recording(data, kind)
            if not source.streams.video:
                raise Refused("not_a_video")
        done = _stills(data, kind)
        done.parts += _sound_track(data, kind)
    except (FFmpegError, ValueError, IndexError) as error:
        raise Refused("damaged_video") from error
    return done


def _holder_of(source: Any, kind: str) -> str:
    """The kind of file that takes these packets as they are; empty when they have to be coded again.

    A phone's 3GP recording holds AMR, a browser's WebM holds Opus, and a call recorder's M4A either.
    """
    codec = source.streams.audio[0].codec_context.name
    if kind in _ANY_CODEC or (kind == "ogg" and codec in _OGG_CODECS):
        return kind
    return _HOLDERS.get(codec, "")


def _opened(data: bytes, kind: str) -> Any:
    return av.open(io.BytesIO(data), format=_READERS[kind], options={"max_streams": "8"})


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _copied(source: Any, kind: str) -> bytes:
    """At least one frame must decode, and every packet is copied once, in order."""
    track = source.streams.audio[0]
    target = io.BytesIO()
    writer = _WRITERS[kind]
    packets = decoded = 0
    with av.open(
        target,
        "w",
        format=writer,
        options=_OPTIONS.get(writer, {}),
        container_options={"fflags": "+bitexact"},
    ) as sink:
        out = sink.add_stream_from_template(track)
        out.metadata.clear()
        for packet in source.demux(track):
            if packet.dts is None or packet.size == 0:
                continue
            if not _is_frame(bytes(packet), writer):
                break
            if packets < 20:
                decoded += _frames_in(packet)
            packet.stream = out
            sink.mux(packet)
            packets += 1
    if not decoded or (writer in _BARE and packets < _LEAST_FRAMES):
        raise Refused("not_a_recording")
    return target.getvalue()


def _is_frame(packet: bytes, writer: str) -> bool:
    """Whether a packet of a bare stream is one whole frame: what was glued on behind the last one is not.

    The other formats have lengths and checksums of their own.
    """
    if writer == "mp3":
        return file_types.mp3_frame(packet, 0) == len(packet)
    if writer == "adts":
        return (
            (packet[3] & 3) << 11 | packet[4] << 3 | packet[5] >> 5 == len(packet)
            if len(packet) > 6
            else False
        )
    return writer != "amr" or packet[0] & 0x83 == 0


def _frames_in(packet: Any) -> int:
    try:
        return len(packet.decode())
    except FFmpegError:
        return 0


def _coded_again(source: Any) -> bytes:
    """The sound as AAC, for codecs that no file of ours holds (EVRC, QCELP, AC-3 ...)."""
    target = io.BytesIO()
    track = source.streams.audio[0]
    with av.open(target, "w", format="ipod", container_options={"fflags": "+bitexact"}) as sink:
        rate = min(track.rate or _MOST_RATE, _MOST_RATE)
        out = sink.add_stream("aac", rate=rate, layout="mono")
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate, frame_size=1024)
        heard = 0
        for frame in itertools.chain(source.decode(track), [None]):
            if frame is not None:
                frame.pts = None
            for piece in resampler.resample(frame):
                heard += 1
                sink.mux(out.encode(piece))
        sink.mux(out.encode(None))
    if not heard:
        raise Refused("not_a_recording")
    return target.getvalue()


def _sound_track(data: bytes, kind: str) -> list[Part]:
    """Empty when there is none, or none that can be read; coded again where it is too heavy as it is."""
    with _opened(data, kind) as source:
        if not source.streams.audio:
            return []
        holder = _HOLDERS.get(source.streams.audio[0].codec_context.name)
        try:
            if holder:
                sound = Part("sound", _copied(source, holder), holder)
                if len(sound.data) <= _MOST_SOUND:
                    return [sound]
            with _opened(data, kind) as again:
                return [Part("sound", _coded_again(again), "m4a")]
        except (Refused, FFmpegError, ValueError):
            return []


def _stills(data: bytes, kind: str) -> Converted:
    """Stills of the key frames; where these are far apart, of one frame a second as well."""
    scenes = _Scenes()
    seconds = scenes.scan(data, kind, only_key_frames=True)
    if seconds > limits.MAX_SECONDS + 1:
        raise Refused("video_too_long")
    if seconds > _SPARSE * max(scenes.seen, 1):
        scenes = _Scenes()
        scenes.scan(data, kind, only_key_frames=False)
    if not scenes.stills:
        raise Refused("damaged_video")
    done = scenes.first
    done.parts = scenes.stills
    done.clean, done.width, done.height = (
        scenes.stills[0].data,
        scenes.stills[0].width,
        scenes.stills[0].height,
    )
    done.note = "stills_cut" if scenes.cut else "stills"
    return done


class _Scenes:
    """Keeps a still of each frame that differs visibly from the last one that was kept."""

    def __init__(self) -> None:
        self.stills: list[Part] = []
        self.first = Converted()
        self.seen = 0
        self.cut = False
        self._last = b""
        self._until = time.process_time() + _BUDGET

    def scan(self, data: bytes, kind: str, *, only_key_frames: bool) -> float:
        """Returns the second of the last frame, or the length that the file names if that is more."""
        second = 0.0
        with _opened(data, kind) as source:
            track = source.streams.video[0]
            track.codec_context.thread_count = 1
            track.codec_context.skip_frame = "NONKEY" if only_key_frames else "DEFAULT"
            due = 0.0
            for frame in source.decode(track):
                second = float(frame.time or 0.0)
                if only_key_frames or second >= due:
                    due = second + 1.0
                    self._offer(frame, second)
                if second > limits.MAX_SECONDS + 1:
                    break
                if len(self.stills) >= MOST_STILLS or time.process_time() > self._until:
                    self.cut = True
                    break
            return max(second, (source.duration or 0) / av.time_base)

    def _offer(self, frame: Any, second: float) -> None:
        self.seen += 1
        small = frame.to_image(width=_GREY, height=_GREY, threads=1).convert("L").tobytes()
        if not _differs(small, self._last):
            return
        self._last = small
        image = _upright(frame)
        if not self.stills:
            pictures.described(image, self.first)
        light = pictures.as_light_jpeg(image, _MOST_STILL)
        part = Part("still", light, width=image.width, height=image.height, second=second)
        self.stills.append(part)


def _differs(one: bytes, other: bytes) -> bool:
    changed = sum(abs(a - b) > _VISIBLE for a, b in zip(one, other, strict=False))
    return not other or changed > _CHANGED_CELLS


def _upright(frame: Any) -> Image.Image:
    width, height = frame.width, frame.height
    if width > _MOST_SIDE or height > _MOST_SIDE:
        scale = _MOST_SIDE / max(width, height)
        width, height = round(width * scale), round(height * scale)
    image: Image.Image = frame.to_image(width=width, height=height, threads=1)
    turned = round(getattr(frame, "rotation", 0) or 0) % 360
    return image.rotate(turned, expand=True) if turned else image
