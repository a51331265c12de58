"""Banned words in identifiers, comments, docstrings and documents; the word list gives each reason.

Strings are not read: messages are written for people and reviewed with their translations.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from scripts.checks.sources import files

LIST = Path(__file__).with_name("words.txt")
PYTHON = ("aduan/", "portal/", "devserver/", "sample/", "scripts/", "bench/", "clients/", "tests/", "deploy/")
DOCUMENTS = ("docs/", "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
COMMENTED = (
    "Makefile",
    "pyproject.toml",
    "docker-compose.yml",
    ".ci/",
    ".github/",
    "deploy/",
    "static/css/",
    "static/js/",
)
SNAKE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
VERBS = re.compile(r"_(?:looks?_(?:like|the_same|up)|looks_like)(?=_)")  # "looks" is a verb there
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def read_list(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Banned parts of identifiers and banned expressions of prose, each with its reason."""
    parts: dict[str, str] = {}
    prose: dict[str, str] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            where, word, reason = (field.strip() for field in re.split(r"(?<!\\)\|", line))
            word = word.replace("\\|", "|")
            if where in ("name", "both"):
                parts[word] = reason
            if where in ("prose", "both"):
                prose[word] = reason
    return parts, prose


PARTS, PROSE = read_list(LIST.read_text(encoding="utf-8"))
IN_PROSE = re.compile(r"\b(?:" + "|".join(PROSE) + r")\b", re.IGNORECASE)


def in_name(identifier: str) -> list[str]:
    """Banned words among the parts of a snake_case or CamelCase identifier."""
    parts = [part.lower() for part in SNAKE.findall(identifier)]
    padded = VERBS.sub("_", f"_{'_'.join(parts)}_")
    return [word for word in PARTS if f"_{word}_" in padded]


def in_prose(text: str) -> list[str]:
    """Banned words of a comment, a docstring or a page; code between backticks counts as identifiers."""
    named = [
        word for code in CODE.findall(text) for name in re.findall(r"\w+", code) for word in in_name(name)
    ]
    return [match.group().lower() for match in IN_PROSE.finditer(CODE.sub(" ", text))] + named


def in_python(text: str) -> Iterator[tuple[int, str]]:
    """Line and word of each banned word that a module uses in names, comments and docstrings."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME:
            yield from ((token.start[0], word) for word in in_name(token.string))
        elif token.type == tokenize.COMMENT:
            yield from ((token.start[0], word) for word in in_prose(token.string))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            line = getattr(node, "lineno", 1)
            yield from ((line, word) for word in in_prose(ast.get_docstring(node) or ""))


def in_page(text: str) -> Iterator[tuple[int, str]]:
    """Line and word of each banned word of a Markdown page."""
    for match in IN_PROSE.finditer(CODE.sub(lambda code: re.sub(r"[^\n]", " ", code.group()), text)):
        yield text.count("\n", 0, match.start()) + 1, match.group().lower()


def in_comments(text: str) -> Iterator[tuple[int, str]]:
    """Line and word of each banned word behind `#` or `//`, or between `/*` and `*/` on one line."""
    for number, line in enumerate(text.splitlines(), 1):
        comment = re.search(r"(?:^|\s)(?:#+|//|/\*)\s(.*)", line)
        if comment:
            yield from ((number, word) for word in in_prose(comment.group(1)))


def faults() -> list[str]:
    found = [
        *((name, fault) for name, text in files(*PYTHON) for fault in in_python(text)),
        *((name, fault) for name, text in files(*DOCUMENTS, suffixes=(".md",)) for fault in in_page(text)),
        *(
            (name, fault)
            for name, text in files(*COMMENTED, suffixes=("", ".toml", ".yml", ".css", ".js", ".sh", ".conf"))
            for fault in in_comments(text)
        ),
        *(
            (name, (0, word))
            for name, _ in files(*PYTHON, "templates/", suffixes=(".py", ".html", ".txt"))
            for word in in_name(name)
        ),
    ]
    return [f"{name}:{line}: {word}" for name, (line, word) in sorted(set(found))]


if __name__ == "__main__":
    wrong = faults()
    print("\n".join(wrong) or "words: none banned")
    sys.exit(bool(wrong))
