"""What an HTML mail says, as plain text. Nothing is followed, loaded or run. Pure."""

from __future__ import annotations

import html
import re
from typing import Final

_MARK_UP: Final = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][A-Za-z0-9]*+)[^<>]*+>", re.DOTALL)
_NOT_READ: Final = frozenset({"head", "script", "style", "title"})
_BREAKS: Final = frozenset(
    {"blockquote", "br", "div", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "table", "tr", "ul"}
)


def text_of(source: str) -> str:
    """The words between the tags, in lines; what no reader would see of scripts and styles is left out."""
    said: list[str] = []
    unread, at = "", 0
    for found in _MARK_UP.finditer(source):
        if not unread:
            said.append(_words(source[at : found.start()]))
        at = found.end()
        closes, name = bool(found[1]), (found[2] or "").lower()
        if unread:
            unread = "" if closes and name == unread else unread
        elif name in _NOT_READ and not closes:
            unread = name
        elif name in _BREAKS:
            said.append("\n")
        elif name in {"td", "th"} and not closes:
            said.append(" ")
    said.append("" if unread else _words(source[at:]))
    lines = (" ".join(line.split()) for line in "".join(said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _words(source: str) -> str:
    """Line ends of the source are blanks, as a browser reads them."""
    return html.unescape(" ".join(re.split(r"\s", source)))
