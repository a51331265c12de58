"""The picture that stands beside a shared link to the public figures: one for each month that is over."""

from __future__ import annotations

import functools
import io
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image, ImageDraw, ImageFont

from portal.common.amounts import grouped
from portal.public.statistics_words import Published, month_name

SIZE: Final = (1200, 630)  # what services that show links ask for
_MARGIN: Final = 84
_INK, _SOFT, _GROUND, _BRAND = "#171d33", "#565d77", "#ffffff", "#2b4190"


def share_picture(published: Published, month: str, language: str) -> bytes | None:
    """PNG; None for a month that is not over or has no figure."""
    lines = share_lines(published, month, language)
    return None if lines is None else _drawn(lines)


def share_lines(published: Published, month: str, language: str) -> tuple[str, ...] | None:
    """What the picture says, in characters that its font has."""
    received = published.number(f"complaints.received.{month}.total")
    known = month in published.split_months("complaints.received") and language in dict(settings.LANGUAGES)
    if received is None or not known:
        return None
    with override(language):
        decided = published.kept(f"decision_times.all.{month}")
        lines = (
            f"Aduan Nomor · {month_name(month)}",
            grouped(received),
            _("complaints received"),
            _("Decided within the time promised: %(share)s") % {"share": decided},
            _("Anybody can recompute each figure."),
        )
    return tuple(line.replace("\u00a0", " ") for line in lines)


@functools.lru_cache(maxsize=64)
def _drawn(lines: tuple[str, ...]) -> bytes:
    picture = Image.new("RGB", SIZE, _GROUND)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SIZE[0], 18), fill=_BRAND)
    top = _MARGIN
    for text, (size, ink) in zip(
        lines, ((44, _BRAND), (160, _INK), (48, _INK), (38, _SOFT), (32, _SOFT)), strict=True
    ):
        fitting = size
        while pen.textlength(text, font=ImageFont.load_default(fitting)) > SIZE[0] - 2 * _MARGIN:
            fitting -= 2
        pen.text((_MARGIN, top), text, font=ImageFont.load_default(fitting), fill=ink)
        top += round(size * 1.35) + 8
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
