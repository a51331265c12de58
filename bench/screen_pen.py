"""A canvas in the units of a phone's screen, with the colours and typefaces of its apps."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

FOLDER: Final = Path("/usr/share/fonts")
FACES: Final = (
    "Roboto-Regular.ttf",
    "NotoSans-Regular.ttf",
    "OpenSans-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "DejaVuSans.ttf",
)
LIGHT = {
    "ground": "#ece5dd",
    "head": "#ffffff",
    "ink": "#111b21",
    "soft": "#667781",
    "theirs": "#ffffff",
    "ours": "#d9fdd3",
}
GREEN = {**LIGHT, "head": "#008069", "head_ink": "#ffffff"}
DARK = {
    "ground": "#0b141a",
    "head": "#1f2c34",
    "ink": "#e9edef",
    "soft": "#8696a0",
    "theirs": "#1f2c34",
    "ours": "#005c4b",
}
BLUE = {**LIGHT, "ground": "#d5e3ee", "head": "#517da2", "head_ink": "#ffffff", "ours": "#effdde"}
NIGHT = {**DARK, "ground": "#0e1621", "head": "#242f3d", "theirs": "#182533", "ours": "#2b5278"}
PLAIN = {
    "ground": "#ffffff",
    "head": "#ffffff",
    "ink": "#1f1f1f",
    "soft": "#5f6368",
    "theirs": "#f0f4f9",
    "ours": "#d3e3fd",
}
BLACK = {
    "ground": "#131314",
    "head": "#131314",
    "ink": "#e3e3e3",
    "soft": "#a8abb0",
    "theirs": "#303134",
    "ours": "#0842a0",
}


class Pen:
    """A canvas in density-independent pixels that grows downwards."""

    def __init__(self, width: int, dice: random.Random, colours: dict[str, str]) -> None:
        self.scale = width / dice.choice((360, 393, 412))
        self.width, self.colours = width, colours
        self.face = str(dice.choice(faces()))
        self.canvas = Image.new("RGB", (width, int(12_000 * self.scale)), colours["ground"])
        self.draw = ImageDraw.Draw(self.canvas)
        self.y = 0.0

    def px(self, dp: float) -> int:
        return round(dp * self.scale)

    def font(self, size: float) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(self.face, self.px(size))

    def text(self, x: float, y: float, text: str, size: float, colour: str, *, anchor: str = "la") -> None:
        self.draw.text((self.px(x), self.px(y)), text, font=self.font(size), fill=colour, anchor=anchor)

    def box(self, x: float, y: float, right: float, bottom: float, radius: float, colour: str) -> None:
        corners = (self.px(x), self.px(y), self.px(right), self.px(bottom))
        self.draw.rounded_rectangle(corners, self.px(radius), fill=colour)

    @property
    def right(self) -> float:
        return self.width / self.scale

    def wrapped(self, text: str, size: float, most: float) -> list[str]:
        font, lines, line = self.font(size), [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer) > self.px(most):
                lines.append(line)
                longer = word
            while font.getlength(longer) > self.px(most):
                cut = next(
                    n for n in range(len(longer), 0, -1) if font.getlength(longer[:n]) <= self.px(most)
                )
                lines.append(longer[:cut])
                longer = longer[cut:]
            line = longer
        return [*lines, line]

    def encoded(self, dice: random.Random) -> bytes:
        height = max(self.px(self.y), self.px(self.right * dice.choice((1.3, 1.8, 2.1))))
        picture = self.canvas.crop((0, 0, self.width, min(height, self.canvas.height)))
        if dice.random() < 0.15:  # cut off above the head line's middle or below
            picture = picture.crop((0, self.px(24), self.width, picture.height))
        target = io.BytesIO()
        if dice.random() < 0.5:
            picture.save(target, "JPEG", quality=40)
        else:
            picture.save(target, "PNG")
        return target.getvalue()


def faces() -> list[Path]:
    """The typefaces of phones, or like them, that this machine has."""
    found = [path for name in FACES for path in FOLDER.rglob(name)]
    if not found:
        raise FileNotFoundError("no typeface: apt-get install fonts-roboto-unhinted fonts-noto-core")
    return found
