"""Whether a number was typed as it is read, so that only what differs needs to be shown to people."""

from __future__ import annotations

import re
from typing import Final

from aduan.numbers.parsing import normalise
from aduan.numbers.parsing.types import format_number

_GROUPING: Final = re.compile(r"[ ().\-/_]")


def is_usual_spelling(raw: str, canonical: str) -> bool:
    """Whether `raw` is the number itself, in any grouping: 0…, 62… and +62… are the usual ways to begin."""
    plain = _plain(raw)
    if plain == _plain(format_number(canonical)):
        return True
    if not canonical.startswith("+62"):
        return plain in (canonical, canonical.removeprefix("+"))
    national = canonical[3:]
    return plain in (f"0{national}", f"62{national}", f"+62{national}")


def _plain(text: str) -> str:
    return _GROUPING.sub("", normalise.visible(normalise.fold(text))).casefold()
