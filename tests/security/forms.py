"""The forms of pages as a stranger's program sees them: where each goes, and what it sends untouched."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

_BUTTONS = ("submit", "button", "reset", "image")


@dataclass(slots=True)
class Form:
    """`sent` are its fields with the values on the page; each button is one more way to send it."""

    action: str
    sent: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def ways(self) -> list[dict[str, str]]:
        """What it sends, once for each button that has a name."""
        return [{**self.sent, name: value} for name, value in self.buttons] or [dict(self.sent)]


class _Reader(HTMLParser):
    def __init__(self, address: str, method: str) -> None:
        super().__init__()
        self.address, self.method, self.forms, self._open = address, method, dict[str, Form](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = given.get("id") or f"form {len(self.forms)}"
            if given.get("method", "get").lower() == self.method:
                self.forms[self._open] = Form(urljoin(self.address, given.get("action", "")))
        elif tag in ("input", "select", "textarea", "button"):
            self._take(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = ""

    def _take(self, tag: str, given: dict[str, str]) -> None:
        form = self.forms.get(given.get("form", self._open))
        name, kind = given.get("name", ""), given.get("type", "submit" if tag == "button" else "text")
        if form is None or not name or name == "csrfmiddlewaretoken":
            return
        if kind in _BUTTONS:
            form.buttons.append((name, given.get("value", "")))
        else:
            form.sent.setdefault(name, given.get("value", ""))


def forms_of(page: str, address: str, method: str = "post") -> list[Form]:
    """Every form of the page that changes something, or that only asks."""
    reader = _Reader(address, method)
    reader.feed(page)
    return list(reader.forms.values())
