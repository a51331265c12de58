"""Functions, classes, methods and constants that no code, template or setting uses (vulture).

Tests do not count as a use: what only a test calls is dead. `dead_code.txt` lists what a framework calls.
"""

import fnmatch
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import vulture

from scripts.checks.sources import PROJECT, files

ALLOWED = Path(__file__).with_name("dead_code.txt")
FOLDERS = ("aduan", "portal", "devserver", "sample", "scripts", "bench", "clients", "manage.py")
CODE = ("function", "class", "method", "property", "import", "unreachable_code")
# A decorator that registers what it decorates; the framework or the page table calls it.
REGISTERING = [
    "@*page*",
    "@*app.task*",
    "@*register*",
    "@*receiver*",
    "@*failpoint*",
    "@*route*",
    "@*override*",
]
DOTTED = re.compile(r"""["'](?:\w+\.)+(\w+)["']""")
MODULE_CONSTANT = re.compile(r"^_?[A-Z][A-Z0-9_]+\b", re.MULTILINE)


def allowed(text: str) -> list[str]:
    """Patterns of the allow-list, without their reasons."""
    return [line.split("|")[0].strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


def used_elsewhere() -> set[str]:
    """Names that templates use, and last parts of dotted paths in strings (settings, `patterns`)."""
    found: set[str] = set()
    for _, text in files("templates/", suffixes=(".html", ".txt")):
        found.update(re.findall(r"\w+", text))
    for _, text in files(*FOLDERS):
        found.update(DOTTED.findall(text))
    return found


def unused(project: Path, folders: tuple[str, ...] = FOLDERS) -> Iterator[tuple[str, int, str, str]]:
    """File, line, kind and name of all that vulture finds unused."""
    scan = vulture.Vulture(ignore_decorators=REGISTERING)
    scan.scavenge([str(project / folder) for folder in folders], exclude=["*/migrations/*"])
    for item in scan.get_unused_code(min_confidence=60):
        if item.typ in CODE or (item.typ == "variable" and _is_module_constant(item)):
            yield Path(item.filename).relative_to(project).as_posix(), item.first_lineno, item.typ, item.name


def _is_module_constant(item: vulture.core.Item) -> bool:
    if item.filename.name.endswith("settings.py"):
        return False  # Django and libraries read them by name
    line = item.filename.read_text(encoding="utf-8").splitlines()[item.first_lineno - 1]
    return bool(MODULE_CONSTANT.match(line))


def faults() -> list[str]:
    patterns = allowed(ALLOWED.read_text(encoding="utf-8"))
    elsewhere = used_elsewhere()
    return [
        f"{name}:{line}: {kind} {thing} is never used"
        for name, line, kind, thing in unused(PROJECT)
        if thing not in elsewhere and not any(fnmatch.fnmatchcase(thing, pattern) for pattern in patterns)
    ]


if __name__ == "__main__":
    wrong = faults()
    print("\n".join(wrong) or "dead code: none")
    sys.exit(bool(wrong))
