"""Read folded, visible text: decide what kind of thing it is, then which digits are meant."""

from __future__ import annotations

import re
from typing import Final

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseFailure, ParseResult, dial, international
from aduan.numbers.parsing import letters, non_numbers, normalise, vocabulary
from aduan.numbers.parsing.candidates import candidates
from aduan.numbers.parsing.contact_cards import number_of_card
from aduan.numbers.parsing.figures import LEFT_OUT
from aduan.numbers.parsing.grouping import ask_where_it_ends
from aduan.numbers.parsing.links import EMAIL, Form, LinkedDigits, read_link
from aduan.numbers.parsing.multiple import find_inside, with_offers
from aduan.numbers.parsing.number import counted, read_number
from aduan.numbers.parsing.senders import read_name

_DIGIT: Final = re.compile(r"[0-9]")
_GROUPS: Final = re.compile(r"[0-9]+")
_MASK: Final = re.compile(r"[xX?*.\u2026\s+-]+")  # "xx", "***": digits that are hidden
# `bare` has lost its closing bracket.
_COUNTED: Final = re.compile(
    r"(?P<name>[^\W\d_][^\W\d_ ]*+(?>(?: [^\W\d_]++){0,4})) ?"
    r"(?:(?P<bracket>[(\[])x?|x)?[1-9][0-9]?(?:x|[ ]kali)?"
)
_BEGINS: Final = re.compile(r"(?<![0-9])[+(]{0,2}(?:0[1-9]|62)|[(]?\+")
_FEW_BEHIND: Final = re.compile(r"\+?([1-9][0-9]+) ([0-9]{1,4})")
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
    linked = _read_card_or_link(text)
    if linked is not None:
        return linked
    named = read_name(bare, hint) or _read_counted(bare, hint)
    return named if named is not None else read_number(text)


def _read_card_or_link(text: str) -> ParseResult | ParseFailure | None:
    if (card := number_of_card(text)) is not None:
        return read_number(card)
    link = read_link(text)
    if isinstance(link, LinkedDigits):
        return _read_linked(link)
    if isinstance(link, ParseFailure) and link.code == "email":
        return _beside_address(text, link)
    return None if link is None else _with_offers_of_link(text, link)


def _forbidden(text: str) -> ParseFailure | None:
    if normalise.OVERRIDE in text:
        return ParseFailure("direction_override", position=text.index(normalise.OVERRIDE))
    if normalise.CONTROL in text:
        return ParseFailure("control_character", position=text.index(normalise.CONTROL))
    return None


def _read_counted(bare: str, hint: NumberKind | None) -> ParseResult | None:
    """ "Nomor pribadi (3)", "Tokopedia (2)": a caller or sender by name, and how often."""
    match = _COUNTED.fullmatch(bare)
    if match is None:
        return None
    if vocabulary.WITHHELD.fullmatch(" ".join(match["name"].split())):
        return ParseResult(NumberKind.WITHHELD, "withheld")
    name = match["name"]
    if not match["bracket"] or vocabulary.STARTS_WITH_LABEL.match(name) or _MASK.fullmatch(name):
        return None
    return read_name(name, hint)


def _read_words(text: str, bare: str, hint: NumberKind | None) -> ParseResult | ParseFailure:
    """No digit at all: a hidden caller, a sender name, an account, digits spelled out, or nothing."""
    plain = " ".join(re.sub(r"[\W_]+", " ", bare).split())
    if vocabulary.WITHHELD.fullmatch(plain):
        return ParseResult(NumberKind.WITHHELD, "withheld")
    link = read_link(text)
    if link is not None:
        return ParseFailure("hidden_number_link") if isinstance(link, LinkedDigits) else link
    if normalise.UNREADABLE in text:
        return letters.unreadable(text)
    if _MASK.fullmatch(bare):
        return ParseFailure("masked")
    spoken = vocabulary.spoken_digits(plain)
    if spoken is not None:
        return letters.spelled_out(spoken)
    if vocabulary.DONT_KNOW.fullmatch(plain) and hint is not NumberKind.SENDER_ID:
        return ParseFailure("no_number")
    return read_name(bare, hint) or ParseFailure("no_number")


def _read_linked(link: LinkedDigits) -> ParseResult | ParseFailure:
    groups = tuple(_GROUPS.findall(link.text))
    digits = "".join(groups)
    if not digits:
        return ParseFailure("link_without_number")
    ussd = non_numbers.dialling_code(link.text)
    if ussd is not None:
        return ussd
    if link.form is Form.LABEL or (
        link.form is Form.URI and (digits.startswith(("0", "62")) or "+" in link.text)
    ):
        return read_number(link.text)
    answer = _read_international(link, digits, groups)
    if isinstance(answer, ParseResult):
        core = link.text.strip(" +().")
        question = _where_it_ends(link.spaced, answer) if link.spaced else None
        question = question or ask_where_it_ends(core, answer, plus=digits[0] != "0")
        if question is not None:
            return question
    if isinstance(answer, ParseFailure):
        return with_offers(answer, find_inside(link.text))
    others = {candidate.found.canonical for candidate in candidates(link.rest, limit=5)}
    if others - {answer.canonical}:
        return ParseFailure("several_numbers", tuple(dict.fromkeys((answer.canonical, *sorted(others)))))
    return answer


def _with_offers_of_link(text: str, link: ParseResult | ParseFailure) -> ParseResult | ParseFailure:
    """ "truecaller.com/search/id/0812…": a link of another service may hold the number all the same."""
    if isinstance(link, ParseResult) or link.code != "link_without_number":
        return link
    whole = [one for one in find_inside(text) if _BEGINS.match(text, one.start)]
    return with_offers(link, whole)


def _beside_address(text: str, link: ParseFailure) -> ParseResult | ParseFailure:
    """A signature: an e-mail address is no number, and hides none that stands beside it."""
    rest = EMAIL.sub(lambda match: LEFT_OUT.ljust(len(match[0])), text)
    if not find_inside(rest):
        return link
    answer = read_number(rest)
    return answer if isinstance(answer, ParseResult) or answer.suggestions else link


def _where_it_ends(spaced: str, answer: ParseResult) -> ParseFailure | None:
    """ "wa.me/628571234567 2": digits behind a link that nothing explains, and that may belong to it."""
    whole = _joined(spaced) or read_number("+" + spaced.lstrip("+ "))
    if whole == answer:
        return None
    if isinstance(whole, ParseResult):
        return ParseFailure("extra_digits", (answer.canonical, whole.canonical))
    if whole.code in ("masked", "several_numbers"):
        return whole
    return ParseFailure("extra_digits", tuple(dict.fromkeys((answer.canonical, *whole.suggestions))))


def _joined(spaced: str) -> ParseResult | None:
    """The digits of a link and a few behind a space, when there is nothing else."""
    match = _FEW_BEHIND.fullmatch(spaced)
    found = dial(match[1] + match[2], plus=True) if match else None
    return found if isinstance(found, ParseResult) else None


def _read_international(
    link: LinkedDigits, digits: str, groups: tuple[str, ...]
) -> ParseResult | ParseFailure:
    """A link carries the country code. Digits that only Indonesia knows were typed by hand: offer them."""
    if "+" in link.text and digits[0] != "0":
        return counted(dial(digits, plus=True, groups=groups), digits)
    in_use = international(digits, strict=True)
    if link.form is Form.URI and isinstance(in_use, ParseFailure):
        return read_number(link.text)
    if link.form is Form.CHAT and isinstance(in_use, ParseResult):
        return in_use
    national = dial(digits, groups=groups)
    if isinstance(national, ParseResult) and digits[0] == "0":
        return ParseFailure("national_in_link", (national.canonical,), reading=national)
    abroad = counted(dial(digits, plus=True, groups=groups), digits)
    if isinstance(national, ParseFailure) or national == abroad:
        return abroad
    readings = tuple(found.canonical for found in (national, abroad) if isinstance(found, ParseResult))
    if isinstance(in_use, ParseFailure):
        return ParseFailure("national_in_link", readings)
    return ParseFailure("ambiguous_prefix", readings)
