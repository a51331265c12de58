"""Pictures: decoded, turned upright, painted on a new canvas and encoded again. Runs in the sandbox only.

Nothing but the pixels survives. A long picture is cut into pages at its full width, so that nothing on it
becomes smaller.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import Final

from PIL import Image, ImageFile, ImageOps

from aduan.complaints.evidence import limits, picture_headers
from aduan.complaints.evidence.conversion import Converted, Part, Refused

THUMBNAIL: Final = 320  # pixels of the longer side
PAGE_RATIO: Final = 2  # height of a page of a long picture, in widths
_OVERLAP: Final = 40  # pixels
_FORMATS: Final = {"heic": "HEIF", "avif": "AVIF"}
_PLAIN: Final = ("JPEG", "PNG", "WEBP", "GIF")


def load_decoders(kind: str) -> None:
    """Imports what decodes this kind; afterwards no file is read and at most one thread is started."""
    Image.preinit()
    Image.init()
    from PIL import MpoImagePlugin  # noqa: F401 - a JPEG with several pictures asks for it while it is read

    if kind == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
        pillow_heif.options.DECODE_THREADS = 1
    elif kind == "avif":
        from PIL import AvifImagePlugin

        AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def convert_picture(data: bytes, kind: str = "jpeg") -> Converted:
    """Raises Refused. An animated picture becomes its first frame, and a note says so."""
    image = open_upright(data, kind)
    moving = image.format != "MPO" and getattr(image, "n_frames", 1) != 1
    done = _pages(image) if image.height >= limits.LONG_RATIO * image.width else _whole(image)
    done.note = "first_frame" if moving else ""
    return done


def open_upright(data: bytes, kind: str) -> Image.Image:
    """The first frame, decoded and turned upright. Raises Refused."""
    image = _open(data, kind)
    try:
        image.load()
        if image.format in {"JPEG", "MPO"} and _ends_too_early(data, image):
            raise Refused("damaged_picture")
        vars(image).pop("_decoder", None)  # WebP's holds two more canvases for as long as it lives
        ImageOps.exif_transpose(image, in_place=True)  # a copy of a long picture would not fit
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("damaged_picture") from error
    return image


def _open(data: bytes, kind: str) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = limits.MAX_LONG_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    formats = (_FORMATS[kind],) if kind in _FORMATS else _PLAIN
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("not_a_picture") from error
    if not limits.fits(image.width, image.height):
        raise Refused("too_many_pixels")
    return image


_FILLING: Final = b"\x5a\xa5\x3c\x96" * 32
_GREY: Final = 128  # every channel of a block for which a JPEG holds no data


def _ends_too_early(data: bytes, image: Image.Image) -> bool:
    """Whether a JPEG broke off and an end marker was glued on: the decoder silently paints the rest grey.

    Only a picture whose last pixels have exactly that grey is looked at more closely: with more data before
    the end marker, a whole picture stays the same and a broken one goes on.
    """
    if _last_pixel(image) not in {_GREY, (_GREY,) * 3}:
        return False
    end = picture_headers.jpeg_facts(data).end
    longer = data[:end] + _FILLING + data[end:]
    return end > 0 and _eighth(data) != _eighth(longer)


def _last_pixel(image: Image.Image) -> object:
    return image.getpixel((image.width - 1, image.height - 1))


def _eighth(data: bytes) -> bytes:
    """The picture at an eighth of its width and height."""
    image = Image.open(io.BytesIO(data), formats=("JPEG",))
    image.draft(image.mode, (max(image.width // 8, 1), max(image.height // 8, 1)))
    return image.tobytes()


def _whole(upright: Image.Image) -> Converted:
    canvas = on_canvas(upright)
    return described(canvas, Converted(clean=as_jpeg(canvas), width=canvas.width, height=canvas.height))


def _pages(upright: Image.Image) -> Converted:
    """One page at a time is painted and encoded: the whole never exists twice."""
    done = Converted(width=upright.width, height=upright.height)
    pages = list(cuts(upright.width, upright.height))
    for top, bottom in pages:
        canvas = on_canvas(upright.crop((0, top, upright.width, bottom)))
        if not done.parts:
            described(canvas, done)
        light = as_light_jpeg(canvas, limits.MAX_DERIVATIVES // len(pages))
        done.parts.append(Part("page", light, width=canvas.width, height=canvas.height))
    done.clean = done.parts[0].data
    return done


def cuts(width: int, height: int, ratio: float = PAGE_RATIO) -> Iterator[tuple[int, int]]:
    """Top and bottom of each page; two pages share a strip, so that no line of text is cut in both."""
    step = max(round(ratio * width), 800)
    for top in range(0, height, step):
        yield max(top - _OVERLAP, 0), min(top + step, height)


def described(picture: Image.Image, done: Converted) -> Converted:
    """Adds the thumbnail and the hashes of this picture."""
    small = picture.copy() if picture.width * picture.height < 2_000_000 else picture.reduce(2)
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    done.thumbnail = as_jpeg(small, 75)
    done.hash = difference_hash(picture)
    done.mirrored = difference_hash(ImageOps.mirror(picture))
    return done


def difference_hash(image: Image.Image) -> int:
    """64 bits: whether brightness falls from each cell of a 9 by 8 grid to its right neighbour."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    cells = grey.tobytes()
    value = 0
    for row in range(8):
        for column in range(8):
            value = value << 1 | (cells[row * 9 + column] > cells[row * 9 + column + 1])
    return value


def on_canvas(image: Image.Image) -> Image.Image:
    """The pixels alone, opaque, without what the file said beside them."""
    if image.mode == "RGB" and "transparency" not in image.info:
        plain = image._new(image.im)  # the same pixels: twice those of a large picture would not fit
        plain.info = {}
        return plain
    canvas = Image.new("RGB", image.size, "white")
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        canvas.paste(layer, mask=layer.getchannel("A"))
    else:
        canvas.paste(image.convert("RGB"))
    return canvas


def as_jpeg(image: Image.Image, quality: int = 85) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality)
    return target.getvalue()


def as_light_jpeg(image: Image.Image, most_bytes: int) -> bytes:
    """No heavier than its share, where a quality at which text stays legible allows it."""
    for quality in (85, 70, 55):
        data = as_jpeg(image, quality)
        if len(data) <= most_bytes:
            break
    return data
