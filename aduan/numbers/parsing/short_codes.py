"""Short codes and service numbers with digits beside them: "110 3", "1500 888 2", "110/112".

A code is so short that any figure beside it makes another code, and an emergency number would lose its
protection. Both readings are offered, unless the digits are grouped as codes are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseFailure, ParseResult, dial

_CODES: Final = frozenset((NumberKind.SHORT_CODE, NumberKind.SERVICE))
_NEVER_A_CODE: Final = frozenset((NumberKind.MOBILE, NumberKind.FOREIGN))
_SIX_DIGITS: Final = re.compile(r"short:[0-9]{6}")
_LIKE_EMERGENCY: Final = re.compile(r"short:1[0-9]{2}")
_ZEROS_BEFORE: Final = re.compile(r"0{1,2}(1[0-9]{2})")
_BEGINNINGS: Final = ("08", "02", "62")
_NO_CODE: Final = re.compile(r"(?:0|62)8[1-35-9]|(?!0|62)[0-9]{8}")
_LONG_CODE: Final = re.compile(r"(?<![0-9])(?<![0-9][ .-])1500[ .-]?[0-9]{3}(?![ .-]{0,2}[0-9])")
_GROUP: Final = re.compile(r"[0-9]+")
_LIGHT: Final = re.compile(r"[ ().-]{1,4}")
_MOST_GROUPS: Final = 12
_LONGEST_CODE: Final = 11  # digits of 0804 1500 888
_LONGEST_BARE: Final = 7  # digits of 1500 888: longer ones begin with a prefix
_BEGINS_LONG: Final = ("0", "1", "6")  # 0804, 1500 or 62: what may take several groups
_MOST_LEFT: Final = 4  # digits beside a code ("12/05"); more are another number
_MOST_LEFT_OF_SEVERAL: Final = 2
_CALLS: Final = re.compile(r"[0-9]{3,6}\s?[xX]\s?[0-9]{1,2}")  # "110x2" looks like "3x24"
_MOST_BEHIND_AREA: Final = 2  # digits behind "021 110" that may be a count
# Refusals that say nothing about the digits but that they are too many, too few, or among other things.
_OFFERS: Final = frozenset(
    ("too_short", "too_long", "area_code_missing", "extra_text", "letters", "several_numbers")
) | frozenset(("unused_prefix", "extra_digits", "prefix_missing", "unknown_area_code"))
_TOO_MANY: Final = frozenset(
    ("too_short", "too_long", "area_code_missing", "unused_prefix", "prefix_missing")
)


def ask_which_code(core: str, joined: ParseResult, *, plus: bool) -> ParseFailure | None:
    """Whether some of the groups are a code by themselves, and the others a figure beside it."""
    if joined.kind in _NEVER_A_CODE:
        return None
    groups, separators = _GROUP.findall(core), _GROUP.split(core)[1:-1]
    if len(groups) < 2 or len(groups) > _MOST_GROUPS:
        return None
    if joined.kind is NumberKind.LANDLINE:
        others = _before_a_count(groups, plus=plus)
    elif joined.kind in _CODES:
        long = joined.kind is NumberKind.SERVICE or _is_six(joined)
        long = long and all(map(_LIGHT.fullmatch, separators))
        others = _parts(groups, long=long, plus=plus)
    else:
        return None
    offers = [other.canonical for other in others if other != joined]
    return ParseFailure("extra_digits", tuple(dict.fromkeys((joined.canonical, *offers)))) if offers else None


def with_codes(text: str, answer: ParseFailure) -> ParseFailure:
    """Add the codes that stand in the text by themselves, for the person to choose."""
    if answer.code == "extra_text" and answer.suggestions and (beside := _LONG_CODE.search(text)):
        service = f"service:{''.join(_GROUP.findall(beside[0]))}"  # "1500888 / 021 23588000"
        return answer._replace(suggestions=tuple(dict.fromkeys((service, *answer.suggestions))))
    counted = answer.code == "date" and _CALLS.fullmatch(text.strip())
    if answer.suggestions or not (counted or answer.code in _OFFERS):
        return answer
    found = list(_GROUP.finditer(text))
    if not found or len(found) > _MOST_GROUPS or text[: found[0].start()][-1:].isalpha():
        return answer
    if any(_NO_CODE.match(one[0]) for one in found):
        return answer
    offers, left = _standing_alone(text, found)
    if not offers or left > (_MOST_LEFT if len(offers) == 1 else _MOST_LEFT_OF_SEVERAL):
        return answer
    code = "extra_digits" if answer.code in _TOO_MANY else answer.code
    return answer._replace(code="several_numbers" if len(offers) > 1 else code, suggestions=offers)


def _code(groups: Sequence[str], *, plus: bool = False) -> ParseResult | None:
    digits = "".join(groups)
    if len(digits) > _LONGEST_BARE and not plus and digits[0] not in "06":
        return None
    found = dial(digits, plus=plus, groups=tuple(groups))
    return found if isinstance(found, ParseResult) and found.kind in _CODES else None


def _parts(groups: Sequence[str], *, long: bool, plus: bool) -> Iterator[ParseResult]:
    """The codes at the beginning and at the end of a code in several groups."""
    one_by_one = all(len(group) == 1 for group in groups)
    for cut in range(1, len(groups)):
        before = _code(groups[:cut], plus=plus)
        if before is not None and not _usual(before, groups[cut:], long=long, one_by_one=one_by_one):
            yield before
        if long or one_by_one or groups[0][0] == "0":
            continue
        behind = _code(groups[cut:])
        if behind is not None:
            yield behind


def _usual(before: ParseResult, rest: Sequence[str], *, long: bool, one_by_one: bool) -> bool:
    """ "1500 888" and "140 17" are how the long codes are written; "1 1 6 6" reads digit by digit."""
    if long:
        return one_by_one or (before.kind is NumberKind.SHORT_CODE and sum(map(len, rest)) > 1)
    return one_by_one and _LIKE_EMERGENCY.fullmatch(before.canonical) is None


def _before_a_count(groups: Sequence[str], *, plus: bool) -> Iterator[ParseResult]:
    """ "0761 123 45": behind the area code stands the code of the electricity company."""
    for cut in range(1, len(groups)):
        if sum(map(len, groups[cut:])) > _MOST_BEHIND_AREA:
            continue
        found = _code(groups[:cut], plus=plus)
        if found is not None:
            yield found


def _standing_alone(text: str, found: Sequence[re.Match[str]]) -> tuple[tuple[str, ...], int]:
    """The codes in reading order, and how many digits are left beside them."""
    offers: dict[str, None] = {}
    left = index = 0
    while index < len(found):
        last, code = _first_code(text, found[index:])
        if code is None:
            if found[index][0].startswith(_BEGINNINGS):  # the beginning of a number that is not whole
                return (), left
            left += len(found[index][0])
            if left > _MOST_LEFT:  # another number, whatever follows
                return (), left
        else:
            offers[code.canonical] = None
        index += last
    return tuple(offers), left


def _first_code(text: str, found: Sequence[re.Match[str]]) -> tuple[int, ParseResult | None]:
    """The code that begins at the first group, and how many groups it takes: long codes may take several."""
    groups = [found[0][0]]
    if not groups[0].startswith(_BEGINS_LONG):
        return 1, _code(groups)
    for before, match in pairwise(found):
        if not _LIGHT.fullmatch(text[before.end() : match.start()]):
            break
        groups.append(match[0])
    sizes = list(accumulate(map(len, groups)))
    for last in range(len(groups), 1, -1):
        if sizes[last - 1] > _LONGEST_CODE:
            continue
        code = _code(groups[:last])
        if code is not None and (code.kind is NumberKind.SERVICE or groups[0][0] == "0" or _is_six(code)):
            return last, code
    zeros = _ZEROS_BEFORE.fullmatch(groups[0])  # "0110": no trunk zero stands before an emergency number
    return 1, _code([zeros[1]] if zeros else groups[:1])


def _is_six(code: ParseResult) -> bool:
    return _SIX_DIGITS.fullmatch(code.canonical) is not None
