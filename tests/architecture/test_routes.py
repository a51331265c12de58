"""The five routes of docs/data-flow.md lead through the files it names, and are as long as it says."""

from __future__ import annotations

import ast
import re
from itertools import pairwise

import pytest

from scripts.checks.sources import PROJECT

PAGE = (PROJECT / "docs/data-flow.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## Five routes through the code")[2].partition("\n## ")[0]
ROUTES = re.findall(r"^\| (.+?) \| (`.+`) \| (\d+) \| \d+ \|$", SECTION, re.MULTILINE)
STEP = re.compile(r"`([\w/]+\.py)::(\w+)`")


def defines(path: str, name: str) -> bool:
    """Whether the module defines a function or class of that name."""
    kinds = ast.FunctionDef | ast.ClassDef
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    return any(isinstance(node, kinds) and node.name == name for node in tree.body)


def calls(path: str, name: str) -> bool:
    """Whether the module uses that name: as itself or behind a dot, not in a text."""
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    return any(
        (isinstance(node, ast.Name) and node.id == name)
        or (isinstance(node, ast.Attribute) and node.attr == name)
        for node in ast.walk(tree)
    )


def test_the_page_has_five_routes() -> None:
    assert [route for route, _, _ in ROUTES] == [
        "raw number → case",
        "sign-off → line of a file",
        "outcome row → citizen's page",
        "evidence bytes → thumbnail",
        "tick → published list",
    ]


@pytest.mark.parametrize(("route", "files", "hops"), ROUTES)
def test_a_route_leads_where_the_page_says(route: str, files: str, hops: str) -> None:
    steps = STEP.findall(files)
    assert [step for step in steps if not defines(*step)] == []
    for part in files.split("; "):
        found = STEP.findall(part)
        broken = [(path, name) for (path, _), (_, name) in pairwise(found) if not calls(path, name)]
        assert broken == [], f"{route}: not called from there"
    assert len({path for path, _ in steps}) - 1 == int(hops)


def test_a_name_that_is_gone_or_is_not_called_is_found() -> None:
    assert not defines("aduan/cases/services/signatures.py", "enforce_proposal")
    assert not calls("aduan/cases/services/signatures.py", "build_list")
