"""Which lines of the portal a test run reaches, at a small part of what a tracer costs.

Loaded by `-p tests.lines_run`, before anything imports the portal. A tracer is asked at every line, each
time, and slows down every package besides. Here a module is compiled with a mark in front of each statement.
What the marks say goes into coverage.py's own report and limit (pyproject.toml); `.coverage` stays for
`coverage html`. Workers of xdist hand what they reached to the first process.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import FileLoader, MetaPathFinder, SourceLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import coverage
import pytest

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = ("aduan", "portal")
MARKS = "__lines_run__"  # what a compiled module calls its list of marks
_marks: dict[str, list[bool]] = {}  # by file, one for each line
_reached: dict[str, set[int]] = {}  # by file; in the first process those of all
_said = io.StringIO()


def is_measured(path: Path) -> bool:
    return path.suffix == ".py" and path.is_relative_to(PROJECT) and "migrations" not in path.parts


class Marked(FileLoader, SourceLoader):  # type: ignore[misc]  # one method, declared twice in typeshed
    """Compiles a module with marks, each time anew: nothing of it is left in __pycache__."""

    def get_code(self, fullname: str) -> CodeType:
        tree = with_marks(ast.parse(self.get_data(self.path), self.path))
        return compile(tree, self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        lines = self.get_data(self.path).count(b"\n") + 2
        module.__dict__[MARKS] = _marks.setdefault(self.path, [False] * lines)
        super().exec_module(module)


class Finder(MetaPathFinder):
    """Finds the portal's modules where Python does, and has them compiled with marks."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        if fullname.partition(".")[0] not in PACKAGES:
            return None
        others = (finder.find_spec(fullname, path, target) for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, others), None)
        if spec and spec.origin and is_measured(Path(spec.origin)):
            spec.loader = Marked(fullname, spec.origin)
        return spec


def with_marks(module: ast.Module) -> ast.Module:
    """The module with a mark in front of each statement, in every block of statements."""
    openings = {id(part): lines for node in ast.walk(module) for part, lines in _openings(node)}
    for node in list(ast.walk(module)):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):  # a lambda's body is an expression
                setattr(node, field, list(_marked(block, openings.get(id(node), []))))
    return ast.fix_missing_locations(module)


def _openings(node: ast.AST) -> Iterator[tuple[ast.AST, list[int]]]:
    """Each `except …:` and `case …:` with the lines that lead to its block: its own and those before it."""
    parts: list[tuple[ast.AST, int]] = []
    match node:
        case ast.Try(handlers=handlers) | ast.TryStar(handlers=handlers):
            parts = [(handler, handler.lineno) for handler in handlers]
        case ast.Match(cases=cases):
            parts = [(case, case.pattern.lineno) for case in cases]
    lines: list[int] = []
    for part, line in parts:
        lines = [*lines, line]
        yield part, lines


def _marked(block: list[ast.stmt], opening: list[int]) -> Iterator[ast.stmt]:
    """The block; `opening` are lines that were reached if it is."""
    for statement in block:
        lines = [*opening, *_lines_of(statement)]
        opening = lines if _must_stand_first(statement) else []
        if not opening:
            yield from (_mark(line, statement) for line in lines)
        yield statement


def _must_stand_first(statement: ast.stmt) -> bool:
    """Docstrings and imports from __future__: nothing may be put in front of them."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str())) | ast.ImportFrom(module="__future__"):
            return True
    return False


def _lines_of(statement: ast.stmt) -> list[int]:
    decorators = getattr(statement, "decorator_list", [])
    return [*(decorator.lineno for decorator in decorators), statement.lineno]


def _mark(line: int, statement: ast.stmt) -> ast.stmt:
    """`__lines_run__[line] = True`: Python runs it in some 20 ns."""
    place = ast.Subscript(ast.Name(MARKS, ast.Load()), ast.Constant(line), ast.Store())
    return ast.copy_location(ast.Assign([place], ast.Constant(True)), statement)


sys.meta_path.insert(0, Finder())


def reached() -> dict[str, list[int]]:
    """By file, the lines that this process reached."""
    return {file: [line for line, run in enumerate(marks) if run] for file, marks in _marks.items()}


def _add(found: dict[str, list[int]]) -> None:
    for file, lines in found.items():
        _reached.setdefault(file, set()).update(lines)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """A worker of xdist has ended, and its lines are here."""
    _add(getattr(node, "workeroutput", {}).get(MARKS, {}))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker hands on what it reached; the first process fails when all together is too little."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[MARKS] = reached()
        return
    _add(reached())
    if _report_fails():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _report_fails() -> bool:
    """Write the report; whether too few lines were run."""
    measured = coverage.Coverage()
    measured.erase()
    data = measured.get_data()
    data.add_lines(_reached)
    data.touch_files(
        [str(path) for package in PACKAGES for path in (PROJECT / package).rglob("*.py") if is_measured(path)]
    )
    data.write()
    total = measured.report(skip_covered=True, file=_said)
    data.close()
    limit = float(measured.get_option("report:fail_under"))  # type: ignore[arg-type]
    _said.write(f"Of all lines {total:.2f} % were run; at least {limit} % must be.\n")
    return total < limit


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("lines run")
    terminalreporter.write(_said.getvalue())
