"""A text with every digit as 0-9: of any script, drawn in circles, or spoken. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from aduan.numbers.parsing.normalise import INVISIBLE, fold
from aduan.numbers.parsing.vocabulary import NUMBER_WORDS

_LETTERS: Final = re.compile(r"[^\W\d_]+")
# A letter that looks like a digit, in a word that holds digits: "O8l2".
_MIXED: Final = re.compile(r"(?<![^\W_])(?=[a-z]{0,9}[0-9])[0-9oil]+(?![^\W_])")
_DRAWN: Final = str.maketrans("oil", "011")


def plain_digits(text: str) -> str:
    """In lower case, without invisible characters; positions are not those of the text."""
    folded = fold(unicodedata.normalize("NFKC", text)).replace(INVISIBLE, "").lower()
    spoken = _LETTERS.sub(lambda word: NUMBER_WORDS.get(word[0], word[0]), folded)
    return _MIXED.sub(lambda word: word[0].translate(_DRAWN), spoken)
