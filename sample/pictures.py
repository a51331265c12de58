"""Screenshots drawn for the sample: a chat with the story in it, different for every story and amount."""

from __future__ import annotations

import io
import random
import textwrap

from PIL import Image, ImageDraw, ImageFont

_WIDTH, _HEIGHT = 540, 960
_WALLS = ((236, 229, 221), (224, 236, 240), (240, 235, 246), (233, 240, 226))
_HEADS = ((18, 94, 84), (32, 80, 140), (88, 60, 120), (60, 64, 67))


def chat(number: str, text: str, dice: random.Random, *, status: str = "") -> bytes:
    """A JPEG of a chat in which `text` arrives from `number`; `status` stands under it, as apps show it."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), dice.choice(_WALLS))
    draw = ImageDraw.Draw(image)
    small, large = ImageFont.load_default(20), ImageFont.load_default(24)
    draw.rectangle((0, 0, _WIDTH, 84), fill=dice.choice(_HEADS))
    draw.ellipse((18, 18, 66, 66), fill=(200, 208, 212))
    draw.text((82, 14 if status else 28), number, font=large, fill="white")
    draw.text((82, 50), status, font=small, fill="white")
    top = 100 + dice.randrange(60)
    for part, mine in _bubbles(text, dice):
        top = _bubble(draw, part, mine, top, small, dice)
        if top > _HEIGHT - 120:
            break
    target = io.BytesIO()
    image.save(target, "JPEG", quality=82)
    return target.getvalue()


def _bubbles(text: str, dice: random.Random) -> list[tuple[str, bool]]:
    sentences = [part.strip() + "." for part in text.split(". ") if part.strip()]
    answers = [
        "Maaf ini siapa?",
        "Nanti saya cek dulu",
        "Kok minta kode?",
        "Saya tidak merasa pesan",
        "Sebentar",
    ]
    bubbles: list[tuple[str, bool]] = []
    for sentence in sentences:
        bubbles.append((sentence, False))
        if dice.random() < 0.45:
            bubbles.append((dice.choice(answers), True))
    return bubbles


def _bubble(
    draw: ImageDraw.ImageDraw,
    text: str,
    mine: bool,
    top: int,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    dice: random.Random,
) -> int:
    lines = textwrap.wrap(text, 36)
    wide = max(int(draw.textlength(line, font=font)) for line in lines) + 32
    tall = 26 * len(lines) + 44
    left = _WIDTH - 16 - wide if mine else 16
    draw.rounded_rectangle(
        (left, top, left + wide, top + tall), 14, fill=(217, 247, 203) if mine else "white"
    )
    for row, line in enumerate(lines):
        draw.text((left + 16, top + 12 + 26 * row), line, font=font, fill=(25, 30, 32))
    hour = f"{dice.randrange(7, 22):02d}.{dice.randrange(60):02d}"
    draw.text((left + wide - 60, top + tall - 26), hour, font=font, fill=(120, 130, 134))
    return top + tall + 12 + dice.randrange(22)
