"""The marks of tests/lines_run.py say what coverage.py's own tracer says, and too few of them fail a run."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import coverage
import pytest

from tests.lines_run import MARKS, PROJECT, with_marks

# Every kind of statement, reached and not; the tracer is asked in a process of its own.
EXAMPLE = '''"""A docstring."""

from __future__ import annotations

import contextlib
from typing import (
    Any,
)

CONSTANT: int = 3
UNSET: int


@contextlib.contextmanager
def opened() -> Any:
    """Its docstring."""
    yield 1


class Kind:
    """A class."""

    name = "kind"

    @property
    @staticmethod
    def never(
        first: int = 1,
    ) -> int:
        return first

    def method(self) -> str:
        def inside() -> str:
            nonlocal_value = "x"
            return nonlocal_value

        return inside()


def which(value: object) -> str:
    match value:
        case int() if value > 10:
            return "many"
        case int():
            return "number"
        case str():
            return "text"
        case _:
            return "other"


def caught(error: Exception | None) -> str:
    global CONSTANT
    CONSTANT += 1
    try:
        if error:
            raise error
    except KeyError:
        return "key"
    except (ValueError, TypeError):
        pass
    except OSError as found:
        return str(found)
    else:
        return "none"
    finally:
        CONSTANT -= 1
    return "value"


def grouped() -> None:
    try:
        raise ExceptionGroup("two", [ValueError(), KeyError()])
    except* ValueError:
        pass
    except* KeyError:
        del_me = 1
        del del_me


async def nothing() -> None:
    async with contextlib.nullcontext():
        return


def loops() -> list[int]:
    found = []
    for number in range(4):
        if number == 1:
            continue
        elif number == 3:
            break
        found.append(
            number
        )
    else:
        found.append(9)
    while found and found[-1] > 5:
        found.pop()
    with opened() as one, opened():
        assert one == 1
    values = [value for value in found if value]
    function = lambda value: value + 1
    return sorted(values, key=function)


grouped()
loops()
Kind().method()
for what in (1, "a", None):
    which(what)
caught(None)
caught(ValueError())
if CONSTANT == 4: print("never")
'''
TRACED = """
import coverage, json, sys
measured = coverage.Coverage(data_file=None, include=[sys.argv[1]], config_file=False)
measured.start()
exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), {"__name__": "example"})
measured.stop()
print(json.dumps(sorted(measured.get_data().lines(sys.argv[1]))))
"""


def missing(path: Path, lines: list[int]) -> list[int]:
    """What coverage.py's report would name as not run."""
    measured = coverage.Coverage(data_file=None, config_file=False)
    measured.get_data().add_lines({str(path): lines})
    return measured.analysis2(str(path))[3]


def test_the_marks_say_what_the_tracer_says(tmp_path: Path) -> None:
    path = tmp_path / "example.py"
    path.write_text(EXAMPLE, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    said = subprocess.run(
        [sys.executable, "-c", TRACED, str(path)], env=environment, capture_output=True, text=True, check=True
    )
    marks = [False] * (EXAMPLE.count("\n") + 2)
    tree = with_marks(ast.parse(EXAMPLE))
    code = compile(tree, str(path), "exec", dont_inherit=True)
    exec(code, {"__name__": "example", MARKS: marks})  # noqa: S102  # the example above
    by_tracer = missing(path, ast.literal_eval(said.stdout))
    assert missing(path, [line for line, run in enumerate(marks) if run]) == by_tracer
    assert len(by_tracer) == 9


def test_a_run_that_reaches_too_little_fails(tmp_path: Path) -> None:
    test = tmp_path / "test_little.py"
    test.write_text("import aduan.core.text\n\n\ndef test_it() -> None:\n    pass\n", encoding="utf-8")
    own = {"COVERAGE_FILE": str(tmp_path / "reached"), "PYTHONPATH": str(PROJECT)}
    without = ("PYTEST_XDIST", "ADUAN_", "DATABASE_URL", "REDIS_URL", "COV")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(without)} | own
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.lines_run", "-n", "1", str(test)],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 passed" in run.stdout, run.stdout + run.stderr
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
    assert "at least" in run.stdout
    text = next(line for line in run.stdout.splitlines() if line.startswith("aduan/core/text.py"))
    assert "0.00%" not in text  # it was imported, by a worker of xdist
