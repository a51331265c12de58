"""Find links in a text, defanged ones too, and bring each to one spelling.

Linear: a host is tried only where a label begins, every repetition is bounded or takes back nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_DOT: Final = (
    r"(?:\.|\s?\[\.\]\s?|\s?\(\.\)\s?|\s?\{\.\}\s?|\s?\[dot\]\s?|\s?\(dot\)\s?|\s?\(titik\)\s?|\sdot\s)"
)
_DEFANGED_DOT: Final = re.compile(
    r"\s?(?:\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\(titik\)|(?<=\s)dot(?=\s))\s?", re.IGNORECASE
)
_MAY_BE_DEFANGED: Final = re.compile(r"[\[({\s]")
_SCHEME: Final = r"(?:h(?:tt|xx|XX|\*\*)ps?\s?(?::|\[:\])\s?/{1,2}\s?(?:[^\s/@?#]{1,60}@)?|(?:ftp|fxp)://)"
_LABEL: Final = r"(?:[^\W_](?:[\w-]{0,62}+))"
_OPEN_TLD: Final = (
    r"com|net|org|info|biz|xyz|top|site|online|shop|store|club|vip|live|app|pro|link|click|icu|fun|space|website|win"
    r"|bet|bio|page|dev|tech|cloud|today|world|asia|mobi|name|cfd|sbs|lol|one|art|buzz|monster|autos|homes|gle|goo"
    r"|id|my|sg|cc|ly|co|io|tv|ai|gg|cn|ru|tk|ml|cf|gq|kh|hk|ph|uk|eu|pw|ws|vc|bz|tw|kr|jp|au|invalid|example|test"
)
# Short ones that are also words of Indonesian or English: only before a path.
_SHORT_TLD: Final = (
    r"me|to|in|ga|la|im|sh|so|st|us|it|at|be|is|am|fm|de|nl|fr|cm|su|do|gd|onl|run|chat|ee|li|gl|ie|ch|se|pl|es|pt"
    r"|ro|cz|gr|hu|lt|lv|re|sk|si|kz|uz|ge|ae|sa"
)
_PATH: Final = r"(?::[0-9]{2,5})?(?:[/?#][^\s<>\"'\u201c\u201d\u2018\u2019]{0,2000}+)?"
_END: Final = r"(?=0[0-9]{7}|62[0-9]{7}|[^\w-]|_|$)"
_DOTS: Final = rf"(?:{_LABEL}{_DOT}){{1,8}}"
_HOST: Final = rf"(?:{_DOTS}(?:[^\W\d_]{{2,24}}))"
_ADDRESS: Final = rf"[0-9]{{1,3}}(?:{_DOT}[0-9]{{1,3}}){{3}}(?![\w.-])"
# Behind a dot that is written out a host goes on: no label there is tried as a beginning.
_NOT_INSIDE: Final = r"(?<!\[\.\])(?<!\(\.\))(?<!\{\.\})(?<!\[dot\])(?<!\(dot\))(?<!\(titik\))(?<!\sdot\s)"
_LINK: Final = re.compile(
    rf"(?:(?P<scheme>{_SCHEME})(?P<host>{_ADDRESS}|{_HOST})"
    rf"|(?<![\w@./\\-]){_NOT_INSIDE}(?={_LABEL}{_DOT})(?:www{_DOT}(?P<www>{_HOST})"
    rf"|(?P<bare>{_DOTS}(?:{_OPEN_TLD}))(?!@){_END}"
    rf"|(?P<short>{_DOTS}(?:{_SHORT_TLD}))(?=[/?])"
    rf"|(?P<address>{_ADDRESS})(?=[/:?]|\s?$|\s)))"
    rf"(?P<path>{_PATH})",
    re.IGNORECASE,
)
_BRACKETED_DOT: Final = r"(?:\.|[dD][oO][tT]|[tT][iI][tT][iI][kK])[\])}]"
# What a link has and few words have. Each alternative begins with one character: the search skips to those.
_SEED: Final = re.compile(
    r"\.(?<=\w.)(?:(?=[^\W\d_])|(?<=[0-9].)[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}[/:?])"
    rf"|:(?://|(?<=\s.)\s?//)|\[(?:{_BRACKETED_DOT}|:\]\s?//)|\({_BRACKETED_DOT}|\{{{_BRACKETED_DOT}"
    r"|d(?<=\s.)[oO][tT]\s|D(?<=\s.)[oO][tT]\s"
)
_SPACE: Final = re.compile(r"\s+")
_WORDS_BEHIND: Final = 6
_TRAILING: Final = ".,;:!?*_~`'\"\u2026|)]}>\\"
_FILES: Final = re.compile(
    r"\.(?=[axpjwhm3ozr7dtevi])(?:apk|xapk|aab|pdf|jpe?g|png|webp|heic|mp4|3gp|opus|m4a|zip|rar|7z|docx?|xlsx?|pptx?|txt|exe|vcf|ics|csv)"
    r"(?![\w/])",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(r"@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}", re.ASCII)
_NAME_BEFORE: Final = re.compile(r"(?<![\w.&+-])[\w.&+-]{1,80}+\Z")
_OF_NAME: Final = re.compile(r"[\w.&+-]")
_LONGEST_NAME: Final = 80
_MOST_CLOSING: Final = 8


class LinkSpan(NamedTuple):
    """A link in a text: `text[start:end]`, and its one spelling: no scheme, no www., host in lower case."""

    start: int
    end: int
    link: str


def links_in(text: str) -> Iterator[LinkSpan]:
    """The links of a text in reading order. An e-mail address is none, nor is the name of a file."""
    for start, end in _neighbourhoods(text):
        for match in _LINK.finditer(text, start, end):
            found = _link(text, match)
            if found is not None:
                yield found


def _neighbourhoods(text: str) -> Iterator[tuple[int, int]]:
    """The words around each mark of a link: most of a text is passed over."""
    done = 0
    for seed in _SEED.finditer(text):
        mark, end = seed.span()
        if mark < done:
            continue
        if text[mark] == ".":
            start, done = max(done, _word_begin(text, mark)), _word_end(text, end)
        else:  # a mark around which people put spaces
            before = _word_begin(text, mark - text[max(mark - 1, 0)].isspace())
            start = max(done, _word_begin(text, before))
            done = _word_end(text, end, words=_WORDS_BEHIND)
        yield start, done


def _word_begin(text: str, position: int) -> int:
    return max(text.rfind(" ", 0, position), text.rfind("\n", 0, position), 0)


def _word_end(text: str, position: int, *, words: int = 1) -> int:
    for _ in range(words):
        space = _SPACE.search(text, position)
        if space is None:
            return len(text)
        position = space.end()
    return position


def _link(text: str, match: re.Match[str]) -> LinkSpan | None:
    scheme, address, path = match.group("scheme", "address", "path")
    host = match["host"] or match["www"] or match["bare"] or match["short"] or address
    if address and not path and not _DEFANGED_DOT.search(host):
        return None  # four figures with dots may be anything: a version, a number
    if not path and not scheme and _FILES.search(text, match.end() - 5, match.end()):
        return None
    kept = _without_trailing(match[0])
    end = match.start() + len(kept)
    path = path[: max(len(path) - (match.end() - end), 0)]
    return LinkSpan(match.start(), end, _one_spelling(host, path))


def names_and_mails(text: str) -> Iterator[tuple[int, int]]:
    """Where names of files and e-mail addresses stand: digits in them are no numbers."""
    for pattern in (_FILES, _EMAIL):
        for match in pattern.finditer(text):
            low = max(0, match.start() - _LONGEST_NAME)
            before = _NAME_BEFORE.search(text, low, match.start())
            if before is not None:
                yield before.start(), match.end()
            elif match.start() > 0 and _OF_NAME.match(text, match.start() - 1):
                yield low, match.end()  # a longer name


def _without_trailing(link: str) -> str:
    for _ in range(_MOST_CLOSING):
        last = link[-1:]
        if last not in _TRAILING or (last in ")]}" and _opened(link, last)):
            break
        link = link[:-1]
    return link


def _opened(link: str, closing: str) -> bool:
    opening = {")": "(", "]": "[", "}": "{"}[closing]
    return link.count(opening) >= link.count(closing)


def _one_spelling(host: str, path: str) -> str:
    return (_with_dots(host).lower().removeprefix("www.") + _with_dots(path)).rstrip("/")


def _with_dots(part: str) -> str:
    """Without what keeps a dot from being followed."""
    return _DEFANGED_DOT.sub(".", part) if _MAY_BE_DEFANGED.search(part) else part
