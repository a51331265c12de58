"""Which numbers are easily taken for a protected one: one slip away, or the same digits elsewhere. Pure.

A slip is one digit changed, missing or too many, or two neighbours swapped: 0811-1500-989 for BCA's
0811-1500-998. The same digits elsewhere are a protected number's own digits behind another prefix
(0813-57-157-157 or 021-57157157 for OJK's 0811-57-157-157), or a bank's code at the end of a plain number
(0857-1500-888 for 1500888).
"""

from __future__ import annotations

from typing import Final

from aduan.numbers.numbering_plan import area_code_of

INDONESIA: Final = "+62"
_DIGITS: Final = "0123456789"
_MOBILE_PREFIX: Final = 3  # 811 of 0811
_OWN_DIGITS: Final = 7  # fewer are shared by chance
_CODE: Final = 5  # 14000; shorter codes end too many numbers


def resembles(canonical: str, pattern: str) -> bool:
    """Whether the number is an access-alike of the pattern; never of itself or of a pattern with `*`."""
    if canonical == pattern or pattern.endswith("*"):
        return False
    own = own_digits(pattern)
    return (bool(own) and canonical.endswith(own)) or canonical in slips(pattern)


def slips(canonical: str) -> set[str]:
    """Everything one slip away. It works both ways: whatever is in the set has this number in its own."""
    if not canonical.startswith(INDONESIA):
        return set()
    digits = canonical[len(INDONESIA) :]
    places = range(len(digits))
    changed = {digits[:at] + digit + digits[at + 1 :] for at in places for digit in _DIGITS}
    swapped = {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in places[:-1]}
    missing = {digits[:at] + digits[at + 1 :] for at in places}
    added = {digits[:at] + digit + digits[at:] for at in range(len(digits) + 1) for digit in _DIGITS}
    return {INDONESIA + one for one in changed | swapped | missing | added} - {canonical}


def own_digits(pattern: str) -> str:
    """What a protected number keeps under any prefix; empty when that is too little to be notified by."""
    kind, _colon, code = pattern.partition(":")
    if code:
        return code if kind == "service" and len(code) >= _CODE else ""
    if not pattern.startswith(INDONESIA):
        return ""
    digits = pattern[len(INDONESIA) :]
    prefix = _MOBILE_PREFIX if digits.startswith("8") else len(area_code_of(digits) or digits)
    return digits[prefix:] if len(digits) - prefix >= _OWN_DIGITS else ""
