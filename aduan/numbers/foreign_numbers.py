"""Numbers of other countries: what follows the plus, judged by `phonenumbers`."""

from __future__ import annotations

import phonenumbers

from aduan.numbers.kinds import NumberKind
from aduan.numbers.results import ParseFailure, ParseResult


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
    size = next((n for n in (1, 2, 3) if int(digits[:n]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE), 0)
    if not size:
        return ParseFailure("unknown_country")
    code, national = digits[:size], digits[size:]
    if (
        code == "1" and national[0] in "01"
    ):  # the plan of North America has two dozen countries to ask in vain
        return ParseFailure("unknown_country")
    if national[0] == "0":
        return _international_with_zero(code, national)
    number = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(national))
    reason = phonenumbers.is_possible_number_with_reason(number)
    fits = reason == phonenumbers.ValidationResult.IS_POSSIBLE
    if strict:  # a few numbers are "valid" and not possible (+1 310 3102): those read back as nothing
        fits = fits and phonenumbers.is_valid_number(number)
    return ParseResult(NumberKind.FOREIGN, "+" + digits) if fits else ParseFailure("unknown_country")


def _international_with_zero(code: str, national: str) -> ParseResult | ParseFailure:
    """+39 06… keeps its zero; in +44 (0)7911… it is a stray trunk zero. What is in use decides."""
    zeros = len(national) - len(national.lstrip("0"))
    if zeros == len(national):
        return ParseFailure("unknown_country")
    number = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(national))
    number.italian_leading_zero, number.number_of_leading_zeros = True, zeros
    if phonenumbers.is_possible_number(number) and phonenumbers.is_valid_number(number):
        return ParseResult(NumberKind.FOREIGN, f"+{code}{national}")
    number = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(national))
    possible = zeros == 1 and len(national) > 5 and phonenumbers.is_possible_number(number)
    if possible and phonenumbers.is_valid_number(number):
        return ParseResult(NumberKind.FOREIGN, f"+{code}{national[1:]}")
    return ParseFailure("unknown_country")
