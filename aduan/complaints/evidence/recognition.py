"""Text on pictures of screens, with its place. Runs in the sandbox only; alone imports tesserocr.

A screen is brought to one tone first: dark text on white, whatever the colours of the app. Then the whole
page is read, and the head line once more, which the page's pass may take for a part of the avatar beside it;
a first page without a number also once more word by word (lists of calls, where an avatar begins each row).
A link of which the reader is not sure is read once more by itself, enlarged.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageChops, ImageFilter, ImageOps

from aduan.complaints.evidence import pictures
from aduan.complaints.evidence.conversion import Converted, Part, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    import tesserocr

SCREEN_WIDTH: Final = 720  # pixels to which a screen is brought: below, small letters are lost; above, time
WIDEST: Final = 1080  # for pictures that are no portrait screen
PAGE_RATIO: Final = 2.5  # height of a page, in widths: the screen of a phone is one
MOST_PAGES: Final = 5  # of a scrolled screenshot
PREVIEW_QUALITY: Final = 60
_HEAD: Final = 0.4  # height of the region with the head line, in widths
_CELL, _SMOOTH = 6, 9  # the ground behind the text: cells of so many pixels, a median over so many cells
_LONG_FIGURE: Final = re.compile(r"[0-9](?:[ .()-]{0,2}[0-9]){7}")  # what may be a number
_SURE: Final = 30  # confidence below which a word is noise
# Long figures without blanks are no words, so the reader is never sure of them: accounts, "+6281234567890".
_FIGURE: Final = re.compile(r"\+?[0-9]{3,}\W?")
_LINK: Final = re.compile(r"://|www\.|\.[a-z]{2,6}/")
_SURE_OF_LINK, _MOST_LINKS = 70, 6  # below it, and so many of a page, a link is read again
_MARGIN: Final = 5  # pixels around a link that is read again
_LANGUAGES: Final = ("ind", "eng")
# Where Debian keeps the data of its packages.
_SYSTEM_DATA: Final = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tessdata")

_reader: tesserocr.PyTessBaseAPI | None = None


def load(data: str | None = None) -> None:
    """Reads the language data; afterwards no file is opened. Raises RuntimeError where there is none."""
    global _reader
    os.environ["OMP_THREAD_LIMIT"] = "1"  # noqa: TID251  # read by the library
    import tesserocr

    folder = data or _data_folder()
    found = [name for name in _LANGUAGES if (Path(folder) / f"{name}.traineddata").exists()]
    _reader = tesserocr.PyTessBaseAPI(
        path=folder, lang="+".join(found) or "eng", psm=tesserocr.PSM.AUTO, oem=tesserocr.OEM.LSTM_ONLY
    )
    _reader.SetVariable("user_defined_dpi", "260")
    _reader.SetVariable("tessedit_do_invert", "0")  # the picture is dark on white already
    _reader.SetVariable(
        "debug_file", ""
    )  # what it says goes to stderr: it would open another file when it speaks


def read_picture(data: bytes, kind: str = "jpeg") -> Converted:
    """The words of a picture page by page; each page also as a picture for cut-outs. Raises Refused."""
    image = pictures.open_upright(data, kind)
    done = Converted(width=image.width, height=image.height)
    for number, (top, bottom) in enumerate(pictures.cuts(image.width, image.height, ratio=PAGE_RATIO)):
        if number == MOST_PAGES:
            done.note = "first_pages"
            break
        page = _scaled(pictures.on_canvas(image.crop((0, top, image.width, bottom))))
        done.words += words_of(page, number)
        done.parts.append(
            Part("page", pictures.as_jpeg(page, PREVIEW_QUALITY), width=page.width, height=page.height)
        )
    return done


def words_of(page: Image.Image, number: int = 0) -> list[Word]:
    """The words of one page, line by line; the lines in no order."""
    import tesserocr

    flat = flattened(page)
    found = list(_pass(flat, tesserocr.PSM.AUTO, number))
    if number == 0:
        head = flat.crop((0, 0, flat.width, min(flat.height, int(_HEAD * flat.width))))
        found = _joined(found, list(_enlarged(head, tesserocr.PSM.SPARSE_TEXT, number)))
        if not _LONG_FIGURE.search(" ".join(word.text for word in found)):
            found = _joined(found, list(_pass(flat, tesserocr.PSM.SPARSE_TEXT, number)))
    unsure = [word for word in found if word.sure < _SURE_OF_LINK and _LINK.search(word.text)]
    for word in unsure[:_MOST_LINKS]:
        found[found.index(word)] = _read_again(flat, word)
    return found


def _read_again(flat: Image.Image, word: Word) -> Word:
    """The word as it reads enlarged and by itself, where that is surer."""
    import tesserocr

    left, top = max(word.left - _MARGIN, 0), max(word.top - _MARGIN, 0)
    right, bottom = word.left + word.width + _MARGIN, word.top + word.height + _MARGIN
    alone = flat.crop((left, top, min(right, flat.width), min(bottom, flat.height)))
    again = list(_enlarged(alone, tesserocr.PSM.SINGLE_LINE, word.page))
    if len(again) != 1 or again[0].sure <= word.sure:
        return word
    return replace(word, text=again[0].text, sure=again[0].sure)


def flattened(page: Image.Image) -> Image.Image:
    """Grey, text dark on white: how far each pixel is from the ground around it."""
    grey = page.convert("L")
    small = grey.reduce(_CELL).filter(ImageFilter.MedianFilter(_SMOOTH))
    ground = small.resize(grey.size, Image.Resampling.BILINEAR)
    return ImageOps.invert(ImageOps.autocontrast(ImageChops.difference(grey, ground)))


def _scaled(page: Image.Image) -> Image.Image:
    width = SCREEN_WIDTH if page.height >= page.width else min(max(page.width, SCREEN_WIDTH), WIDEST)
    if page.width == width:
        return page
    return page.resize((width, max(1, round(page.height * width / page.width))), Image.Resampling.LANCZOS)


def _pass(image: Image.Image, mode: int, page: int) -> Iterator[Word]:
    import tesserocr

    if _reader is None:
        raise RuntimeError("load() comes first")
    _reader.SetPageSegMode(mode)
    _reader.SetImageBytes(image.tobytes(), image.width, image.height, 1, image.width)
    _reader.Recognize()
    results = _reader.GetIterator()
    line = 0
    for result in tesserocr.iterate_level(results, tesserocr.RIL.WORD) if results else ():
        line += bool(result.IsAtBeginningOf(tesserocr.RIL.TEXTLINE))
        box = result.BoundingBox(tesserocr.RIL.WORD)
        text = _text(result, tesserocr.RIL.WORD)
        sure = round(result.Confidence(tesserocr.RIL.WORD))
        if box and text and (sure >= _SURE or _FIGURE.fullmatch(text)):
            left, top, right, bottom = box
            yield Word(text, page, line, left, top, right - left, bottom - top, sure)


def _enlarged(image: Image.Image, mode: int, page: int) -> Iterator[Word]:
    large = image.resize((image.width * 3 // 2, image.height * 3 // 2), Image.Resampling.LANCZOS)
    for word in _pass(large, mode, page):
        left, top, width, height = (v * 2 // 3 for v in (word.left, word.top, word.width, word.height))
        yield Word(word.text, page, word.line, left, top, width, height, word.sure)


def _text(result: tesserocr.PyResultIterator, level: int) -> str:
    try:
        return str(result.GetUTF8Text(level)).strip()
    except RuntimeError:  # no text at this place
        return ""


def _joined(whole: list[Word], again: list[Word]) -> list[Word]:
    """The second pass's lines where the first saw nothing, or saw less; their numbers follow the first's."""
    last = max((word.line for word in whole), default=0)
    lines: dict[int, list[Word]] = {}
    for word in again:
        lines.setdefault(word.line, []).append(replace(word, line=last + word.line))
    kept = list(whole)
    for line in lines.values():
        covered = [old for old in kept if any(_overlap(old, new) for new in line)]
        if _weight(line) > _weight(covered):
            kept = [old for old in kept if old not in covered] + line
    return kept


def _weight(words: list[Word]) -> int:
    return sum(len(word.text) * word.sure for word in words)


def _overlap(one: Word, other: Word) -> bool:
    across = min(one.left + one.width, other.left + other.width) - max(one.left, other.left)
    down = min(one.top + one.height, other.top + other.height) - max(one.top, other.top)
    return across > 0 and down > 0


def _data_folder() -> str:
    """Debian's data where the Indonesian is installed, otherwise the English of the wheel."""
    for folder in _SYSTEM_DATA:
        if (Path(folder) / "ind.traineddata").exists():
            return folder
    return str(Path(sys.prefix) / "share" / "tessdata")
