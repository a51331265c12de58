"""Whether digits of a certain shape have the values that the shape stands for.

Each check takes the shape of the text and where in it the figure stands. It answers what the figure is, as a
code of `errors.MESSAGES`, or an empty string: then the digits may belong to the number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aduan.numbers.numbering_plan import ParseResult, dial
from aduan.numbers.parsing import figure_dates, figure_words, vocabulary
from aduan.numbers.parsing.candidates import PHONE_KINDS
from aduan.numbers.parsing.confusables import glued
from aduan.numbers.parsing.shape import Shape

_NO: Final = ""
_LONGEST_NUMBER: Final = 15
_NETWORKS: Final = frozenset("2345")
_HOURS: Final = frozenset("hjdw")
_TELEPHONES: Final = frozenset(("wa", "hp", "hape", "telp", "tlp", "telpon", "sms"))
_LONGEST_RANK: Final = 2
_LONGEST_GROUP: Final = 6  # digits of the first group of a code


def _count(text: str, longest: int = 3) -> bool:
    """A count is short and does not begin with a zero; 62 is how Indonesia begins."""
    return len(text) <= longest and text[0] != "0" and text != "62"


def begins_number(shape: Shape, index: int) -> bool:
    """Whether a whole number may begin here: + or 0 or 62."""
    letters = shape.letters
    if letters[index : index + 1] in ("(", "S"):
        index += 1
    if letters[index : index + 1] == "+":
        return True
    return letters[index : index + 1] == "D" and shape.texts[index].startswith(("0", "62"))


def _goes_on(shape: Shape, end: int) -> bool:
    """Whether digits follow that would join these, rather than begin a number of their own."""
    index = end + (shape.letters[end : end + 1] in ("S", "-", "."))
    follows = shape.letters[index : index + 2]
    return follows[:1] == "D" and follows != "D:" and not begins_number(shape, index)


def _is_number(digits: str) -> bool:
    if len(digits) > _LONGEST_NUMBER:
        return False
    found = dial(digits)
    return isinstance(found, ParseResult) and found.kind in PHONE_KINDS


def _range(shape: Shape, start: int, end: int) -> str:
    """ "5-500jt", "17-30 th": from less to more."""
    first, last = shape.figures(start, end)[:2]
    rises = _count(first) and _count(last) and int(first) < int(last)
    return _unit(shape, start, end) if rises and (len(first) <= 2 or shape.letters[end - 2] == "D") else _NO


def _outof(shape: Shape, start: int, end: int) -> str:
    """ "1 dari 2", "2 of 3"; "2 dari 0812…" counts what came from a number."""
    first, last = shape.figures(start, end)
    word = shape.texts[start + 2].lower()
    fits = word in ("dari", "of") and _count(first, 2) and _count(last, 2) and int(first) <= int(last)
    return "extra_text" if fits else _NO


def _span(shape: Shape, start: int, end: int) -> str:
    return "date" if all(_count(part) for part in shape.figures(start, end)) else _NO


def _fraction(shape: Shape, start: int, end: int) -> str:
    """ "24/7", the day and month "12/05", and the rating "4,5/5"."""
    *first, month = shape.figures(start, end)
    if len(first) == 2:
        return "extra_text" if month in ("5", "10") and all(len(part) == 1 for part in first) else _NO
    day = first[0]
    dated = figure_dates.within(day, 1, 31) and figure_dates.within(month, 1, 12)
    return "date" if dated or (day, month) == ("24", "7") else _NO


def _times(shape: Shape, start: int, end: int) -> str:
    """ "3x", "x3" and "3 x"; in "… 123 x 3" the 3 is counted, and "2 x 0812…" counts before its number."""
    if "S" in shape.letters[start:end] and shape.letters[end - 1] == figure_words.TIMES:
        follows = shape.letters[end : end + 2].lstrip("S").startswith("D")
        if follows and (shape.letters[max(0, start - 2) : start] == "DS" or not begins_number(shape, end)):
            return _NO
    return "extra_text" if _count(shape.figures(start, end)[0]) else _NO


def _about(shape: Shape, start: int, _end: int) -> str:
    """ ">10x", "~5x": behind a mark of its own."""
    return "extra_text" if _count(shape.texts[start + 1]) else _NO


def _share(shape: Shape, start: int, end: int) -> str:
    return "amount" if all(len(part) <= 3 for part in shape.figures(start, end)) else _NO


def _opens_another(shape: Shape, end: int) -> bool:
    """Whether the word belongs to the figure behind it, as in "… 78 jam 10" and "… 90 Rp 5.000"."""
    index = end + (shape.letters[end : end + 1] in ("S", "."))
    if shape.letters[index : index + 1] != "D":
        return False
    if shape.letters[end - 1] == figure_words.UNIT:
        return shape.texts[end - 1].lower() in figure_words.YEARS and figure_dates.is_year(shape.texts[index])
    return shape.letters[end - 1] == figure_words.CURRENCY or len(shape.texts[index]) <= 2


def _unit(shape: Shape, start: int, end: int) -> str:
    unit, parts = shape.texts[end - 1].lower(), shape.figures(start, end)
    if len(unit) == 1 and shape.letters[end - 2] == "S":
        return _NO  # "0812 3456 7890 m": one letter means something only when it is glued to its figure
    if shape.letters[end - 1] != figure_words.UNIT and unit not in ("jam", "rp", "idr", "usd", "$"):
        return _NO
    money = unit in figure_words.MONEY or shape.letters[end - 1] == figure_words.CURRENCY
    if _opens_another(shape, end):
        return _NO  # "… 78 jam 10", "… 123 tahun 2025"
    if unit == "panggilan" and {word.lower() for word in shape.texts[end : end + 2]} & {"masuk", "keluar"}:
        return _NO  # "… 5678 panggilan masuk" is an incoming call
    fits = all(len(part) <= (7 if money else 3) for part in parts)
    if not fits or (parts[0][0] == "0" and len(parts[0]) > 1):
        return _NO
    return "amount" if money else "extra_text"


def _sum(shape: Shape, start: int, end: int) -> str:
    parts = shape.figures(start, end)
    currency = shape.texts[start].lower() in ("rp", "idr", "usd", "$")
    if currency:
        return _NO if _goes_on(shape, end) else "amount"
    return (
        "amount"
        if all(_count(part, 7) or part == "000" for part in parts) and not _goes_on(shape, end)
        else _NO
    )


def _code(shape: Shape, start: int, end: int) -> str:
    lettered = any(
        not vocabulary.STARTS_WITH_LABEL.fullmatch(word) for word in _glued_words(shape, start, end)
    )
    if _goes_on(shape, end) or (not lettered and _is_number("".join(shape.figures(start, end)))):
        return _NO
    letter = shape.letters[start]
    sent = letter == figure_words.SECRET and shape.letters[start + 1 : start + 3] != "SW"  # "kode booking 12"
    if not (lettered or sent) and _is_first_group(shape, start, end):
        return _NO
    if letter == figure_words.IDENTITY:
        return "identity_number"
    return "one_time_code" if letter == figure_words.SECRET else "extra_text"


def _is_first_group(shape: Shape, start: int, end: int) -> bool:
    """ "NIK 3174 0812 3456 7890", "resi 1234 0812 3456 7890": the code may go on in groups of its kind."""
    digits = "".join(shape.figures(start, end))
    if shape.letters[end : end + 2] not in ("SD", "-D", ".D") or len(digits) > _LONGEST_GROUP:
        return False
    whole = shape.letters[start] == figure_words.IDENTITY  # none is as short as one group
    return whole or shape.letters[end + 2 : end + 4] == shape.letters[end] + "D"


def _glued_words(shape: Shape, start: int, end: int) -> list[str]:
    """The letters of a code: "JP" of "resi JP0812345678"."""
    first = next(i for i in range(start, end) if shape.letters[i] == "D")
    return [word for word in shape.words(first - 1, end) if first - 1 > start]


def _place(shape: Shape, start: int, end: int) -> str:
    label, parts = shape.texts[start].lower(), shape.figures(start, end)
    longest = 6 if label in ("ext", "psw", "pes") else _LONGEST_RANK if label in figure_words.RANKS else 3
    counted = label in ("rt", "rw") or all(_count(part, longest) for part in parts)
    fits = counted and all(len(part) <= longest for part in parts)
    return "extra_text" if fits and not _goes_on(shape, end) and not _begins_clock(shape, end) else _NO


def _begins_clock(shape: Shape, end: int) -> bool:
    """ "WA 13:55:07 …": the 13 is an hour, and no second telephone."""
    minutes = shape.texts[end + 1] if shape.letters[end : end + 2] == ":D" else ""
    return len(minutes) == 2 and minutes < "60"


def _rank(shape: Shape, start: int, end: int) -> str:
    fits = _count(shape.figures(start, end)[0], _LONGEST_RANK) and not _goes_on(shape, end)
    return "extra_text" if fits else _NO


def _badge(shape: Shape, start: int, end: int) -> str:
    return "extra_text" if _count(shape.figures(start, end)[0]) else _NO


def _plate(shape: Shape, start: int, end: int) -> str:
    area, number, series = shape.texts[start], shape.texts[start + 2], shape.texts[end - 1]
    fits = area.isupper() and len(area) <= 2 and series.isupper() and len(series) <= 3
    return "extra_text" if fits and _count(number, 4) else _NO


def _is_known_pair(shape: Shape, start: int, end: int, letters: str, digits: str) -> bool:
    """ "4G" is a network, "2j" and "5h" a time, "WA2" and "hp1" the number of a telephone."""
    if shape.letters[start] == "D":
        return (letters == "g" and digits in _NETWORKS) or (letters in _HOURS and _count(digits, 2))
    labelled = letters in _TELEPHONES and _count(digits, 1)
    return labelled and not _goes_on(shape, end)


def _mixed(shape: Shape, start: int, end: int) -> str:
    """Letters and digits without a space between: "282F4C55", "C2"; never "hp0812…" or "08l2…"."""
    letters, digits = "".join(shape.words(start, end)), shape.figures(start, end)
    if end - start == 2 and _is_known_pair(shape, start, end, letters.lower(), digits[0]):
        return "extra_text"
    if all(glued(char) or char in "xX" for char in letters) or max(map(len, digits)) > 6:
        return _NO
    if shape.texts[start][0].isalpha() and not _count(digits[0], 6):
        return _NO
    label = vocabulary.STARTS_WITH_LABEL.fullmatch(shape.texts[start])
    return _NO if label or (end - start < 3 and shape.texts[start].isdigit()) else "extra_text"


def _bracket(shape: Shape, start: int, end: int) -> str:
    digits = shape.figures(start, end)[0]
    if len(digits) > 3 or digits[0] == "0":
        return _NO
    if "+" in shape.letters[start:end] and (digits == "62" or "D" not in shape.letters[:start]):
        return _NO  # "(+62) 0812…" and "(+1) 202…" are country codes
    index = end + (shape.letters[end : end + 1] == "S")
    follows = shape.letters[index : index + 1]
    if follows == "D":  # "(3) 0895…" counts, "(21) 6250…" is an area code, "(62) 0895…" the country
        return "extra_text" if digits != "62" and shape.texts[index].startswith(("0", "628")) else _NO
    return _NO if follows in ("-", ".") and shape.letters[index + 1 : index + 2] == "D" else "extra_text"


def _item(shape: Shape, start: int, end: int) -> str:
    fits = _count(shape.figures(start, end)[0], 2) and begins_number(shape, end)
    return "extra_text" if fits else _NO


def _counted(shape: Shape, start: int, end: int) -> str:
    """ "CS 2: …", "Admin 3 0812…": behind a label and before a colon, the number may begin with an 8, too."""
    labelled = shape.letters[end - 1] == "S" and shape.letters[end - 2] in ":=)"
    if labelled and vocabulary.STARTS_WITH_LABEL.fullmatch(shape.texts[start]):
        return "extra_text" if _count(shape.figures(start, end)[0], 1) else _NO
    return _item(shape, start, end)


def _column(shape: Shape, start: int, end: int) -> str:
    return "extra_text" if _count(shape.figures(start, end)[0]) else _NO


CHECKS: Final[dict[str, Callable[[Shape, int, int], str]]] = {
    **figure_dates.DATE_CHECKS,
    "span": _span,
    "fraction": _fraction, "times": _times, "factor": _times, "about": _about, "share": _share, "unit": _unit,
    "decimal": _unit, "sum": _sum, "code": _code, "place": _place, "badge": _badge, "rank": _rank,
    "plate": _plate, "mixed": _mixed, "glued": _mixed, "bracket": _bracket, "item": _item,
    "counted": _counted, "column": _column, "range": _range,
    "outof": _outof,
}  # fmt: skip
