"""Cut stretches of digits in a text into telephone numbers, by what a number begins with and how long it is.

"0812 3456 7890 0813 3456 7890" holds two numbers; "0000-1234-5678-9012" holds none: digits would be left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from aduan.numbers.numbering_plan import ParseFailure, ParseResult, dial, international
from aduan.numbers.parsing import grouping
from aduan.numbers.parsing.candidates import PHONE_KINDS

RUN: Final = re.compile(r"[+(]{0,3}[0-9]++(?:[ ]{0,2}[().*_-]{0,3}[ ]{0,2}[+(]{0,2}[0-9]++){0,40}")
# Digits that people compare, whatever they are: a number, an account, a meter. For `re.VERBOSE`, too.
LONG_DIGITS: Final = r"(?<![\w+])\+?\d(?:[ .-]?\d){6,17}(?!\w)"
_GROUP: Final = re.compile(r"(?P<open>[+(]{0,3})(?P<digits>[0-9]+)")
_YEAR: Final = re.compile(r"20[12][0-9]")  # of messages of these years, behind a number that is whole
_MOST_GROUPS: Final = 14  # of one number: each of its digits on its own
_LONGEST: Final = 17  # digits with an access code
_SHORTEST: Final = 8
_COUNTRY: Final = frozenset(("62", "0062", "00"))
_ASKED: Final = frozenset(
    ("doubled_country_code", "ambiguous_prefix", "plus_before_zero", "doubled_zero", "extra_digits")
)


class Stretch(NamedTuple):
    """A number at `text[start:end]`: one reading, or several when only a person can tell."""

    start: int
    end: int
    readings: tuple[str, ...]


class _Group(NamedTuple):
    start: int
    end: int
    digits: str
    plus: bool
    opened: bool  # a bracket stands in front of it
    before: str  # what separates it from the group in front


def cut(text: str, *, bare: bool) -> list[Stretch]:
    """The numbers of a run. `bare` lets the first begin with its country code or an 8 alone."""
    groups = _groups(text)
    found: list[tuple[int, int, Stretch]] = []
    index = 0
    while index < len(groups):
        read = _longest(text, groups, index, bare=bare and index == 0)
        if read is None:
            index += 1
        else:
            found.append((index, read[0], read[1]))
            index = read[0]
    return [stretch for first, last, stretch in found if _explained(groups, first, last, found)]


def _groups(text: str) -> list[_Group]:
    groups, last = [], 0
    for match in _GROUP.finditer(text):
        before = text[last : match.start("digits")]
        groups.append(
            _Group(
                match.start(),
                match.end(),
                match["digits"],
                "+" in match["open"],
                "(" in match["open"],
                before,
            )
        )
        last = match.end()
    return groups


def _begins(group: _Group) -> bool:
    return group.plus or group.digits.startswith(("0", "62"))


def _longest(text: str, groups: Sequence[_Group], first: int, *, bare: bool) -> tuple[int, Stretch] | None:
    if not bare and not _begins(groups[first]):
        return None
    best: tuple[int, Stretch] | None = None
    size = 0
    for last in range(first + 1, min(len(groups), first + _MOST_GROUPS) + 1):
        size += len(groups[last - 1].digits)
        if size > _LONGEST or (
            last - 1 > first and _cannot_go_on(groups[first : last - 1], groups[last - 1])
        ):
            break
        if best is not None and _starts_another(groups, last - 1):
            break
        if size >= _SHORTEST:
            best = _read(text, groups[first:last], last) or best
    return best


def _cannot_go_on(begun: Sequence[_Group], group: _Group) -> bool:
    """A plus begins another number, and a bracket that was not opened ends a list number: "55) 0812…".

    So does an area code or a prefix in brackets: "8312345 (0251)".
    """
    opens = (
        group.opened and group.digits[0] == "0" and begun[0].digits not in _COUNTRY and group.digits != "0"
    )
    return group.plus or opens or (")" in group.before and not any(one.opened for one in begun))


def _starts_another(groups: Sequence[_Group], index: int) -> bool:
    """Whether a whole number begins at this group, so that the one in front has ended."""
    if not _begins(groups[index]) or groups[index].digits[:2] == "00":
        return False
    joined = ""
    for group in groups[index : index + 6]:
        joined += group.digits
        if len(joined) >= 9:
            found = dial(joined, plus=groups[index].plus)
            return isinstance(found, ParseResult) and found.kind in PHONE_KINDS
    return False


def _read(text: str, groups: Sequence[_Group], last: int) -> tuple[int, Stretch] | None:
    digits, plus = tuple(group.digits for group in groups), groups[0].plus
    start, end = groups[0].start, groups[-1].end
    answer = dial("".join(digits), plus=plus, groups=digits)
    if isinstance(answer, ParseResult) and answer.kind not in PHONE_KINDS:
        return None
    if isinstance(answer, ParseResult):
        core = text[start:end].lstrip("+(")
        asked = _asked(core, answer, plus=plus) if len(digits) > 1 else None
        readings = (answer.canonical,) if asked is None else asked.suggestions
    else:
        readings = answer.suggestions if answer.code in _ASKED else ()
    if not _begins(groups[0]):
        readings = tuple(dict.fromkeys((*readings, *_abroad("".join(digits)))))
    return (last, Stretch(start, end, readings)) if readings else None


def _asked(core: str, answer: ParseResult, *, plus: bool) -> ParseFailure | None:
    ends = grouping.ask_where_it_ends(core, answer, plus=plus)
    return ends or grouping.ask_about_other_order(core, answer, plus=plus)


def _abroad(digits: str) -> tuple[str, ...]:
    """Digits that may begin with the code of another country."""
    found = international(digits, strict=True)
    return (found.canonical,) if isinstance(found, ParseResult) and found.kind in PHONE_KINDS else ()


def _explained(
    groups: Sequence[_Group], first: int, last: int, found: Sequence[tuple[int, int, Stretch]]
) -> bool:
    """Whether the digits right before and behind are a number of their own, or no part of this one."""
    begun = {start for start, _end, _stretch in found}
    ended = {end for _start, end, _stretch in found}
    if last < len(groups) and last not in begun:
        rest = groups[last]
        if not _apart(rest.before, rest.digits, groups[first:last]):
            return False
    if first > 0 and first not in ended:
        return _apart(groups[first].before, groups[first - 1].digits, groups[first:last])
    return True


def _apart(separator: str, digits: str, number: Sequence[_Group]) -> bool:
    if "  " in separator or ")" in separator:
        return True
    if " " not in separator or len(digits) > 4:
        return False
    if _YEAR.fullmatch(digits) and _begins(number[0]):
        return True
    inside = {group.before for group in number[1:]}
    return separator not in inside or len(digits) <= 2
