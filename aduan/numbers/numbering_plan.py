"""Indonesia's numbering plan: a string of digits as dialled or displayed → kind and canonical form.

Sources: aduan/numbers/data/area_codes.csv (libphonenumber 9.0.35), KM 28/2004 for 0800-0809, and
docs/phonenumbers-disagreements.md for where we differ from `phonenumbers` on purpose. No digit is ever
changed: only ways to say "Indonesia" (0, 62, 0062, 001 62, 01017 62 …) and one stray 0 after 62 fall away.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Final, NamedTuple

import phonenumbers

from aduan.numbers.kinds import NumberKind

MOBILE_SHORTEST, MOBILE_LONGEST = 9, 12  # digits after +62; live numbers of both lengths exist (0811…, 0895…)
DATA: Final = Path(__file__).parent / "data"


class ParseResult(NamedTuple):
    kind: NumberKind
    canonical: str


class ParseFailure(NamedTuple):
    """Why the digits are no number, as a code of `refusals.MESSAGES`, and what they might have been."""

    code: str
    suggestions: tuple[str, ...] = ()
    position: int | None = None  # in the visible text
    found: str = ""
    typed: int = 0  # how many digits were typed
    reading: ParseResult | None = None


def _load_areas() -> dict[str, dict[str, str]]:
    with (DATA / "area_codes.csv").open(encoding="utf-8", newline="") as rows:
        return {
            row["area_code"][1:]: row
            for row in csv.DictReader(rows)
            if len(row["area_code"]) < 5  # 02114 and 021500 are forms of the codes 14xxx and 1500xxx
        }


_AREAS: Final = _load_areas()
AREA_CODES: Final = {code: (int(row["shortest"]), int(row["longest"])) for code, row in _AREAS.items()}
_SERVICE: Final = re.compile(r"140[0-9]{2}|1500[0-9]{2,3}")
_SERVICE_08: Final = re.compile(r"80(?:0[0-9]{5,7}|[479][0-9]{7})")
_FOREIGN_FREEPHONE: Final = re.compile(r"00[17]803[0-9]{5,11}")
_DISPLAYED_CODE: Final = re.compile(r"[1-9][0-9]{2}|[1-79][0-9]{3,4}")
_CARRIERS: Final = ("001", "007", "008", "009")
_VOIP_CARRIERS: Final = frozenset(
    ("01000", "01010", "01011", "01012", "01014", "01016", "01017", "01018", "01019")
)
_EMERGENCY_LIKE: Final = re.compile(r"1[0-9]{2}")


def area_code_of(national: str) -> str | None:
    """The longest area code (without 0) at the start of a national number (without 0)."""
    for length in (3, 2):
        if national[:length] in AREA_CODES:
            return national[:length]
    return None


def region_of(canonical: str) -> str:
    """Where a landline stands, by its area code ("Bandung/Cimahi"). Empty for mobiles: they move."""
    area = area_code_of(canonical[3:]) if canonical.startswith("+62") else None
    return _AREAS[area]["city"] if area else ""


def domestic(national: str) -> ParseResult | ParseFailure:
    """A national number: what follows the trunk zero."""
    if not national:
        return ParseFailure("too_short")
    first = national[0]
    if first == "8":
        return _domestic_eight(national)
    if first == "1":
        if _SERVICE.fullmatch(national):
            return ParseResult(NumberKind.SERVICE, f"service:0{national}")
        return _unused(national)
    if first == "0":
        return ParseFailure("unused_prefix")
    return _domestic_landline(national)


def _domestic_eight(national: str) -> ParseResult | ParseFailure:
    second = national[1:2]
    if second == "0":
        if _SERVICE_08.fullmatch(national):
            return ParseResult(NumberKind.SERVICE, "+62" + national)
        return ParseFailure("too_short" if len(national) < 8 else "unused_prefix")
    if len(national) < MOBILE_SHORTEST:
        return ParseFailure("too_short")
    if len(national) > MOBILE_LONGEST:
        return ParseFailure("too_long")
    return (
        ParseFailure("unused_prefix") if second == "4" else ParseResult(NumberKind.MOBILE, "+62" + national)
    )


def _unused(national: str) -> ParseFailure:
    return ParseFailure("too_short" if len(national) < 7 else "unused_prefix")


def _domestic_landline(national: str) -> ParseResult | ParseFailure:
    area = area_code_of(national)
    if area is None:
        return ParseFailure("too_short" if len(national) < 7 else "unknown_area_code")
    shortest, longest = AREA_CODES[area]
    local = national[len(area) :]
    if _SERVICE.fullmatch(local):  # 021-14000, 021 1500888: how a forged caller id shows a bank's code
        return ParseResult(NumberKind.LANDLINE, "+62" + national)
    if _EMERGENCY_LIKE.fullmatch(local):  # 021-123: the electricity company, dialled from a mobile
        return ParseResult(NumberKind.SHORT_CODE, f"short:0{national}")
    if len(national) < shortest:
        return ParseFailure("too_short")
    if len(national) > longest:
        return ParseFailure("too_long")
    return ParseResult(NumberKind.LANDLINE, "+62" + national)


def after_62(rest: str) -> ParseResult | ParseFailure:
    """What follows +62: a number, perhaps with a stray trunk zero, or a code as handsets show it (+62185)."""
    if rest.startswith("0"):
        return domestic(rest[1:])
    if _SERVICE.fullmatch(rest):
        return ParseResult(NumberKind.SERVICE, f"service:{rest}")
    if _DISPLAYED_CODE.fullmatch(rest):
        return ParseResult(NumberKind.SHORT_CODE, f"short:{rest}")
    return domestic(rest)


def international(digits: str, *, strict: bool = False) -> ParseResult | ParseFailure:
    """Digits after the plus, of any country. `strict` also asks whether the range is in use there."""
    if digits.startswith("62"):
        return after_62(digits[2:])
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
    if phonenumbers.is_valid_number(number):
        return ParseResult(NumberKind.FOREIGN, f"+{code}{national}")
    number = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(national))
    if zeros == 1 and len(national) > 5 and phonenumbers.is_valid_number(number):
        return ParseResult(NumberKind.FOREIGN, f"+{code}{national[1:]}")
    return ParseFailure("unknown_country")


def _from_zero(digits: str, groups: tuple[str, ...]) -> ParseResult | ParseFailure:
    if digits.startswith("00"):
        return _from_zero_zero(digits, groups)
    if digits[:5] in _VOIP_CARRIERS and len(digits) > 10:
        return international(digits[5:], strict=digits[5:7] != "62")
    return domestic(digits[1:])


def _from_zero_zero(digits: str, groups: tuple[str, ...]) -> ParseResult | ParseFailure:
    if _FOREIGN_FREEPHONE.fullmatch(digits):
        return ParseResult(NumberKind.SERVICE, f"service:{digits}")
    if groups and groups[0] in _CARRIERS:
        return international(digits[3:])
    if groups and groups[0] == "00":
        return international(digits[2:])
    plain = international(digits[2:], strict=digits[2:4] != "62")
    if digits[:3] not in _CARRIERS:
        return plain if isinstance(plain, ParseResult) else international(digits[2:])
    by_carrier = international(digits[3:], strict=digits[3:5] != "62")
    if isinstance(plain, ParseResult) and isinstance(by_carrier, ParseResult):
        return ParseFailure("ambiguous_prefix", (by_carrier.canonical, plain.canonical))
    if isinstance(plain, ParseResult):
        return plain
    if isinstance(by_carrier, ParseResult) or digits[3:5] == "62":
        return by_carrier
    return international(digits[2:])


def _without_prefix(digits: str) -> ParseResult | ParseFailure:
    """Digits without 0, + or a mobile 8 in front: a code, or a number with its beginning missing."""
    length = len(digits)
    if _SERVICE.fullmatch(digits):
        return ParseResult(NumberKind.SERVICE, f"service:{digits}")
    if 3 <= length <= 5:
        return ParseResult(NumberKind.SHORT_CODE, f"short:{digits}")
    if length < 7:
        return ParseFailure("too_short")
    if length <= 8:
        return ParseFailure("area_code_missing")
    if length > 13:
        return ParseFailure("bank_account" if length > 14 else "too_long")
    readings = (international(digits, strict=True), domestic(digits))
    suggestions = tuple(reading.canonical for reading in readings if isinstance(reading, ParseResult))
    return ParseFailure("prefix_missing", suggestions) if suggestions else ParseFailure("bank_account")


def _zeros(digits: str) -> ParseFailure:
    return ParseFailure("too_short" if len(digits) < 3 else "too_long")


def dial(digits: str, *, plus: bool = False, groups: tuple[str, ...] = ()) -> ParseResult | ParseFailure:
    """Any digits a person may have typed. `groups`: as they were grouped, to tell 001 65 from 00 1 65."""
    if not digits.strip("0"):
        return ParseResult(NumberKind.WITHHELD, "withheld") if 3 <= len(digits) <= 15 else _zeros(digits)
    if plus and digits[0] != "0":
        return international(digits)
    if digits[0] == "0":
        return _from_zero(digits, groups)
    if digits.startswith("62") and len(digits) > 6:
        inside = after_62(digits[2:])
        if isinstance(inside, ParseResult) or digits[2:3] in ("0", "8"):
            return inside
    if digits[0] == "8" and len(digits) >= MOBILE_SHORTEST:
        return domestic(digits)
    return _without_prefix(digits)
