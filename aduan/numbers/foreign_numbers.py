"""Numbers of other countries: what follows the plus, judged by the tables of `phonenumbers`."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

import phonenumbers

from aduan.numbers.kinds import NumberKind
from aduan.numbers.results import ParseFailure, ParseResult

# One spelling is tried in several ways, and a chat names one number on many lines.
_MOST_KNOWN: Final = 512
_GROUPS: Final = re.compile(r"[0-9]+")
_TYPES: Final = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip", "personal_number", "pager",
    "uan", "voicemail",
)  # fmt: skip


class _Ranges(NamedTuple):
    """The ranges of one region in use, for numbers of one length."""

    leading: re.Pattern[str] | None  # how its numbers begin, where several regions share a code
    in_use: re.Pattern[str] | None


def is_country_code(digits: str) -> bool:
    """Whether the digits are the code of a country: 1, 62, 852."""
    return 0 < len(digits) <= 3 and int(digits) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE


def foreign(digits: str, *, strict: bool) -> ParseResult | ParseFailure:
    """Digits that begin with the code of another country. `strict` also asks whether the range is in use."""
    if digits.startswith("0"):  # no country code does; int() would take 081 for Japan's 81
        return ParseFailure("unknown_country")
    if len(digits) < 7:
        return ParseFailure("too_short")
    if len(digits) > 15:
        return ParseFailure("too_long")
    code = country_code_of(digits)
    national = digits[len(code) :]
    if not code or (code == "1" and national[0] in "01"):  # no number of North America begins like that
        return ParseFailure("unknown_country")
    if national[0] == "0":
        return _international_with_zero(code, national)
    # A few numbers are "valid" and not possible (+1 310 3102): those read back as nothing.
    fits = len(national) in possible_lengths(code) and (not strict or is_in_use(code, national))
    return ParseResult(NumberKind.FOREIGN, "+" + digits) if fits else ParseFailure("unknown_country")


def country_code_of(digits: str) -> str:
    """The code of a country at the start of the digits; empty when there is none."""
    for size in (1, 2, 3):
        if int(digits[:size]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return digits[:size]
    return ""


@lru_cache(_MOST_KNOWN)
def usual_groups(digits: str) -> tuple[str, ...]:
    """How its country groups a number that is in use there: ("852", "9123", "4567"). Else nothing."""
    code = country_code_of(digits)
    if not code or not is_in_use(code, digits[len(code) :]):
        return ()
    usual = phonenumbers.format_number(
        _number(code, digits[len(code) :]), phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return tuple(_GROUPS.findall(usual))


@cache
def possible_lengths(code: str) -> frozenset[int]:
    """How many digits may follow the code of a country, from the table that `phonenumbers` has of it."""
    table = next(iter(_tables(code)), None)
    if table is None or table.general_desc is None:
        return frozenset()
    return frozenset(table.general_desc.possible_length) - set(table.general_desc.possible_length_local_only)


@lru_cache(_MOST_KNOWN)
def is_in_use(code: str, national: str) -> bool:
    """What `phonenumbers.is_valid_number` says: that tries ten patterns of up to 25 regions."""
    for leading, in_use in _ranges(code, len(national)):
        if leading is None or leading.match(national):
            fits = in_use is not None and in_use.fullmatch(national) is not None
            if fits or leading is not None:
                return fits
    return False


@cache
def _ranges(code: str, length: int) -> tuple[_Ranges, ...]:
    tables = _tables(code)
    shared = len(tables) > 1
    return tuple(
        _Ranges(
            re.compile(table.leading_digits) if shared and table.leading_digits else None,
            _pattern_in_use(table, length),
        )
        for table in tables
    )


def _pattern_in_use(table: phonenumbers.PhoneMetadata, length: int) -> re.Pattern[str] | None:
    """Any of the types of numbers that have the length, within the general description."""
    general = table.general_desc
    if general is None or not general.national_number_pattern or length not in general.possible_length:
        return None
    kinds = [kind for name in _TYPES if (kind := getattr(table, name)) and kind.national_number_pattern]
    fits = [
        f"(?:{kind.national_number_pattern})"
        for kind in kinds
        if length in (kind.possible_length or general.possible_length)
    ]
    return re.compile(rf"(?=(?:{general.national_number_pattern})\Z)(?:{'|'.join(fits)})") if fits else None


@cache
def _tables(code: str) -> tuple[phonenumbers.PhoneMetadata, ...]:
    """Of the regions that share the code of a country, the main one first."""
    read = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(code)]
    return tuple(table for region in regions if (table := read(int(code), region)) is not None)


def _number(code: str, national: str) -> phonenumbers.PhoneNumber:
    """With its zeros in front, if it has any: +39 06… keeps them."""
    number = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(national))
    if national[0] == "0":
        number.italian_leading_zero = True
        number.number_of_leading_zeros = len(national) - len(national.lstrip("0"))
    return number


def _international_with_zero(code: str, national: str) -> ParseResult | ParseFailure:
    """+39 06… keeps its zero; in +44 (0)7911… it is a stray trunk zero. What is in use decides."""
    bare = national.lstrip("0")
    if not bare:
        return ParseFailure("unknown_country")
    if is_in_use(code, national) and phonenumbers.is_possible_number(_number(code, national)):
        return ParseResult(NumberKind.FOREIGN, f"+{code}{national}")
    stray = len(bare) == len(national) - 1 and len(bare) > 4 and is_in_use(code, bare)
    if stray and phonenumbers.is_possible_number(_number(code, bare)):
        return ParseResult(NumberKind.FOREIGN, f"+{code}{bare}")
    return ParseFailure("unknown_country")
