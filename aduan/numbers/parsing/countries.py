"""Countries that scams call from, by the names that messages in Indonesia give them."""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final[dict[str, str]] = {
    "855": "kamboja cambodia poipet sihanoukville", "852": "hongkong hong hk", "886": "taiwan taipei",
    "853": "macau makau macao", "82": "korea seoul", "81": "jepang japan tokyo", "84": "vietnam",
    "856": "laos", "60": "malaysia kuala", "65": "singapura singapore sgp",
    "63": "filipina philippines manila",
    "66": "thailand bangkok", "86": "china tiongkok cina", "91": "india", "95": "myanmar",
    "44": "inggris london uk", "1": "amerika usa america", "61": "australia", "971": "dubai uae",
    "966": "saudi mekkah madinah", "90": "turki", "234": "nigeria", "49": "jerman", "31": "belanda",
    "7": "rusia", "880": "bangladesh", "92": "pakistan", "673": "brunei", "670": "timor",
}  # fmt: skip
_CODE_OF: Final = {name: code for code, names in _NAMES.items() for name in names.split()}
_WORD: Final = re.compile(r"[^\W\d_]{2,16}+")


def named_in(text: str) -> frozenset[str]:
    """The country codes of the countries that a text in lower case names, apart from Indonesia."""
    return frozenset(_CODE_OF[word] for word in _CODE_OF.keys() & set(_WORD.findall(text)))


def is_named(canonical: str, named: frozenset[str]) -> bool:
    """Whether this foreign number belongs to one of the named countries."""
    return any(canonical.startswith("+" + code) for code in named)
