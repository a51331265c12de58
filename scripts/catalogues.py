"""Translations complete, without gettext: messages are read from Python's syntax tree and from templates.

One catalogue an area (portal/locale/<area>/id/LC_MESSAGES/django.po); the areas are merged when the portal
runs, so a message counts as translated when any area has it.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

PROJECT = Path(__file__).resolve().parent.parent
LOCALE = PROJECT / "portal" / "locale"
# The first match wins; what nothing matches belongs to `shared`.
AREAS = (
    ("domain", ("aduan/", "templates/emails/")),
    ("public", ("portal/public/", "templates/public/")),
    ("staff", ("portal/staff/", "templates/admin/", "templates/staff/")),
    ("operators", ("portal/operators/", "portal/api/", "templates/operators/", "templates/account/",
                   "templates/mfa/", "templates/allauth/")),
)  # fmt: skip
AREA_NAMES = (*(name for name, _ in AREAS), "shared")
# How many leading arguments of each function are a context and messages: (context?, plural?).
FUNCTIONS = {
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), (False, False)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (False, True)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (True, False)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (True, True)),
}
Message = tuple[str | None, str, str | None]  # context, singular, plural
CALL = re.compile(r"(?<!\w)(_|n?p?gettext)\(")


def area_of(path: Path) -> str:
    name = path.relative_to(PROJECT).as_posix()
    return next((area for area, starts in AREAS if name.startswith(starts)), "shared")


def used() -> dict[Message, Path]:
    """Every message in the sources, with the first file it stands in."""
    found: dict[Message, Path] = {}
    for folder, pattern in (("aduan", "*.py"), ("portal", "*.py"), ("templates", "*.*")):
        for path in sorted((PROJECT / folder).rglob(pattern)):
            if "migrations" in path.parts or path.suffix not in (".py", ".html", ".txt"):
                continue
            text = path.read_text(encoding="utf-8")
            for message in in_python(text) if path.suffix == ".py" else in_template(text):
                found.setdefault(message, path)
    return found


def in_python(text: str) -> Iterator[Message]:
    tree = ast.parse(text)
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names.update({alias.asname or alias.name: alias.name for alias in node.names})
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            shape = FUNCTIONS.get(names.get(node.func.id, ""))
            if shape:
                yield from _message(node, *shape)


def in_template(text: str) -> Iterator[Message]:
    """Django turns a template into calls of gettext and friends; read those."""
    from django.utils.translation.template import templatize

    source = templatize(text)
    for match in CALL.finditer(source):
        name = "gettext" if match[1] == "_" else match[1]
        call = _call_at(source, match.start())
        if call is not None:
            yield from _message(call, *FUNCTIONS[name])


def _call_at(source: str, start: int) -> ast.Call | None:
    """The call that begins at `start`: the shortest text up to a closing bracket that is Python."""
    end = start
    while (end := source.find(")", end) + 1) > 0:
        try:
            node = ast.parse(source[start:end].strip(), mode="eval").body
        except SyntaxError:
            continue
        return node if isinstance(node, ast.Call) else None
    return None


def _message(call: ast.Call, has_context: bool, has_plural: bool) -> Iterator[Message]:
    texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    wanted = 1 + has_context + has_plural
    if len(texts) >= wanted:
        context = texts.pop(0) if has_context else None
        yield context, texts[0], texts[1] if has_plural else None


def catalogue(area: str) -> Path:
    return LOCALE / area / "id" / "LC_MESSAGES" / "django.po"


def _key(entry: polib.POEntry) -> Message:
    return entry.msgctxt, entry.msgid, entry.msgid_plural or None


def _translated(entry: polib.POEntry) -> bool:
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return bool(texts) and all(text.strip() for text in texts) and "fuzzy" not in entry.flags


PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def faults() -> list[str]:
    """What keeps a reader from seeing good Indonesian everywhere."""
    wanted, known, found = used(), set(), []
    for area in AREA_NAMES:
        path = catalogue(area)
        for entry in polib.pofile(str(path)) if path.exists() else []:
            if entry.obsolete or _key(entry) not in wanted:
                found.append(f"{area}: no source says {entry.msgid!r} any more (make messages removes it)")
            elif not _translated(entry):
                found.append(f"{area}: not translated, or fuzzy: {entry.msgid!r}")
            elif _placeholders(entry):
                found.append(f"{area}: other placeholders than the source: {entry.msgid!r}")
            known.add(_key(entry))
    for message, path in wanted.items():
        if message not in known:
            found.append(f"{area_of(path)}: missing {message[1]!r} ({path.relative_to(PROJECT)})")
    return found


def _placeholders(entry: polib.POEntry) -> bool:
    """Whether a translation names what the source does not offer, or (without plural) drops it."""
    offered = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
    if entry.msgid_plural:
        return any(set(PLACEHOLDER.findall(text)) - offered for text in entry.msgstr_plural.values())
    return set(PLACEHOLDER.findall(entry.msgstr)) != offered


def refresh() -> int:
    """Add new messages to their area, empty; drop those that no source says."""
    wanted = used()
    books = {}
    for area in AREA_NAMES:
        path = catalogue(area)
        path.parent.mkdir(parents=True, exist_ok=True)
        books[area] = polib.pofile(str(path), wrapwidth=100) if path.exists() else _new_book()
        for entry in [entry for entry in books[area] if entry.obsolete or _key(entry) not in wanted]:
            books[area].remove(entry)
    known = {_key(entry) for book in books.values() for entry in book}
    for (context, singular, plural), path in wanted.items():
        if (context, singular, plural) in known:
            continue
        entry = polib.POEntry(msgctxt=context, msgid=singular, msgstr="")
        if plural is not None:
            entry.msgid_plural, entry.msgstr_plural = plural, {0: ""}
        books[area_of(path)].append(entry)
        print(f"{area_of(path)}: new {singular!r}")
    for area, book in books.items():
        book.save(str(catalogue(area)))
    return 0


def _new_book() -> polib.POFile:
    book = polib.POFile(wrapwidth=100)
    book.metadata = {
        "Project-Id-Version": "Aduan Nomor",
        "Language": "id",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return book


if __name__ == "__main__":
    wrong = faults()
    print("\n".join(wrong) or "translations complete")
    sys.exit(bool(wrong))
