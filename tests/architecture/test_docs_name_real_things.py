"""Files, links and dotted names in the documents exist: a page that names what is gone misleads."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from aduan.accounts.roles import Permission
from scripts.checks.sources import PROJECT, files
from scripts.sizes import listed

DOCUMENTS = dict(files("docs/", "README.md", "CONTRIBUTING.md", "SECURITY.md", suffixes=(".md",)))
NAMES = {path.relative_to(PROJECT).as_posix() for path in listed()}
BARE = {Path(name).name for name in NAMES}
ROOTS = {name.partition("/")[0] for name in NAMES if "/" in name}
PACKAGES = {config.label for config in apps.get_app_configs() if config.name.startswith("aduan.")}
HEADS = {"aduan", "portal", *PACKAGES}
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
A_PATH = re.compile(r"^[\w.*<>-]+(?:/[\w.*<>-]+)*/?$")
# Made by a command, or written by the reader of the recipe.
MADE = ("bench/results/", "build/", ".venv/", "deploy/secrets/", "deploy/tls/")
A_SETTING = re.compile(r"(?<![\w.])[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9](?![\w.])")
READ = {
    word
    for _, text in files(
        *("aduan/", "devserver/", "scripts/", "clients/", "bench/", "deploy/", "tests/", "portal/"),
        *("Makefile", ".env.example", "docker-compose.yml"),
        suffixes=(".py", ".sh", ".yml", ".example", ".conf", ""),
    )
    for word in A_SETTING.findall(text)
}


def paths_in(text: str) -> Iterator[str]:
    """Paths in backticks that begin with a folder of ours, and bare names of Python files."""
    for code in CODE.findall(text):
        for word in code.split():
            word = word.partition("::")[0].rstrip(",;:")
            if not A_PATH.match(word) or word.startswith(MADE) or "<" in word:
                continue
            if (word.partition("/")[0] in ROOTS and "/" in word) or re.fullmatch(r"[\w-]+\.py", word):
                yield word


def dotted_in(text: str) -> Iterator[str]:
    """Dotted names in backticks that begin with `aduan`, `portal` or a domain package."""
    for code in CODE.findall(text):
        name = code.partition("(")[0].strip()
        head = name.partition(".")[0]
        dotted = re.fullmatch(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+", name)
        if dotted and head in HEADS and not name.endswith((".py", ".md", ".sql")):
            yield name


def settings_in(text: str) -> Iterator[str]:
    """Environment variables and settings in backticks: capitals with an underscore."""
    for code in CODE.findall(text):
        yield from A_SETTING.findall(code)


def path_exists(path: str) -> bool:
    if "/" not in path:
        return path in BARE
    if "*" in path:
        return any(PROJECT.glob(path))
    return (PROJECT / path).exists()


def name_exists(name: str) -> bool:
    """Whether the name is a module, or an attribute of one; a domain package's models count as its own."""
    head, _, rest = name.partition(".")
    if name in set(Permission):  # "cases.view"
        return True
    if head in {"aduan", "portal"}:
        return _resolves(name)
    return _resolves(f"aduan.{name}") or _resolves(f"aduan.{head}.models.{rest}")


def _resolves(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            fields = getattr(getattr(thing, "_meta", None), "fields_map", {})
            if not hasattr(thing, part) and part not in fields:
                return False
            thing = getattr(thing, part, None)
        return True
    return False


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_in_a_page_exists(document: str):
    assert [path for path in paths_in(DOCUMENTS[document]) if not path_exists(path)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_in_a_page_leads_somewhere(document: str):
    links = [link for link in LINK.findall(DOCUMENTS[document]) if "://" not in link]
    assert [link for link in links if not (PROJECT / document).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_dotted_name_in_a_page_exists(document: str):
    assert [name for name in dotted_in(DOCUMENTS[document]) if not name_exists(name)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_setting_in_a_page_is_read_by_the_code(document: str):
    assert sorted(set(settings_in(DOCUMENTS[document])) - READ) == []


def test_what_is_not_there_is_found():
    text = "`aduan/cases/nothing.py`, `test_nothing.py`, `cases.services.nothing` and `cases.Nothing`"
    assert [path for path in paths_in(text) if not path_exists(path)] == [
        "aduan/cases/nothing.py",
        "test_nothing.py",
    ]
    assert [name for name in dotted_in(text) if not name_exists(name)] == [
        "cases.services.nothing",
        "cases.Nothing",
    ]


def test_what_is_there_is_accepted():
    text = "`aduan/cases/workflow.py`, `portal/locale/*`, `cases.services.propose` and `cases.Case`"
    assert len(list(paths_in(text))) == len(list(dotted_in(text))) == 2
    assert all(path_exists(path) for path in paths_in(text))
    assert all(name_exists(name) for name in dotted_in(text))
