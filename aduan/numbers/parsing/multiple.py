"""More than one number in one field: none is chosen, all are offered."""

from __future__ import annotations

import re
from typing import Final

from aduan.numbers.numbering_plan import ParseFailure, ParseResult, dial
from aduan.numbers.parsing.candidates import PHONE_KINDS, Candidate, candidates
from aduan.numbers.parsing.grouping import ask_where_it_ends

_STRONG_MARK: Final = re.compile(r"[/,;|\n&+\\]")
_STRONG: Final = re.compile(
    _STRONG_MARK.pattern + r"|\b(?:dan|atau|or|and|serta|sama|dn|lalu|kemudian|juga|s/d|sd|sampai)\b",
    re.IGNORECASE,
)
_BESIDES: Final = re.compile(r"[^0-9 ().-]")
_WORDS: Final = re.compile(r"[^\W\d_]|=")
_APART: Final = re.compile(r"\s[/|;\\+&]\s")  # with spaces around it, no mark groups the digits of one number
_GROUPS: Final = re.compile(r"[0-9]+")
_SHORTEST_MOBILE: Final = 10  # digits from the 0 on
_LISTED: Final = re.compile(r"^\s*[1-9][0-9]?[.)]\s?(?=[+(]?(?:0|62))")  # "1. 0812…, 2. 0857…"
_GLUED: Final = re.compile(r"(?:0|62)8[1-9][0-9]{17,25}")
_BEGINS_MOBILE: Final = re.compile(r"(?:0|62)8[1-9](?=[0-9]{7})")


def _whole(part: str, *, plus: bool = False) -> ParseResult | None:
    groups = tuple(_GROUPS.findall(part))
    digits = "".join(groups)
    if len(digits) < 8:
        return None
    found = dial(digits, plus=plus, groups=groups)
    return found if isinstance(found, ParseResult) and found.kind in PHONE_KINDS else None


def split_at_marks(core: str, *, plus: bool) -> ParseResult | ParseFailure | None:
    """An answer when marks or words in `core` separate whole numbers; None when it may be one number.

    The same number twice, in whatever spelling, is that number.
    """
    if not _BESIDES.search(core):
        return None
    strong = _STRONG_MARK if core.upper() == core.lower() else _STRONG
    parts = [_LISTED.sub("", part) for part in strong.split(core) if part.strip(" ()")]
    if len(parts) < 2 or _WORDS.search("".join(parts)):
        return None
    found = [_whole(part, plus=plus and index == 0) for index, part in enumerate(parts)]
    whole = [number for number in found if number is not None]
    if len(whole) == len(parts) and len({number.canonical for number in whole}) == 1:
        return whole[0]
    if len(whole) == 1 and "+" in core and (found[0] is not None or _is_figure_before(core)):
        return ParseFailure("extra_digits", (whole[0].canonical,))  # "0812 3456 7890 +1", "0066 +62812…"
    if whole and not (len(whole) == 1 and found[0] is None):
        return ParseFailure("several_numbers", _offers(found, parts))
    return None


def _is_figure_before(core: str) -> bool:
    """Whether digits before a plus are no way to begin a number, as in "+62 +62 812…" and "0+62812…"."""
    before = "".join(_GROUPS.findall(core.partition("+")[0]))
    return len(_STRONG_MARK.findall(core)) == 1 and before.lstrip("0") not in ("", "62")


def glued_together(digits: str) -> ParseFailure | None:
    """ "081234567890085612345678": wherever the second of two whole mobile numbers can begin."""
    if not _GLUED.fullmatch(digits):
        return None
    offers: dict[str, None] = {}
    for second in _BEGINS_MOBILE.finditer(digits, _SHORTEST_MOBILE):
        pair = (_whole(digits[: second.start()]), _whole(digits[second.start() :]))
        offers.update((one.canonical, None) for one in pair if all(pair) and one is not None)
    return ParseFailure("several_numbers", tuple(offers)) if offers else None


def separates(found: str) -> bool:
    """Whether a word or mark between digits can stand between two numbers; after any other, all stay one."""
    return not found[0].isalpha() or found in ("s", "S") or _STRONG.fullmatch(found) is not None  # "s/d"


def is_apart(core: str) -> bool:
    """Whether a mark with spaces around it stands between the digits: "8849 872 / 0812" is no number."""
    return _APART.search(core) is not None


def find_inside(text: str) -> list[Candidate]:
    """The numbers that can be found inside the text, once each."""
    return list(candidates(text, limit=20))


def side_by_side(found: list[Candidate], text: str) -> ParseResult | ParseFailure | None:
    """Numbers with nothing but spaces or dashes between them; None when there are no two."""
    if len(found) < 2:
        return None
    numbers = dict.fromkeys(candidate.found for candidate in found)
    if len(numbers) > 1:
        return ParseFailure("several_numbers", tuple(number.canonical for number in numbers))
    read = sum(sum(map(str.isdigit, text[candidate.start : candidate.end])) for candidate in found)
    return found[0].found if read == sum(map(str.isdigit, text)) else None


def with_offers(answer: ParseFailure, found: list[Candidate]) -> ParseFailure:
    """Add the numbers that can be found inside the text, for the person to choose."""
    if answer.suggestions or answer.code == "masked" or not found:
        return answer
    offers = tuple(dict.fromkeys(candidate.found.canonical for candidate in found))
    if len(offers) > 1 and answer.code in ("too_long", "extra_text", "letters"):
        return ParseFailure("several_numbers", offers)
    code = "extra_text" if answer.code in ("too_long", "bank_account") else answer.code
    return answer._replace(code=code, suggestions=offers)


def _offers(found: list[ParseResult | None], parts: list[str]) -> tuple[str, ...]:
    """ "081234567890/91" means …90 and …91: the last digits of the first number are replaced."""
    offers: list[str] = []
    for number, part in zip(found, parts, strict=True):
        if number is not None:
            asked = ask_where_it_ends(part.strip(" ()"), number, plus=False)  # "0812345678 12/25"
            offers += [number.canonical, *(asked.suggestions if asked else ())]
        elif offers and 1 <= len(tail := "".join(_GROUPS.findall(part))) <= 4:
            offers.append(offers[0][: -len(tail)] + tail)
    return tuple(dict.fromkeys(offers))
