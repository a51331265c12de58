"""Indonesia's numbering plan: a string of digits as dialled or displayed → kind and canonical form.

Sources: aduan/numbers/data/area_codes.csv (libphonenumber 9.0.35), KM 28/2004 for 0800-0809, and
docs/phonenumbers-disagreements.md for where we differ from `phonenumbers` on purpose. No digit is ever
changed: only ways to say "Indonesia" (0, 62, 0062, 001 62, 01017 62 …) and one stray 0 after 62 fall away.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from aduan.numbers.foreign_numbers import foreign, is_country_code
from aduan.numbers.kinds import NumberKind
from aduan.numbers.results import ParseFailure as ParseFailure
from aduan.numbers.results import ParseResult as ParseResult

_MOST_KNOWN: Final = 256  # one refusal dials the same digits several times
MOBILE_SHORTEST, MOBILE_LONGEST = 9, 12  # digits after +62; live numbers of both lengths exist (0811…, 0895…)
DATA: Final = Path(__file__).parent / "data"


def _load_areas() -> dict[str, dict[str, str]]:
    with (DATA / "area_codes.csv").open(encoding="utf-8", newline="") as rows:
        return {
            row["area_code"][1:]: row
            for row in csv.DictReader(rows)
            if len(row["area_code"]) < 5  # 02114 and 021500 are forms of the codes 14xxx and 1500xxx
        }


_AREAS: Final = _load_areas()
AREA_CODES: Final = {code: (int(row["shortest"]), int(row["longest"])) for code, row in _AREAS.items()}
# Numbers of six digits, from libphonenumber's short-number metadata for Indonesia (150264, 177…).
_SIX_DIGIT_CODE: Final = re.compile(r"150[0-9]{3}|177[0-9]{3}")
_SERVICE: Final = re.compile(r"140[0-9]{2}|1500[0-9]{2,3}")
_LONGEST_CODE: Final = 7  # 1500888
_SERVICE_08: Final = re.compile(r"80(?:0[0-9]{5,7}|[479][0-9]{7})")
_FOREIGN_FREEPHONE: Final = re.compile(r"00[17]803[0-9]{5,11}")
_DISPLAYED_CODE: Final = re.compile(r"[1-9][0-9]{2}|[1-79][0-9]{3,4}")
# "+62110" and "+621166" as a handset shows them, copied without the plus: no code begins with 62.
_DISPLAYED_WITHOUT_PLUS: Final = re.compile(r"621[0-9]{2,3}")
_CARRIERS: Final = ("001", "007", "008", "009")
_VOIP_CARRIERS: Final = frozenset(
    ("01000", "01010", "01011", "01012", "01014", "01016", "01017", "01018", "01019")
)
_EMERGENCY_LIKE: Final = re.compile(r"1[0-9]{2}")
_MOBILE_PREFIX: Final = re.compile(r"8[1-35-9][0-9]")


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
        doubled = _doubled_zero(rest, ("0",)) if rest[1:2] == "0" else None
        return doubled or domestic(rest[1:])
    if _DISPLAYED_WITHOUT_PLUS.fullmatch(rest):  # +62 62110
        return ParseFailure("doubled_country_code", (f"short:{rest[2:]}",))
    found = (len(rest) <= _LONGEST_CODE and _displayed_code(rest)) or domestic(rest)
    return _doubled_country_code(rest[2:], found) or found if rest.startswith("62") else found


def _displayed_code(rest: str) -> ParseResult | None:
    if _SERVICE.fullmatch(rest):
        return ParseResult(NumberKind.SERVICE, f"service:{rest}")
    if _DISPLAYED_CODE.fullmatch(rest) or _SIX_DIGIT_CODE.fullmatch(rest):
        return ParseResult(NumberKind.SHORT_CODE, f"short:{rest}")
    return None


def _doubled_country_code(rest: str, found: ParseResult | ParseFailure) -> ParseFailure | None:
    """ "+62 62811…": typed twice, unless an area code 062x begins here. Before a mobile number it is."""
    inner = domestic(rest.removeprefix("0"))
    if isinstance(inner, ParseFailure) or inner.kind not in (NumberKind.MOBILE, NumberKind.LANDLINE):
        return None
    if isinstance(found, ParseResult) and inner.kind is NumberKind.LANDLINE:
        return None
    return ParseFailure("doubled_country_code", (inner.canonical,))


def international(digits: str, *, strict: bool = False) -> ParseResult | ParseFailure:
    """Digits after the plus, of any country. `strict` also asks whether the range is in use there."""
    if digits.startswith("62"):
        return after_62(digits[2:])
    return foreign(digits, strict=strict)


def _from_zero(digits: str, groups: tuple[str, ...]) -> ParseResult | ParseFailure:
    if digits.startswith("00"):
        return _from_zero_zero(digits, groups)
    if digits[:5] in _VOIP_CARRIERS and len(digits) > 10 and not (groups and len(groups[0]) < 5):
        return international(digits[5:], strict=digits[5:7] != "62")
    found = domestic(digits[1:])
    return _doubled_country_code(digits[3:], found) or found if digits.startswith("062") else found


def _from_zero_zero(digits: str, groups: tuple[str, ...]) -> ParseResult | ParseFailure:
    if _FOREIGN_FREEPHONE.fullmatch(digits):
        return ParseResult(NumberKind.SERVICE, f"service:{digits}")
    doubled = _doubled_zero(digits, groups)
    if doubled is not None:
        return doubled
    access = groups[0] if groups else ""
    if access == "00" or (access in _CARRIERS and digits[3:5] == "62"):
        return international(digits[len(access) :])
    plain = international(digits[2:], strict=digits[2:4] != "62")
    if digits[:3] not in _CARRIERS:
        return plain if isinstance(plain, ParseResult) else _abroad_or_doubled_zero(digits)
    by_carrier = international(digits[3:], strict=digits[3:5] != "62")
    if isinstance(plain, ParseResult) and isinstance(by_carrier, ParseResult):
        return ParseFailure("ambiguous_prefix", (by_carrier.canonical, plain.canonical))
    if isinstance(plain, ParseResult):
        return plain
    if isinstance(by_carrier, ParseResult) or digits[3:5] == "62":
        return by_carrier
    return international(digits[2:])


def _abroad_or_doubled_zero(digits: str) -> ParseResult | ParseFailure:
    """ "0031 1234567": of a range that is not in use abroad, or of Surabaya with a zero too many."""
    abroad, here = international(digits[2:]), domestic(digits[2:])
    if isinstance(here, ParseFailure) or here.kind is not NumberKind.LANDLINE:
        return abroad
    if isinstance(abroad, ParseFailure):
        return ParseFailure("doubled_zero", (here.canonical,))
    return ParseFailure("ambiguous_prefix", (abroad.canonical, here.canonical))


def _doubled_zero(digits: str, groups: tuple[str, ...]) -> ParseFailure | None:
    """ "(0)0812…" is no call to Japan; "00812…" without a space may be either."""
    inner = domestic(digits[2:])
    if isinstance(inner, ParseFailure) or inner.kind not in (NumberKind.MOBILE, NumberKind.LANDLINE):
        return None
    if groups and groups[0] == "0":
        return ParseFailure("doubled_zero", (inner.canonical,))
    if inner.kind is NumberKind.LANDLINE or (groups and is_country_code(groups[0][2:])):
        return None
    abroad = international(digits[2:], strict=True)
    if isinstance(abroad, ParseFailure):
        return ParseFailure("doubled_zero", (inner.canonical,))
    return ParseFailure("ambiguous_prefix", (abroad.canonical, inner.canonical))


def _without_prefix(digits: str) -> ParseResult | ParseFailure:
    """Digits without 0, + or a mobile 8 in front: a code, or a number with its beginning missing."""
    length = len(digits)
    if length <= _LONGEST_CODE:
        return _code_without_prefix(digits)
    if length <= 8:
        return ParseFailure("area_code_missing")
    if length > 13:
        return ParseFailure("bank_account" if length > 14 else "too_long")
    readings = (international(digits, strict=True), domestic(digits))
    suggestions = tuple(reading.canonical for reading in readings if isinstance(reading, ParseResult))
    return ParseFailure("prefix_missing", suggestions) if suggestions else ParseFailure("bank_account")


def _code_without_prefix(digits: str) -> ParseResult | ParseFailure:
    if _SERVICE.fullmatch(digits):
        return ParseResult(NumberKind.SERVICE, f"service:{digits}")
    if _DISPLAYED_WITHOUT_PLUS.fullmatch(digits):
        return ParseFailure("prefix_missing", (f"short:{digits[2:]}",))
    if 3 <= len(digits) <= 5 or _SIX_DIGIT_CODE.fullmatch(digits):
        return ParseResult(NumberKind.SHORT_CODE, f"short:{digits}")
    return ParseFailure("too_short" if len(digits) < _LONGEST_CODE else "area_code_missing")


def _zeros(digits: str) -> ParseFailure:
    return ParseFailure("too_short" if len(digits) < 3 else "too_long")


def _doubled_by_groups(digits: str, groups: tuple[str, ...]) -> ParseResult | ParseFailure:
    """ "+62 62 21 5551234": with a space behind it, the second 62 is no area code either. "00 62" is one."""
    if groups[0] == "00" and groups[1] == "62":
        return international(digits[2:])
    rest = "".join(groups[2:])
    return _doubled_country_code(rest, ParseFailure("too_short")) or after_62("62" + rest)


def _plus_zero(digits: str) -> ParseResult | ParseFailure:
    """ "+0812…": no country begins with 0. A forged caller number (+02114041) is written like that, too."""
    found = domestic(digits[1:])
    if isinstance(found, ParseResult) and found.kind is NumberKind.MOBILE:
        return ParseFailure("plus_before_zero", (found.canonical,))
    return found


def _abroad_or_here(digits: str, groups: tuple[str, ...]) -> ParseResult | ParseFailure:
    """ "+812 3456 7890": Japan, by its digits; or a mobile number of ours, by its groups."""
    if digits.startswith("62"):
        return after_62(digits[2:])
    abroad = foreign(digits, strict=False)
    if len(groups) < 2 or not _MOBILE_PREFIX.fullmatch(groups[0]) or is_country_code(groups[0]):
        return abroad
    here = domestic(digits)
    if isinstance(here, ParseFailure) or isinstance(abroad, ParseFailure):
        return abroad
    return ParseFailure("ambiguous_prefix", (abroad.canonical, here.canonical))


def _here_or_abroad(digits: str, groups: tuple[str, ...]) -> ParseResult | ParseFailure:
    """ "852 9123 4567": a mobile number without its 0, or Hong Kong, whose grouping it has."""
    here = domestic(digits)
    if len(groups) < 2 or isinstance(here, ParseFailure) or here.kind is not NumberKind.MOBILE:
        return here
    if not is_country_code(groups[0]):
        return here
    abroad = international(digits, strict=True)
    if isinstance(abroad, ParseFailure):
        return here
    return ParseFailure("ambiguous_prefix", (here.canonical, abroad.canonical))


@lru_cache(_MOST_KNOWN)
def dial(digits: str, *, plus: bool = False, groups: tuple[str, ...] = ()) -> ParseResult | ParseFailure:
    """Any digits a person may have typed. `groups`: as they were grouped, to tell 001 65 from 00 1 65."""
    if not digits.strip("0"):
        return ParseResult(NumberKind.WITHHELD, "withheld") if 3 <= len(digits) <= 15 else _zeros(digits)
    if groups[1:2] in (("62",), ("062",)) and groups[0] in ("62", "0062", "00"):
        return _doubled_by_groups(digits, groups)
    if plus and digits[:2] not in ("0", "00"):
        return _plus_zero(digits) if digits[0] == "0" else _abroad_or_here(digits, groups)
    if digits[0] == "0":
        return _domestic_eight(digits[1:]) if digits[1:2] == "8" else _from_zero(digits, groups)
    if digits.startswith("62") and len(digits) > 6:
        inside = after_62(digits[2:])
        if isinstance(inside, ParseResult) or digits[2:3] in ("0", "8") or digits[2:4] == "62":
            return inside
    if digits[0] == "8" and len(digits) >= MOBILE_SHORTEST:
        return _here_or_abroad(digits, groups)
    return _without_prefix(digits)
