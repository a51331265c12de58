"""Whether the last digits belong to the number, by how the digits are grouped.

"0812 345 678 90" is one number in groups of three. In "081234567890 2" the 2 may be the last digit or a
count: both readings are offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from aduan.numbers.foreign_numbers import is_country_code, usual_groups
from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseFailure, ParseResult, dial, international
from aduan.numbers.parsing.candidates import PHONE_KINDS, SHORTEST
from aduan.numbers.parsing.figures import Figure

_DIGITS: Final = re.compile(r"[0-9]+")
_LIGHT: Final = re.compile(r"[ ()._-]{1,5}")
_AMOUNT_BEHIND: Final = re.compile(r"[ ](?:Rp[. ]{0,2})?[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,3}$", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"[(\[][ ]?[0-9]{1,4}[ ]?[)\]]")
_BRACKET: Final = re.compile(r"[(\[]")
_AREA_CODE: Final = 3  # digits of the shortest, with its 0; brackets before that hold a part of it
_LONGEST_WITH_EXTRA: Final = 28  # digits and separators; more are two numbers rather than a figure too many
_MOST_EXTRA: Final = 4  # more digits than that never join a whole number to another one
_LONGEST_BEFORE: Final = 5  # digits of a figure in front of a number: a postcode
_SHORT_NUMBER: Final = 10  # digits from the 0 on; a shorter prefix of an evenly grouped number is chance
# "25rb" is no group of a number; the 90 of "0812 345 678 90x5" may be one, and so may that of 90' (minutes).
_APART_FROM_UNIT: Final = re.compile(
    r"([0-9]{1,4})(?:(?<=[0-9]{2})(?:['\"]|[xX](?P<times>[1-9][0-9]?)?))?(?![^ ])"
)
_LONGEST: Final = 16  # of an E.164 number with its plus
_LONGEST_TAIL: Final = 2  # digits of the last group that may be a count behind a number with a doubled prefix
_CHOICES: Final = frozenset(("ambiguous_prefix", "prefix_missing"))  # of two readings of all the digits
_CODE_BEHIND: Final = re.compile(
    r"(?P<local>[1-9][0-9 .-]{4,9}[0-9])[ ]{0,2}[(\[][ ]?(?P<code>0[2-9][0-9]{1,2})"
)
_LOCAL, _AREA_GROUP = re.compile(r"[2-9][0-9]{5,7}"), re.compile(r"0[2-79][0-9]{1,2}")
_PREFIX_BEHIND: Final = re.compile(r"08[1-9][0-9]")
_LISTED: Final = re.compile(r"00[1-9]")
_COMPACT_DATE: Final = re.compile(r"20[12][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")


def ask_where_it_ends(core: str, joined: ParseResult, *, plus: bool) -> ParseFailure | None:
    """Whether a shorter number stands in `core`, which reads as `joined`, and the rest may not belong."""
    groups, separators = _grouped(core)
    if len(groups) < 2 or joined.kind not in PHONE_KINDS:
        return None
    shorter = list(_shorter(groups, separators, joined, plus=plus))
    if not shorter or is_usual_abroad(groups, joined):
        return None
    return ParseFailure("extra_digits", (joined.canonical, *(one.canonical for one in shorter)))


def _shorter(
    groups: Sequence[str], separators: Sequence[str], joined: ParseResult, *, plus: bool
) -> Iterator[ParseResult]:
    """The whole numbers that the first groups are, where the others may not belong to them."""
    extra = 0
    for cut in range(len(groups) - 1, 0, -1):
        extra += len(groups[cut])
        before = len(joined.canonical) - 2 - extra
        if extra > _MOST_EXTRA or (joined.kind is NumberKind.MOBILE and before < _SHORT_NUMBER):
            return
        belongs = _belongs_abroad if joined.kind is NumberKind.FOREIGN else _belongs
        if belongs(groups, separators, cut, before):
            continue
        shorter = _whole(groups[:cut], plus=plus, in_use=not _is_odd_tail(groups, cut, joined))
        if shorter is not None:
            yield shorter


def _grouped(core: str) -> tuple[list[str], list[str]]:
    """The groups and what separates them. A trunk zero behind the country code, "+62(0)812", is no group."""
    groups, separators = _DIGITS.findall(core), _DIGITS.split(core)[1:-1]
    if len(groups) > 2 and groups[1] == "0":
        return [groups[0] + "0", *groups[2:]], separators[1:]
    return groups, separators


def ask_about_other_order(core: str, joined: ParseResult, *, plus: bool) -> ParseFailure | None:
    """ "8849 872 - 0812" may be written behind its prefix, and in "8-812-3456-7890" the 8 may count."""
    if plus or core[0] != "8" or joined.kind is not NumberKind.MOBILE:
        return None
    groups, separators = _DIGITS.findall(core), _DIGITS.split(core)[1:-1]
    if len(groups) < 2:
        return None
    other = None
    if len(groups[0]) == 1:
        other = _whole(groups[1:], plus=False)
    elif len(groups) == 2 and _LOCAL.fullmatch(groups[0]) and _AREA_GROUP.fullmatch(groups[1]):
        other = _whole([groups[1], groups[0]], plus=False)  # "8312345-0251"
    elif _PREFIX_BEHIND.fullmatch(groups[-1]) and not (
        _LIGHT.fullmatch(separators[-1]) and set(separators[:-1]) <= {separators[-1]}
    ):
        other = _whole([groups[-1], *groups[:-1]], plus=False)
    return ParseFailure("extra_digits", (joined.canonical, other.canonical)) if other else None


def code_behind(core: str) -> ParseResult | None:
    """ "8312345 (0251)", "34567890 (0812)": its area code or prefix in brackets behind a number."""
    match = _CODE_BEHIND.fullmatch(core)
    return _whole([match["code"], *_DIGITS.findall(match["local"])], plus=False) if match else None


def offer_shorter_too(core: str, answer: ParseFailure, *, plus: bool) -> ParseFailure:
    """ "+62 6281234567890 2": what is offered with all digits is offered without the last few, too."""
    groups, separators = _grouped(core)
    if len(groups) < 2 or len(groups[-1]) > _LONGEST_TAIL or answer.code in _CHOICES:
        return answer
    if len(groups) > 3 and _belongs(groups, separators, len(groups) - 1, _SHORT_NUMBER):
        return answer
    shorter = dial("".join(groups[:-1]), plus=plus, groups=tuple(groups[:-1]))
    offers = (shorter.canonical,) if isinstance(shorter, ParseResult) else shorter.suggestions
    return answer._replace(suggestions=tuple(dict.fromkeys((*answer.suggestions, *offers))))


def ask_about_bracket(core: str, joined: ParseResult, *, plus: bool) -> ParseFailure | None:
    """ "0857 12(3)4567": digits in brackets behind the prefix, without which a whole number is left."""
    if joined.kind not in PHONE_KINDS or not _BRACKET.search(core):
        return None
    for match in _BRACKETED.finditer(core):
        before = _DIGITS.findall(core[: match.start()])
        if not before or len("".join(before).removeprefix("00").removeprefix("62")) < _AREA_CODE:
            continue  # "+62 (812) 345…" and "0 (812) 345…"
        shorter = _whole([*before, *_DIGITS.findall(core[match.end() :])], plus=plus)
        if shorter is not None:
            return ParseFailure("extra_digits", (joined.canonical, shorter.canonical))
    return None


def offer_without_extra(core: str, answer: ParseFailure, *, plus: bool) -> ParseFailure | None:
    """ "1 081234567890", "081234567890 2025": a whole number with a figure before or behind it is offered."""
    amount = _AMOUNT_BEHIND.search(core)
    if amount is not None and not answer.suggestions:
        number = _whole(_DIGITS.findall(core[: amount.start()]), plus=plus)
        if number is not None:
            return ParseFailure("extra_digits", (number.canonical,))
    groups, separators = _DIGITS.findall(core), _DIGITS.split(core)[1:-1]
    if (
        answer.suggestions
        or len(groups) < 2
        or len(core) > _LONGEST_WITH_EXTRA
        or not all(map(_LIGHT.fullmatch, separators))
    ):
        return None
    begins = plus or groups[0].startswith(("0", "62", "8"))
    offers = [number.canonical for number in _whole_with_extra(groups, plus=plus)] if begins else []
    follows = len(groups[0]) <= _LONGEST_BEFORE and groups[1].startswith(("0", "62", "8"))
    behind = _whole(groups[1:], plus=False) if follows else None
    mobile = next((index for index, group in enumerate(groups) if index > 1 and group[:2] == "08"), 0)
    if mobile and behind is None:  # "+62 21 0812 3456 7890"
        behind = _whole(groups[mobile:], plus=False)
        before = _whole(groups[: mobile - 1], plus=plus)  # "081234567890 2. 085712345678"
        offers += [before.canonical] if before is not None else []
    if behind is not None:
        offers.append(behind.canonical)
    return ParseFailure("extra_digits", tuple(offers)) if offers else None


def _whole_with_extra(groups: Sequence[str], *, plus: bool) -> Iterator[ParseResult]:
    """The number in front of a few digits that are too many, unless all come in pairs or threes."""
    sizes = {len(group) for group in groups[1:]}
    if len(sizes) == 1 and len(groups) > 3 and max(sizes) < 4:
        return
    for cut in range(len(groups) - 1, max(len(groups) - 4, 0), -1):
        found = _whole(groups[:cut], plus=plus)
        extra = "".join(groups[cut:])
        if found is not None and (len(extra) <= _MOST_EXTRA + 2 or _COMPACT_DATE.fullmatch(extra)):
            yield found


def ask_if_figure_may_belong(
    text: str, rest: str, beside: Sequence[Figure], answer: ParseResult
) -> ParseFailure | None:
    """ "0812 345 678 90 kali": a figure that continues the groups of the number evenly may be part of it."""
    first = _DIGITS.search(rest)
    if len(answer.canonical) >= _LONGEST or answer.kind not in PHONE_KINDS or first is None:
        return None
    joined = joined_with_figure(text, rest, beside, first.start(), answer)
    return ParseFailure("extra_digits", (answer.canonical, joined.canonical)) if joined else None


def joined_with_figure(
    text: str, rest: str, beside: Sequence[Figure], start: int, answer: ParseResult
) -> ParseResult | None:
    """What the number at `start`, read as `answer`, is together with a figure that goes on its groups."""
    if bracketed := _with_glued_bracket(text, rest, beside, start, answer):
        return bracketed
    behind = next(_adjacent(text, rest, beside, start), None)
    if behind is None:
        return None
    longer = rest[start : behind.start()] + behind[1]
    groups, separators = tuple(_DIGITS.findall(longer)), _DIGITS.split(longer)[1:-1]
    belongs = _belongs_abroad if answer.kind is NumberKind.FOREIGN else _belongs
    even = len(groups) > 2 and belongs(groups, separators, len(groups) - 1, len(answer.canonical) - 2)
    if not even and not behind["times"]:  # of "36x5" only the 5 is how often
        return None
    plus = rest[:start].rstrip(" (.-").endswith("+")
    joined = dial("".join(groups), plus=plus, groups=groups)
    return joined if isinstance(joined, ParseResult) else None


def _with_glued_bracket(
    text: str, rest: str, beside: Sequence[Figure], start: int, answer: ParseResult
) -> ParseResult | None:
    """ "0812345678(90)": behind a number as short as few are, a bracket may hold its end.

    Behind a space it is how often the number called, unless it is as long as the group in front of it
    ("0812 3456 78 (90)") or the number began without its 0.
    """
    if answer.kind is not NumberKind.MOBILE or len(answer.canonical) - 2 > _SHORT_NUMBER:
        return None
    for figure in beside:
        if figure.start <= start or text[figure.start] not in "([{<":
            continue
        *before, inside = groups = tuple(
            _DIGITS.findall(rest[start : figure.start] + text[figure.start : figure.end])
        )
        goes_on = len(inside) > 1 and (len(inside) == len(before[-1]) or before[0].startswith("8"))
        if goes_on or text[figure.start - 1].isdigit():
            joined = dial("".join(groups), plus=answer.canonical[1:].startswith(groups[0]), groups=groups)
            return joined if isinstance(joined, ParseResult) else None
    return None


def _adjacent(text: str, rest: str, beside: Sequence[Figure], start: int) -> Iterator[re.Match[str]]:
    """Where figures of a few digits stand behind the number, with nothing but light marks between."""
    for figure in beside:
        if figure.start <= start or not rest[start : figure.start].rstrip(" .-")[-1:].isdigit():
            continue
        digits = _APART_FROM_UNIT.match(text, figure.start, figure.end)
        if digits is not None and not _DIGITS.search(text, digits.end(), figure.end):
            yield digits


def whole_behind(groups: Sequence[str], *, plus: bool) -> ParseResult | None:
    """ "+2 0857 1234 567", "002 0857…": the whole number behind a figure, when it begins as at home."""
    if len(groups) < 2:
        return None
    no_country = len(groups[0]) == 1 or (len(groups[0]) == 2 and not is_country_code(groups[0]))
    counted = plus and no_country and groups[0] != "62" and groups[1].startswith(("0", "62"))
    listed = _LISTED.fullmatch(groups[0]) and groups[1].startswith("0")
    return _whole(groups[1:], plus=False) if counted or listed else None


def _is_odd_tail(groups: Sequence[str], cut: int, joined: ParseResult) -> bool:
    """ "+39 312 345 678 5": one or two digits behind longer groups, where numbers may have any length."""
    last = len(groups[-1])
    before = groups[1:cut] or groups[:cut]
    return (
        joined.kind is NumberKind.FOREIGN
        and cut == len(groups) - 1
        and last <= 2
        and all(len(group) > last for group in before)
    )


def _whole(groups: Sequence[str], *, plus: bool, in_use: bool = True) -> ParseResult | None:
    digits = "".join(groups)
    if len(digits) < SHORTEST:
        return None
    found = dial(digits, plus=plus, groups=tuple(groups))
    if not isinstance(found, ParseResult) or found.kind not in PHONE_KINDS:
        return None
    if (
        found.kind is NumberKind.FOREIGN and in_use
    ):  # of many possible lengths abroad, those in use end a number
        return found if isinstance(international(found.canonical[1:], strict=True), ParseResult) else None
    return found


def is_usual_abroad(groups: Sequence[str], found: ParseResult) -> bool:
    """Whether this is a foreign number that is in use, grouped as its country groups it."""
    if found.kind is not NumberKind.FOREIGN or len(groups[-1]) == 1:
        return False
    usual = usual_groups(found.canonical[1:])
    return bool(usual) and list(usual[1 - len(groups) :]) == list(groups[1:])


def _belongs_abroad(groups: Sequence[str], separators: Sequence[str], cut: int, digits: int) -> bool:
    """Abroad many lengths are possible: only a group as long as the one before goes on."""
    return len(groups[cut]) == len(groups[cut - 1]) and _belongs(groups, separators, cut, digits)


def _belongs(groups: Sequence[str], separators: Sequence[str], cut: int, digits: int) -> bool:
    """Whether the groups from `cut` on continue those before: the same separator, and an even grouping.

    `digits` counts those before, from the 0 on.
    """
    inside, mark = separators[1 : cut - 1], separators[cut - 1]
    if not inside or mark not in inside:
        return False
    sizes = [len(group) for group in groups[1:cut]]
    if cut < len(groups) - 1 or len(groups[cut]) >= min(sizes[-2:]):
        return True
    return max(sizes) <= 3 and digits <= _SHORT_NUMBER
