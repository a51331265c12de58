"""Links that are written so that no machine follows them: "wa . me / 855…", "t [dot] me / name", "a .com/b".

Only what a slash follows is a link here: a word before a full stop and a space is the end of a sentence.
Linear: the ends of hosts are found first, and a bounded stretch before and behind each is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

_DOT: Final = r"(?:\s?[.,]\s?|\s?[\[({]\s?(?:\.|dot|titik)\s?[\])}]\s?|\s(?:dot|titik)\s)"
_TLD: Final = (
    r"me|com|dog|net|us|org|info|biz|xyz|top|site|online|shop|store|club|vip|icu|click|link|app|ly|cc|id"
)
# A slash behind a letter: most texts have few, so that the rest of them is passed over quickly.
_SLASH: Final = re.compile(r"[/\\](?:(?<=[a-z].)|(?<=[a-z]\s.))\s?(?=\S)")
_SLASH_WORD: Final = re.compile(r"(?:slash|garing|miring)\s(?=\S)")
_TLD_BEFORE: Final = re.compile(rf"(?<![^\W_])(?P<tld>{_TLD})\s?\Z")
_LONGEST_TLD: Final = 8  # with what stands around it
_CHAT_HOST: Final = re.compile(
    rf"(?P<scheme>h(?:tt|xx)ps?\s?:\s?//?\s?)?(?<![\w.@-])(?<![^/\s]/)(?P<name>wa|t|telegram|signal|(?:(?:api|web|chat|business){_DOT})?whatsapp)(?P<dot>{_DOT})\Z"
)
# A site needs the space before its dot: behind one there may begin another sentence.
_SITE: Final = re.compile(
    r"(?<![\w.@/-])(?<!\s-\s)(?P<name>[a-z0-9][a-z0-9-]{1,40}(?:\s?\.\s?[a-z]{2,4}(?=\s\.))?)(?P<dot>\s\.\s?)\Z"
)
# A path that stands apart belongs to the host of a link shortener, or to a link that is spaced itself.
_SHORTENERS: Final = frozenset(
    ("bit.ly", "s.id", "tinyurl.com", "cutt.ly", "t.ly", "is.gd", "rb.gy", "shorturl.at", "linktr.ee")
) | frozenset(("heylink.me", "lynk.id", "goo.gl", "ow.ly", "gg.gg"))
_APART: Final = re.compile(
    r"\s?/\s?(?P<path>[a-z0-9][\w?=&%#-]{1,60})(?![\w.@])|\s(?:slash|garing|miring)\s(?P<said>[\w-]{2,40})"
)
_SPACED_SCHEME: Final = re.compile(r"https?\s?:\s?/{1,2}\s")
_SEND: Final = re.compile(r"(?:send|call|c)?\s?/?\s?\?\s?phone\s?=\s?|#?p?/?(?=\+)")
_NUMBER: Final = re.compile(
    r"(?P<whole>\+?[0-9][0-9().-]{6,24}+(?![^\W\d_]))|\+?[0-9]+(?>(?:[ ().-]{1,2}[0-9]+){1,6})"
)
_NAME: Final = re.compile(r"@?[a-z]\w{3,31}(?![\w+])")
_PATH: Final = re.compile(r"[^\s<>\"']{1,200}")
_TRAILING: Final = ".,;:!?*_~`'\"|)]}>\\"
_CHAT_TLDS: Final = {"me": ("wa", "t", "telegram", "signal"), "dog": ("telegram",), "com": ("whatsapp",)}
_PLAIN_DOTS: Final = frozenset((".", "[.]", "(.)"))
_BEFORE: Final = 48
MOST_FOUND: Final = 1_000  # slashes of one text that are looked at


class SpacedLink(NamedTuple):
    """A link at `text[start:end]`. `link` is as a browser would take it, `chat`: of a messenger."""

    start: int
    end: int
    link: str
    chat: bool


def spaced_links(lowered: str) -> Iterator[SpacedLink]:
    """The links of a text in lower case, without those that are written as a link is."""
    for slash in islice(_slashes(lowered), MOST_FOUND):
        tld = _TLD_BEFORE.search(lowered, max(0, slash.start() - _LONGEST_TLD), slash.start())
        if tld is not None and not _is_plain(lowered, tld.start(), slash):
            found = _chat_link(lowered, tld, slash) or _site(lowered, tld, slash)
            if found is not None:
                yield found


def path_apart(lowered: str, start: int, end: int, link: str) -> tuple[int, str]:
    """ "https:// bit.ly / 3abcd": where the link at `start` ends, and its spelling, with a path set apart."""
    match = _APART.match(lowered, end) if "/" not in link else None
    if match is None:
        return end, link
    said = match["said"] or (_SPACED_SCHEME.match(lowered, start) and match["path"])
    path = said or (match["path"] if link in _SHORTENERS else None)
    return (match.end(), f"{link}/{path}") if path else (end, link)


def _slashes(lowered: str) -> Iterator[re.Match[str]]:
    yield from _SLASH.finditer(lowered)
    if "slash" in lowered or "ring " in lowered:
        yield from _SLASH_WORD.finditer(lowered)


def _is_plain(lowered: str, start: int, slash: re.Match[str]) -> bool:
    """Whether the end of a host at `start` and its slash stand as in any link: most do."""
    return lowered[start - 1] == "." and lowered[start - 2].isalnum() and _is_tight(lowered, slash)


def _is_tight(lowered: str, slash: re.Match[str]) -> bool:
    return slash[0] == "/" and not lowered[slash.start() - 1].isspace()


def _chat_link(lowered: str, tld: re.Match[str], slash: re.Match[str]) -> SpacedLink | None:
    host = _CHAT_HOST.search(lowered, max(0, tld.start() - _BEFORE), tld.start())
    if host is None or not host["name"].endswith(_CHAT_TLDS.get(tld["tld"], ("-",))):
        return None
    if host["dot"] in _PLAIN_DOTS and " " not in host["name"] and _is_tight(lowered, slash):
        return None  # as `contact_links` reads it
    send = _SEND.match(lowered, slash.end())
    begin = send.end() if send else slash.end()
    target = _NUMBER.match(lowered, begin)
    if target is None and host["name"] in ("t", "telegram"):
        target = _NAME.match(lowered, begin)
    if target is None:
        return None
    kept = target[0].rstrip(" (.-")
    service = "t.me" if host["name"] in ("t", "telegram") else "wa.me"
    return SpacedLink(host.start(), begin + len(kept), f"{service}/{_joined(kept)}", chat=True)


def _joined(target: str) -> str:
    return re.sub(r"[\s().-]+", "", target) if target[-1].isdigit() and not target[0].isalpha() else target


def _site(lowered: str, tld: re.Match[str], slash: re.Match[str]) -> SpacedLink | None:
    host = _SITE.search(lowered, max(0, tld.start() - _BEFORE), tld.start())
    path = _PATH.match(lowered, slash.end())
    if host is None or path is None or host["name"].isdigit():
        return None
    kept = path[0].rstrip(_TRAILING)
    name = re.sub(r"\s", "", host["name"])
    return SpacedLink(host.start(), slash.end() + len(kept), f"{name}.{tld['tld']}/{kept}", chat=False)
