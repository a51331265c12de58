"""What keeps digits from being read: hidden digits, letters and pictures next to or between them."""

from __future__ import annotations

import re
from typing import Final

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseFailure, ParseResult, dial
from aduan.numbers.parsing import confusables, normalise, vocabulary
from aduan.numbers.parsing.candidates import PHONE_KINDS, Candidate
from aduan.numbers.parsing.figures import LEFT_OUT
from aduan.numbers.parsing.multiple import find_inside, separates, side_by_side, split_at_marks, with_offers

_GROUPS: Final = re.compile(r"[0-9]+")
_LETTER: Final = re.compile(r"[^\W\d_]+")
# Digits left out: "0812345xxxx", "0812****7890", "08123456789?", "0812..7890", "0812-----7890"
_MASK_INSIDE: Final = re.compile(r"[xX?\u2026%]|[*.#~]{2}|[-_]{3}|[*.#~_-]\s[*.#~_-]\s[*.#~_]")
_MASK_AFTER: Final = re.compile(
    r"[\s().-]{0,3}(?:[xX](?![^\W\d_xX]|-[A-Za-z])|\?|\u2026|[*]{2}|\.{2}|#{2}|_{2}|-{3}|~{2})"
)
_MASK_BEFORE: Final = re.compile(
    r"(?:(?<![^\W\d_])[xX]{1,12}|\?|\u2026|\*{2,8}|\.{3}|#{2}|_{2}|-{3})[\s.-]{0,3}$"
)
_MARK: Final = re.compile(
    r"[xX?\u2026%*#~_]|-[-\s]|\.[.\s]"
)  # without one of these, neither of them is there
_MARKED_UP: Final = re.compile(r"[*_~]+")
_STRANGE: Final = re.compile(r"[^0-9 \n./()\[\]{}_,*'+|;\\^~-]")
_LONE_LETTERS: Final = re.compile(r"(?<![^\W_])([^\W\d_]{1,2})[ .-]{0,8}$")
# "5G", "2A", "B7": between spaces, so that it is no part of the digits in front.
_SHORT_WORD: Final = re.compile(
    r"(?<![^\s(\[])(?:[0-9]{1,3}[^\W\d_]{1,3}|[^\W\d_]{1,3}[0-9]{1,3})(?![^\s)\],.;+])"
)
_BEGINS_WHOLE: Final = re.compile(r"[ ]?(?:\(?\+|\(?0[1-9]|62)")
_COUNT_BEFORE, _COUNT_BEHIND = re.compile(r"^[ ]?[1-9][0-9]?[ ]"), re.compile(r"[ ][1-9][0-9]?[ ]?$")
_GROUPED_BY_MARK: Final = re.compile(r"0[0-9]{2,4}([:=])[0-9]{3,4}(?:\1[0-9]{2,5}){1,2}")  # 0812:3456:7890
_NEAR: Final = 12
_FAR: Final = 60
_WORD_BEFORE: Final = re.compile(r"[^\W\d_]{1,40}$")


def unreadable(text: str) -> ParseFailure:
    """There is a character that may be anything."""
    return ParseFailure("unreadable_character", position=text.index(normalise.UNREADABLE), found="?")


def spelled_out(digits: str) -> ParseFailure:
    """The digits were written in words."""
    found = dial(digits)
    return ParseFailure("spelled_out", (found.canonical,) if isinstance(found, ParseResult) else ())


def hidden_digits(head: str, core: str, tail: str) -> ParseFailure | None:
    """Digits left out inside, behind or in front."""
    mask = _MASK_INSIDE.search(core) if _MARK.search(core) else None
    if mask and (mask[0] not in "xX" or not any(word.strip("xX") for word in _LETTER.findall(core))):
        return ParseFailure("masked", position=len(head) + mask.start())
    marked_up = _MARKED_UP.match(tail)  # *bold* and ~struck~ in chats, or one or more digits hidden
    closed = marked_up is not None and (marked_up[0] in head or marked_up[0][::-1] in head)
    if tail and (marked_up or _MASK_AFTER.match(tail)) and not closed:
        return ParseFailure("masked", position=len(head) + len(core))
    if _MARK.search(head) and _MASK_BEFORE.search(head) and _short_of_digits(core):
        return ParseFailure("masked", position=0)
    return None


def _short_of_digits(core: str) -> bool:
    return sum(map(str.isdigit, core)) < 9 or not re.match(r"0|62", core)


def letters_between(text: str, head: str, core: str, tail: str) -> ParseResult | ParseFailure | None:
    """Letters and strange characters next to or between the digits."""
    if normalise.UNREADABLE in text:
        return with_offers(unreadable(text), _beside_unreadable(text))
    inside = _STRANGE.search(core)
    if inside is not None:
        inside = _LETTER.search(core) or inside
        return _letter_inside(text, core, len(head) + inside.start(), inside[0])
    glued = head[-1:]
    if glued.isalpha() and not harmless_before(head, core):
        return _letter_at(text, len(head) - 1, glued)
    if tail[:1].isalpha() and not vocabulary.TAIL_LABEL.match(tail) and not _harmless_behind(core, tail):
        return _letter_at(text, len(head) + len(core), tail[0])
    return _loose_lookalikes(text, head, core, tail) if _LETTER.search(head + tail) else None


def _beside_unreadable(text: str) -> list[Candidate]:
    """The number behind the word with the last of such characters, or before the word with the first.

    "0812… 🔴 2", "🔴 2 0812…": only a whole number, and with a short figure beside it also without that.
    """
    _word, _space, behind = text[text.rindex(normalise.UNREADABLE) :].partition(" ")
    behind = _COUNT_BEFORE.sub("", behind)
    if _BEGINS_WHOLE.match(behind):
        return find_inside(behind)
    before, _space, _word = text[: text.index(normalise.UNREADABLE)].rpartition(" ")
    if not _BEGINS_WHOLE.match(before.lstrip(f" {normalise.SYMBOL}")):
        return []
    readings = (_COUNT_BEHIND.sub("", before), before)
    return [
        found for reading in dict.fromkeys(readings) if _is_whole(reading) for found in find_inside(reading)
    ]


def _loose_lookalikes(text: str, head: str, core: str, tail: str) -> ParseFailure | None:
    """A lone letter that may be a digit ("O 812 3456 7890"), or a digit in words ("0812 EMPAT")."""
    after = _LETTER.match(tail.lstrip(" .-"))
    if after is not None and confusables.only_lookalikes(after[0]) and len(after[0]) <= 3:
        failure = _letter_at(text, text.index(after[0], len(head) + len(core)), after[0])
        return _offer_without_letters(core, failure) if tail[0] == " " else failure
    ends = head.rstrip(" .-\n")[-1:]
    before = _LONE_LETTERS.search(head[-_NEAR:]) if ends.isalpha() else None
    if before is not None and confusables.only_lookalikes(before[1]):
        return _letter_at(text, len(head) - len(head[-_NEAR:]) + before.start(1), before[1])
    near = [*_LETTER.findall(head[-_FAR:])[-1:], *_LETTER.findall(tail[:_FAR])[:1]]
    if not vocabulary.NUMBER_WORDS.keys().isdisjoint(map(str.lower, near)):
        spoken = vocabulary.spoken_digits(text)
        failure = spelled_out(spoken) if spoken is not None else ParseFailure("spelled_out")
        offers = (*failure.suggestions, *(one.found.canonical for one in find_inside(text)))
        code = "spelled_out" if failure.suggestions or not offers else "extra_text"  # "0812… dua kali"
        return failure._replace(code=code, suggestions=tuple(dict.fromkeys(offers)))
    return None


def _offer_without_letters(core: str, failure: ParseFailure) -> ParseFailure:
    """ "0812345678 II": the letters may be no digits at all."""
    offers = (*(one.found.canonical for one in find_inside(core)), *failure.suggestions)
    offers = tuple(dict.fromkeys(offers))
    return failure._replace(suggestions=offers, reading=None) if len(offers) > 1 else failure


def harmless_before(head: str, core: str) -> bool:
    """ "WA081…" and "Budi081…": a label, or a name in front of a number that is whole without it."""
    whole = re.match(r"0[1-9]|62", core) is not None and _is_whole(core)
    if vocabulary.ENDS_WITH_LABEL.search(head) and (whole or not re.match(r"[1-79]", core)):
        return True
    word = _WORD_BEFORE.search(head[-40:])
    if not whole or word is None or len(word[0]) < 3 or confusables.only_lookalikes(word[0]):
        return False
    return word[0].lower() not in vocabulary.TRACKING


def _harmless_behind(core: str, tail: str) -> bool:
    """ "081234567890segera": a word that goes on the sentence. A name or a hidden digit is asked about."""
    word = re.match(r"[a-z]{4,20}(?![^\W\d_])", tail)
    return word is not None and word[0] not in vocabulary.NUMBER_WORDS and _is_whole(core)


def _is_whole(core: str) -> bool:
    return _dialled(core) is not None


def _dialled(core: str) -> ParseResult | None:
    groups = tuple(_GROUPS.findall(core))
    found = dial("".join(groups), groups=groups)
    return found if isinstance(found, ParseResult) else None


def _letter_inside(text: str, core: str, position: int, found: str) -> ParseResult | ParseFailure:
    said = found.lower()
    spoken = (
        vocabulary.spoken_digits(core)
        if said in vocabulary.NUMBER_WORDS or said in vocabulary.SPOKEN_MARKS
        else None
    )
    if spoken is not None:
        return spelled_out(spoken)
    several = split_at_marks(core, plus=False) if separates(found) else None
    if several is not None:
        return several
    if _GROUPED_BY_MARK.fullmatch(core) and (whole := _dialled(core)):
        return ParseFailure("letters", (whole.canonical,), position, found)
    glued = text[position - 1].isdigit() or text[position + len(found)].isdigit()
    if glued:  # a mistyped digit rather than a word between two numbers
        return _letter_at(text, position, found)
    inside = find_inside(text)
    return side_by_side(inside, text) or _letter_at(text, position, found, inside)


def _letter_at(text: str, position: int, found: str, inside: list[Candidate] | None = None) -> ParseFailure:
    misread = _letter_as_digit(text, position, found) if inside is None and _LETTER.search(text) else None
    if inside is None and (without := _without_word(text, position)):
        offers = (*(one.found.canonical for one in without), *(misread.suggestions if misread else ()))
        return ParseFailure("letters", tuple(dict.fromkeys(offers)), position, found[:20])
    if misread is not None:
        return misread
    code = (
        "extra_text" if len(found) > 2 else "unreadable_character" if found == normalise.SYMBOL else "letters"
    )
    failure = ParseFailure(code, position=position, found=found[:20])
    return with_offers(failure, find_inside(text) if inside is None else inside)


def _without_word(text: str, position: int) -> list[Candidate]:
    """The one number beside a short word of digits and letters ("… 5G", "2A …")."""
    for word in _SHORT_WORD.finditer(text, max(0, position - _NEAR), position + _NEAR):
        if word.start() <= position < word.end():
            beside = text[: word.start()] + LEFT_OUT.ljust(len(word[0])) + text[word.end() :]
            found = find_inside(beside)
            return found if len(found) == 1 else []
    return []


def _letter_as_digit(text: str, position: int, found: str) -> ParseFailure | None:
    """The number that the text would be, if the letters in it were digits that look like them."""
    read_as = confusables.readings(text)
    if read_as is None:
        return None
    digits, clear = read_as
    groups = tuple(_GROUPS.findall(digits))
    answer = dial("".join(groups), plus=digits.lstrip(" (").startswith("+"), groups=groups)
    if not isinstance(answer, ParseResult) or answer.kind not in PHONE_KINDS:
        return None
    sole = answer if clear and answer.kind is NumberKind.MOBILE else None
    return ParseFailure("letters_for_digits", (answer.canonical,), position, found[:1], reading=sole)
