"""Read folded, visible text: decide what kind of thing it is, then which digits are meant."""

from __future__ import annotations

import re
from typing import Final

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseFailure, ParseResult, dial
from aduan.numbers.parsing import confusables, non_numbers, normalise, vocabulary
from aduan.numbers.parsing.candidates import candidates
from aduan.numbers.parsing.links import LinkedDigits, read_link
from aduan.numbers.parsing.multiple import split_numbers
from aduan.numbers.parsing.senders import read_name

_DIGIT: Final = re.compile(r"[0-9]")
_GROUPS: Final = re.compile(r"[0-9]+")
_LETTER: Final = re.compile(r"[^\W\d_]+")
_EXTENSION: Final = re.compile(
    r"(?<=[0-9])[)\s,;.-]{0,4}(?:\b|(?<=[0-9]))(?:ext(?:ension|ensi|n)?|ekst(?:ensi)?|pes(?:awat)?|(?<=\s)x|(?<=\s)#)"
    r"[\s.:=]{0,3}[0-9]{1,6}[\s.)]{0,3}$",
    re.IGNORECASE,
)
# Digits left out: "0812345xxxx", "0812****7890", "08123456789?", "0812..7890", "0812-----7890"
_MASK_INSIDE: Final = re.compile(r"[xX?\u2026%]|[*.#~]{2}|[-_]{3}|[*.#~_-]\s[*.#~_-]\s[*.#~_]")
_MASK_AFTER: Final = re.compile(
    r"[\s().-]{0,3}(?:[xX](?![^\W\d_xX]|-[A-Za-z])|\?|\u2026|[*]{2}|\.{2}|#{2}|_{2}|-{3}|~{2})"
)
_MASK_BEFORE: Final = re.compile(
    r"(?:(?<![^\W\d_])[xX]{1,12}|\?|\u2026|\*{2,8}|\.{3}|#{2}|_{2}|-{3})[\s.-]{0,3}$"
)
_SEPARATORS: Final = re.compile(r"[0-9 \n./()\[\]{}_,*'+|;\\^~-]+")
_WRAPPED: Final = " \n\t'\"()[]{}<>*_~`.,;:!=|-\u263a"


def classify(text: str, hint: NumberKind | None = None) -> ParseResult | ParseFailure:
    """`text` is folded and visible; the answer's position is an index into it."""
    forbidden = _forbidden(text)
    if forbidden is not None:
        return forbidden
    bare = text.strip(_WRAPPED)
    if not bare:
        return ParseFailure("empty" if not text.strip() else "no_number")
    if not _DIGIT.search(text):
        return _read_words(text, bare, hint)
    code = non_numbers.dialling_code(text) or non_numbers.whole_text(bare)
    if code is not None:
        return code
    if text.strip() in ("-1", "-2"):  # how Android exports a hidden caller
        return ParseResult(NumberKind.WITHHELD, "withheld")
    link = read_link(text)
    if isinstance(link, LinkedDigits):
        return _read_linked(link)
    if link is not None:
        return link
    named = read_name(bare, hint)
    return named if named is not None else _read_number(text)


def _forbidden(text: str) -> ParseFailure | None:
    for char, code in ((normalise.OVERRIDE, "direction_override"), (normalise.CONTROL, "control_character")):
        if char in text:
            return ParseFailure(code, position=text.index(char))
    return None


def _read_words(text: str, bare: str, hint: NumberKind | None) -> ParseResult | ParseFailure:
    """No digit at all: a hidden caller, a sender name, an account, digits spelled out, or nothing."""
    plain = " ".join(re.sub(r"[\W_]+", " ", bare).split())
    if vocabulary.WITHHELD.fullmatch(plain):
        return ParseResult(NumberKind.WITHHELD, "withheld")
    link = read_link(text)
    if link is not None:
        return ParseFailure("hidden_number_link") if isinstance(link, LinkedDigits) else link
    if normalise.UNREADABLE in text:
        return _unreadable(text)
    if re.fullmatch(r"[xX?*.\u2026\s+-]+", bare):
        return ParseFailure("masked")
    spoken = vocabulary.spoken_digits(plain)
    if spoken is not None:
        return _spoken(spoken)
    if vocabulary.DONT_KNOW.fullmatch(plain) and hint is not NumberKind.SENDER_ID:
        return ParseFailure("no_number")
    return read_name(bare, hint) or ParseFailure("no_number")


def _spoken(digits: str) -> ParseFailure:
    found = dial(digits)
    return ParseFailure("spelled_out", (found.canonical,) if isinstance(found, ParseResult) else ())


def _unreadable(text: str) -> ParseFailure:
    position = text.index(normalise.UNREADABLE)
    return ParseFailure("unreadable_character", position=position, found="?")


def _read_linked(link: LinkedDigits) -> ParseResult | ParseFailure:
    text = link.text.strip()
    groups = tuple(_GROUPS.findall(text))
    digits = "".join(groups)
    if not digits:
        return ParseFailure("link_without_number")
    ussd = non_numbers.dialling_code(text)
    if ussd is not None:
        return ussd
    if not link.international:
        return _read_number(text)
    national = digits[0] == "0" or (digits[0] == "8" and isinstance(dial(digits), ParseResult))
    answer = _counted(dial(digits, plus=not national, groups=groups), digits)
    if isinstance(answer, ParseFailure):
        return _with_offers(answer, text)
    others = {candidate.found.canonical for candidate in candidates(link.rest, limit=5)}
    if others - {answer.canonical}:
        return ParseFailure("several_numbers", tuple(dict.fromkeys((answer.canonical, *sorted(others)))))
    return answer


def _counted(answer: ParseResult | ParseFailure, digits: str) -> ParseResult | ParseFailure:
    if isinstance(answer, ParseResult):
        return answer
    found = digits[:4] if answer.code == "unused_prefix" else answer.found
    return answer._replace(typed=len(digits), found=found)


def _read_number(text: str) -> ParseResult | ParseFailure:
    """Split into what stands before the first digit, from the first to the last digit, and after."""
    counted = vocabulary.COUNTED_LABEL.match(text)
    offset = counted.end() if counted else 0
    first = _DIGIT.search(text, offset)
    if first is None:
        return ParseFailure("no_number")
    extension = _EXTENSION.search(text)
    end = (
        extension.start() if extension and len(_DIGIT.findall(text[: extension.start()])) >= 7 else len(text)
    )
    last = max(i for i in range(first.start(), end) if text[i].isdigit()) + 1
    head, core, tail = text[: first.start()], text[first.start() : last], text[last:end]
    if offset and not head.endswith("+"):
        head = text[:offset]
    problem = (
        non_numbers.around(head, core, tail)
        or _hidden_digits(head, core, tail)
        or _letters(text, head, core, tail)
    )
    if problem is not None:
        return problem
    groups = tuple(_GROUPS.findall(core))
    digits = "".join(groups)
    several = split_numbers(core, plus=_plus(head))
    if several is not None:
        return several
    answer = _counted(dial(digits, plus=_plus(head), groups=groups), digits)
    if isinstance(answer, ParseFailure):
        return non_numbers.long_digits(core, digits) or _with_offers(answer, text)
    if answer.kind is NumberKind.SHORT_CODE and (rest := _rest_in_letters(groups, tail)):
        return ParseFailure("letters", position=len(head) + len(core) + rest.start(1), found=rest[1][:20])
    return answer


def _rest_in_letters(groups: tuple[str, ...], tail: str) -> re.Match[str] | None:
    """ "+62-812-ABCD-EFG", "1-800-FLOWERS": the beginning of a longer number is no short code."""
    code = groups[1:] if groups[0] == "62" else groups
    begun = len(code) > 1 or code[0].startswith("8")
    return re.match(r"[\s().-]{1,4}([^\W\d_]+)" if begun else r"\s?[.-]([^\W\d_]+)", tail)


def _plus(head: str) -> bool:
    return head.rstrip(" (.-").endswith("+")


def _with_offers(answer: ParseFailure, text: str) -> ParseFailure:
    """Add the numbers that can be found inside the text, for the person to choose."""
    if answer.suggestions or answer.code == "masked":
        return answer
    offers = tuple(dict.fromkeys(candidate.found.canonical for candidate in candidates(text, limit=20)))
    if len(offers) > 1 and answer.code in ("too_long", "extra_text", "letters"):
        return ParseFailure("several_numbers", offers)
    code = "extra_text" if offers and answer.code == "too_long" else answer.code
    return answer._replace(code=code, suggestions=offers)


def _hidden_digits(head: str, core: str, tail: str) -> ParseFailure | None:
    mask = _MASK_INSIDE.search(core)
    if mask and (mask[0] not in "xX" or not any(word.strip("xX") for word in _LETTER.findall(core))):
        return ParseFailure("masked", position=len(head) + mask.start())
    marked_up = re.match(r"[*_~]+", tail)  # *bold* and ~struck~ in chats, or one or more digits hidden
    if (_MASK_AFTER.match(tail) or marked_up) and not (marked_up and marked_up[0] in head):
        return ParseFailure("masked", position=len(head) + len(core))
    if _MASK_BEFORE.search(head) and _short_of_digits(core):
        return ParseFailure("masked", position=0)
    return None


def _short_of_digits(core: str) -> bool:
    return sum(map(str.isdigit, core)) < 9 or not re.match(r"0|62", core)


def _letters(text: str, head: str, core: str, tail: str) -> ParseFailure | None:
    """Letters and strange characters next to or between the digits."""
    if normalise.UNREADABLE in text:
        return _unreadable(text)
    inside = _LETTER.search(core) or re.search(r"[^0-9 \n./()\[\]{}_,*'+|;\\^~-]", core)
    if inside is not None:
        return _letter_inside(text, core, len(head) + inside.start(), inside[0])
    glued = head[-1:]
    if glued.isalpha() and not harmless_before(head, core):
        return _letter_at(text, len(head) - 1, glued)
    if tail[:1].isalpha() and not vocabulary.TAIL_LABEL.match(tail):
        return _letter_at(text, len(head) + len(core), tail[0])
    return _loose_lookalikes(text, head, core, tail)


def _loose_lookalikes(text: str, head: str, core: str, tail: str) -> ParseFailure | None:
    """A lone letter that may be a digit ("O 812 3456 7890"), or a digit in words ("0812 EMPAT")."""
    after = _LETTER.match(tail.lstrip(" .-"))
    if after is not None and confusables.only_lookalikes(after[0]) and len(after[0]) <= 3:
        return _letter_at(text, text.index(after[0], len(head) + len(core)), after[0])
    before = re.search(r"(?<![^\W_])([^\W\d_]{1,2})[ .-]*$", head)
    if before is not None and confusables.only_lookalikes(before[1]):
        return _letter_at(text, before.start(1), before[1])
    near = [*_LETTER.findall(head)[-1:], *_LETTER.findall(tail)[:1]]
    if any(word.lower() in vocabulary.NUMBER_WORDS for word in near):
        spoken = vocabulary.spoken_digits(text)
        return _spoken(spoken) if spoken is not None else ParseFailure("spelled_out")
    return None


def harmless_before(head: str, core: str) -> bool:
    """ "WA081…" and "Budi081…": a label, or a name in front of a number that is whole without it."""
    if vocabulary.ENDS_WITH_LABEL.search(head) and not re.match(r"[1-79]", core):
        return True
    word = re.search(r"[^\W\d_]+$", head)
    if word is None or len(word[0]) < 3 or confusables.only_lookalikes(word[0]):
        return False
    return re.match(r"0[1-9]|62", core) is not None and isinstance(
        dial("".join(_GROUPS.findall(core))), ParseResult
    )


def _letter_inside(text: str, core: str, position: int, found: str) -> ParseFailure:
    spoken = vocabulary.spoken_digits(core)
    if spoken is not None and _LETTER.search(core):
        return _spoken(spoken)
    several = split_numbers(core, plus=False)
    return several if several is not None else _letter_at(text, position, found)


def _letter_at(text: str, position: int, found: str) -> ParseFailure:
    read_as = confusables.readings(text)
    if read_as is not None:
        digits, clear = read_as
        groups = tuple(_GROUPS.findall(digits))
        answer = dial("".join(groups), plus=digits.lstrip(" (").startswith("+"), groups=groups)
        if isinstance(answer, ParseResult) and answer.kind in (
            NumberKind.MOBILE,
            NumberKind.LANDLINE,
            NumberKind.FOREIGN,
        ):
            sole = answer if clear and answer.kind is NumberKind.MOBILE else None
            return ParseFailure("letters_for_digits", (answer.canonical,), position, found[:1], reading=sole)
    code = (
        "extra_text" if len(found) > 2 else "unreadable_character" if found == normalise.SYMBOL else "letters"
    )
    return _with_offers(ParseFailure(code, position=position, found=found[:20]), text)
