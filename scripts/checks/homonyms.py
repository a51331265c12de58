"""A public top-level name means one thing: defined in three or more modules, it fails."""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable

from scripts.checks.sources import files, top_level_names

MODULES = 3
# Names that a framework looks up in each module, or that mean the same thing wherever they stand.
ALLOWED = {
    "Command": "Django finds a management command by this name",
    "urlpatterns": "Django finds a URLconf by this name",
    "app_name": "Django finds a URL namespace by this name",
    "register": "Django finds a template library by this name",
    "log": "the logger of a module",
}


def homonyms(modules: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Each public top-level name that is defined in too many modules, with those modules."""
    found: dict[str, set[str]] = defaultdict(set)
    for path, text in modules:
        for name in top_level_names(ast.parse(text)):
            found[name].add(path)
    return {
        name: sorted(paths)
        for name, paths in sorted(found.items())
        if len(paths) >= MODULES and not name.startswith("_") and name not in ALLOWED
    }


def faults() -> list[str]:
    found = homonyms(files("aduan/", "portal/"))
    return [f"{name}: defined in {len(paths)} modules: {', '.join(paths)}" for name, paths in found.items()]


if __name__ == "__main__":
    wrong = faults()
    print("\n".join(wrong) or "homonyms: none")
    sys.exit(bool(wrong))
