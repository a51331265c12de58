"""Digits and what stands around them → the one number that is meant, or a question.

The digits that are stored are one contiguous run of those that were typed, prefix rules aside, and every
digit that is left out was shown to be something else. Where two readings remain, both are offered.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import (
    MOBILE_LONGEST,
    MOBILE_SHORTEST,
    ParseFailure,
    ParseResult,
    dial,
    international,
)
from aduan.numbers.parsing import countries, grouping, letters, non_numbers, short_codes, vocabulary
from aduan.numbers.parsing.candidates import SHORTEST
from aduan.numbers.parsing.figures import LEFT_OUT, Figure, figures, leave_out
from aduan.numbers.parsing.multiple import (
    find_inside,
    glued_together,
    is_apart,
    side_by_side,
    split_at_marks,
    with_offers,
)

_DIGIT: Final = re.compile(r"[0-9]")
_GROUPS: Final = re.compile(r"[0-9]+")
_EXTENSION: Final = re.compile(
    r"(?<=[0-9])[)\s,;.-]{0,4}(?:\b|(?<=[0-9]))(?:ext(?:ension|ensi|n)?|ekst(?:ensi)?|pes(?:awat)?|psw|(?<=\s)x|(?<=\s)#)"
    r"[\s.:=]{0,3}[0-9]{1,6}[\s.)]{0,3}$",
    re.IGNORECASE,
)


# Single light separators of one kind, so that nothing else can hide in it.
PLAIN_MOBILE: Final = re.compile(r"(?:\+?62[ -]?|0)(8[1-35-9][0-9]{1,2})([ -]?)([0-9]{3,4})\2([0-9]{2,5})")
_AMONG_OTHERS: Final = frozenset(("too_long", "letters", "extra_text", "masked"))
# No hidden digits follow it behind a space.
_WHOLE_WORD: Final = re.compile(
    r"(?<!\S)(?:\+?62-?|0)8[1-9](?:[0-9-]{7,13}|[0-9]{1,2}(?: [0-9]{3,4}){2}(?! [0-9]{3}))(?!\S)"
    r"(?!\s(?:[*xX?#_.~-]{2}|[\u2026?]))"
)
# "081234567890..", "0812 3456 7890 x": as many digits as most numbers have; whether more are hidden, only the
# person can tell.
_TRAILING_OFF: Final = re.compile(
    r"\s?(?:[1-9][0-9]?[xX]\s?)?(?:\+?62[ -]?|0)(?P<national>8[1-35-9][0-9](?:[ -]?[0-9]){8,9})"
    r"(?:\s?(?:\.{2,5}|\u2026|\?{1,3})|\s[.*\u2026]?\s?[xX]{1,2}|(?P<times>[xX][1-9][0-9]?))?\s?"
)
_LIGHT_GROUPS: Final = re.compile(r"[1-9][0-9]{0,3}(?:[ -][0-9]{2,8}){2,5}|[1-9][0-9]{1,3}[ -][0-9]{6,10}")
_MAY_BE_ABROAD: Final = frozenset(("extra_digits", "too_long", "unused_prefix", "prefix_missing"))
_END_OF_CODE: Final = re.compile(r"[^\W0-9_]/[0-9]{3,6}(?![0-9])")
_FEWEST_DIGITS: Final = 7  # of a number that has an extension


class Parts(NamedTuple):
    """A text with one stretch of digits: what stands before, the stretch, what stands after, its groups."""

    head: str
    core: str
    tail: str
    groups: tuple[str, ...]


def read_number(text: str) -> ParseResult | ParseFailure:
    """`text` is folded and visible; the answer's position is an index into it."""
    answer = _read_with_figures(text)
    if isinstance(answer, ParseResult):
        return answer
    return _offer_whole_words(text, short_codes.with_codes(text, answer))


def _offer_whole_words(text: str, answer: ParseFailure) -> ParseFailure:
    """ "IMG-20251208-WA0012 0812345678", "081234567890 5*": a mobile number between spaces, among others."""
    unnamed = answer.code == "bank_account" and not vocabulary.kinds_named(text)  # only as long as one
    if answer.suggestions or not (unnamed or answer.code in _AMONG_OTHERS):
        return answer
    if answer.code == "masked" and (whole := _TRAILING_OFF.fullmatch(text)):
        code = "extra_digits" if whole["times"] else "masked"
        return answer._replace(code=code, suggestions=("+62" + "".join(_GROUPS.findall(whole["national"])),))
    mobile = "08" in text or "62" in text
    words = _WHOLE_WORD.findall(text) if mobile and len(_GROUPS.findall(text)) > 1 else []
    numbers = [dial("".join(_GROUPS.findall(word)), plus=word[0] == "+") for word in words]
    offers = tuple(dict.fromkeys(one.canonical for one in numbers if isinstance(one, ParseResult)))
    if answer.code == "masked":
        return ParseFailure("extra_digits", offers) if offers else answer
    return answer._replace(code="extra_text" if unnamed and offers else answer.code, suggestions=offers)


def _read_with_figures(text: str) -> ParseResult | ParseFailure:
    """Leave out the figures that are something else, then read the digits that remain."""
    beside = figures(text)
    if not beside:
        return _read_digits(text)
    rest = leave_out(text, beside)
    if not _DIGIT.search(rest):
        return _nothing_else(text, beside)
    answer = _read_digits(rest)
    if _only_codes(answer, text) and isinstance(whole := _read_digits(text), ParseResult):
        return ParseFailure("extra_digits", (whole.canonical,))  # "+62 812 08.00-17.00" is no code 812
    if isinstance(answer, ParseResult) and answer.kind is not NumberKind.WITHHELD:
        if answer.kind is NumberKind.SHORT_CODE and _END_OF_CODE.search(rest):
            return ParseFailure("extra_text")  # "No. 812/KPTS/2026"
        return grouping.ask_if_figure_may_belong(text, rest, beside, answer) or answer
    if isinstance(answer, ParseFailure) and answer.suggestions:
        return answer
    whole = _read_digits(text)
    if isinstance(whole, ParseFailure) or grouping.is_usual_abroad(_GROUPS.findall(text), whole):
        return whole  # "+687 20.12.34" is how New Caledonia groups, and no date
    return ParseFailure("extra_digits", (whole.canonical,))


def _only_codes(answer: ParseResult | ParseFailure, text: str) -> bool:
    """Whether no more than a short code is left of a text with the digits of a number, or is offered."""
    if isinstance(answer, ParseResult):
        only = answer.kind is NumberKind.SHORT_CODE
    else:
        only = bool(answer.suggestions) and all(one.startswith("short:") for one in answer.suggestions)
    return only and len(_DIGIT.findall(text)) >= _FEWEST_DIGITS


def _nothing_else(text: str, beside: list[Figure]) -> ParseFailure:
    """All digits are something else: what they are, if they are all the same."""
    codes = {figure.code for figure in beside}
    if len(codes) == 1 and codes != {"extra_text"}:
        return ParseFailure(codes.pop())
    whole = _read_digits(text)
    return whole if isinstance(whole, ParseFailure) else ParseFailure("extra_text")


def _read_digits(text: str) -> ParseResult | ParseFailure:
    """Split into what stands before the first digit, from the first to the last digit, and after."""
    if _may_have_extension(text.lower()) and (extension := _EXTENSION.search(text)):
        before = text[: extension.start()]
        if sum(map(str.isdigit, before)) >= _FEWEST_DIGITS:
            return _read_runs(before)
    return _read_runs(text)


def _read_runs(text: str) -> ParseResult | ParseFailure:
    groups = tuple(_GROUPS.findall(text))
    if not groups:
        return ParseFailure("no_number")
    first, last = text.index(groups[0]), text.rindex(groups[-1]) + len(groups[-1])
    head, core, tail = text[:first], text[first:last], text[last:]
    if LEFT_OUT in core:
        between = ParseFailure("extra_text", position=first + core.index(LEFT_OUT))
        return with_offers(between, find_inside(text))
    problem = (
        non_numbers.around(head, core, tail, len("".join(groups)))
        or letters.hidden_digits(head, core, tail)
        or letters.letters_between(text, head, core, tail)
    )
    if problem is None and (plain := _read_plain(head, core)) is not None:
        return _ask_about_country(head + tail, "".join(groups), plain) or plain
    return problem if problem is not None else _read_core(text, Parts(head, core, tail, groups))


def _read_plain(head: str, core: str) -> ParseResult | None:
    """A mobile number as nine of ten people write it: nothing about it is to be asked."""
    match = PLAIN_MOBILE.fullmatch(core)
    if match is None or (core[0] == "0" and "+" in head):
        return None
    national = match[1] + match[3] + match[4]
    fits = MOBILE_SHORTEST <= len(national) <= MOBILE_LONGEST
    return ParseResult(NumberKind.MOBILE, "+62" + national) if fits else None


def _may_have_extension(lowered: str) -> bool:
    return "x" in lowered or "#" in lowered or "pes" in lowered or "psw" in lowered or "ekst" in lowered


def _read_core(text: str, parts: Parts) -> ParseResult | ParseFailure:
    head, core, tail, groups = parts
    digits = "".join(groups)
    plus = head.rstrip(" (.-").endswith("+")
    answer = counted(dial(digits, plus=plus, groups=groups), digits)
    if behind := grouping.whole_behind(groups, plus=plus) or grouping.code_behind(core):
        return ParseFailure("extra_digits", (behind.canonical,))
    several = split_at_marks(core, plus=plus)
    if several is not None:
        return several
    if isinstance(answer, ParseFailure):
        if answer.suggestions:
            answer = grouping.offer_shorter_too(core, answer, plus=plus)
        if len(groups) == 1:  # no other number can begin inside it
            return (
                non_numbers.long_digits(core, digits)
                or glued_together(digits)
                or _offer_abroad(digits, answer)
            )
        offered = grouping.offer_without_extra(core, answer, plus=plus) or _offers(text, core, digits, answer)
        return offered if plus else _offer_abroad_too(core, digits, answer, offered)
    if answer.kind is NumberKind.SHORT_CODE and (rest := _rest_in_letters(groups, tail)):
        return ParseFailure("letters", position=len(head) + len(core) + rest.start(1), found=rest[1][:20])
    if is_apart(core):
        return ParseFailure("several_numbers")
    asked = grouping.ask_where_it_ends(core, answer, plus=plus)
    asked = asked or grouping.ask_about_bracket(core, answer, plus=plus)
    asked = asked or grouping.ask_about_other_order(core, answer, plus=plus)
    asked = asked or _ask_about_country(head + tail, digits, answer)
    return asked or short_codes.ask_which_code(core, answer, plus=plus) or answer


def _offers(text: str, core: str, digits: str, answer: ParseFailure) -> ParseResult | ParseFailure:
    if answer.suggestions and len(digits) < 2 * SHORTEST:  # too few for two numbers
        return answer
    found = find_inside(text)
    if several := side_by_side(found, text):
        return several
    other = non_numbers.long_digits(core, digits)
    if other is not None and not (other.code == "bank_account" and (answer.suggestions or found)):
        return other  # dashes alone make no account of "+62 62-812-3456-7890"
    return with_offers(answer, found)


def _offer_abroad(digits: str, answer: ParseFailure) -> ParseFailure:
    """ "8613812345678", "84912345678": none of ours, and China or Vietnam without the plus."""
    if answer.code not in ("too_long", "unused_prefix") or answer.suggestions or digits[0] == "0":
        return answer
    abroad = international(digits, strict=True)
    if isinstance(abroad, ParseFailure) or abroad.kind is not NumberKind.FOREIGN:
        return answer
    return ParseFailure("prefix_missing", (abroad.canonical,))


def _offer_abroad_too(
    core: str, digits: str, answer: ParseFailure, asked: ParseResult | ParseFailure
) -> ParseResult | ParseFailure:
    """ "86 139 1234 5678": China without the plus, which no shorter number of ours inside it may hide."""
    abroad = _offer_abroad(digits, answer).suggestions if _LIGHT_GROUPS.fullmatch(core) else ()
    if not abroad or isinstance(asked, ParseResult) or asked.code not in _MAY_BE_ABROAD:
        return asked
    code = asked.code if asked.suggestions else "prefix_missing"
    return ParseFailure(code, tuple(dict.fromkeys((*abroad, *asked.suggestions))))


def _ask_about_country(words: str, digits: str, answer: ParseResult) -> ParseFailure | None:
    """ "Kamboja 855971234567", "Kamboja 0855…": a number of ours, and of the country that the text names."""
    without_zero = digits.removeprefix("0")
    if without_zero[0] != "8" or answer.kind is not NumberKind.MOBILE or words.isspace() or not words:
        return None
    if not without_zero.startswith(tuple(countries.named_in(words.lower()))):
        return None
    abroad = international(without_zero, strict=True)
    if isinstance(abroad, ParseFailure):
        return None
    return ParseFailure("ambiguous_prefix", (abroad.canonical, answer.canonical))


def counted(answer: ParseResult | ParseFailure, digits: str) -> ParseResult | ParseFailure:
    """The failure with what its message says: the number of digits, or the prefix that is not in use."""
    if isinstance(answer, ParseResult):
        return answer
    if answer.code == "unused_prefix":
        return answer._replace(found=digits[:4])
    if answer.code in ("too_short", "too_long"):
        return ParseFailure(answer.code, answer.suggestions, typed=len(digits))
    return answer


def _rest_in_letters(groups: tuple[str, ...], tail: str) -> re.Match[str] | None:
    """ "+62-812-ABCD-EFG", "1-800-FLOWERS": the beginning of a longer number is no short code."""
    code = groups[1:] if groups[0] == "62" else groups
    begun = len(code) > 1 or code[0].startswith("8")
    return re.match(r"[\s().-]{1,4}([^\W\d_]+)" if begun else r"\s?[.-]([^\W\d_]+)", tail)
