"""Find the Telegram accounts that a text names: "Telegram @name", "@name (tele)", "Tele: nama_cs"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from aduan.numbers.numbering_plan import ParseResult
from aduan.numbers.parsing.links import handle

_NAME: Final = re.compile(r"@(?P<name>[a-z]\w{3,31})(?![\w@]|\.\w)", re.ASCII)
_GLUED: Final = re.compile(r"\b(?:telegram|tele|tg)\Z")
_PLATFORM: Final = re.compile(
    r"(?<![^\W_])(?:(?P<telegram>tele(?:gram|grem|gr?am)?|tlgrm|tlg|tg)|instagram|insta|ig|twitter|x|tik\s?tok|facebook"
    r"|fb|line|discord|wechat|michat|threads|youtube|e-?mail|gmail|shopee|tokopedia)(?:nya)?(?![^\W_])"
)
_AFTER: Final = re.compile(
    r"\s?(?:\(|-|di\s|on\s|via\s|ada\sdi\s|akun\s|,)?\s?(?:telegram|tele|tg)(?![^\W_])"
)
_WITHOUT_AT: Final = re.compile(
    r"t(?:elegram|ele|g)(?:\s(?:id|user(?:name)?|akun|admin|cs))?\s?[:=]\s?(?P<name>[a-z]\w{4,31})(?![\w@.])",
    re.ASCII,
)
_BY_USERNAME: Final = re.compile(
    r"(?:t(?:elegram|ele|g)(?:nya)?\suser(?:name)?|user(?:name)?\s(?:di\s)?t(?:elegram|ele|g))(?:nya)?\s"
    r"(?P<name>[a-z]\w{4,31})(?![\w@.])",
    re.ASCII,
)
_NO_WORD: Final = re.compile(r"[0-9_]")
MOST_NAMES: Final = 1_000  # of one text that are looked at
_REACH: Final = 60  # characters before the name in which its platform is named


def chat_accounts(lowered: str, *, telegram: bool = False) -> Iterator[tuple[int, int, ParseResult]]:
    """Accounts whose platform a text in lower case names. An @name without one could be anybody's.

    `telegram`: the text was written there, so that an @name without another platform is one of there.
    """
    for match in islice(_NAME.finditer(lowered), MOST_NAMES):
        start, end = match.span()
        before = lowered[max(0, start - 1) : start]
        if before and (before.isalnum() or before in "_.@/") and not _GLUED.search(lowered, start - 9, start):
            continue
        if _is_telegram(lowered, start, end, otherwise=telegram):
            yield start, end, handle("telegram", match["name"])
    for match in chain(_named_alone(_WITHOUT_AT, lowered), _named_alone(_BY_USERNAME, lowered)):
        last = match.re is _WITHOUT_AT and lowered[match.end() : match.end() + 1] in ("", "\n")
        if last or _NO_WORD.search(match["name"]):
            yield match.start("name"), match.end(), handle("telegram", match["name"])


def _named_alone(pattern: re.Pattern[str], lowered: str) -> Iterator[re.Match[str]]:
    for match in islice(pattern.finditer(lowered), MOST_NAMES):
        if not lowered[match.start() - 1 : match.start()].isalnum():
            yield match


def _is_telegram(text: str, start: int, end: int, *, otherwise: bool) -> bool:
    """The platform named last before the account counts; else the one right behind it, else `otherwise`."""
    before = text[max(0, start - _REACH) : start]
    named = list(_PLATFORM.finditer(before))
    if named and "\n" not in before[named[-1].end() :].strip(" :\n-("):
        return named[-1]["telegram"] is not None
    return otherwise or _AFTER.match(text, end) is not None
