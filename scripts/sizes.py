"""Files stop at 300 lines, functions at 40: what does not fit in a head is split."""

import ast
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FILE_LINES, FUNCTION_LINES = 300, 40
SUFFIXES = {".py", ".html", ".css", ".js", ".sh"}
# All settings on one page, and a client that operators copy as one file, are worth more than a short page.
LONGER = {"aduan/settings.py": 350, "clients/fetch_block_list.py": 1280}
EXEMPT = ("static/vendor/", "/migrations/")


def listed() -> list[Path]:
    """The files git keeps (and new ones it does not ignore)."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = done.stdout.split("\0") if done.returncode == 0 else _walk()
    return [PROJECT / name for name in names if name and (PROJECT / name).is_file()]


def sources() -> list[Path]:
    """The files whose size is limited."""
    return [
        path
        for path in listed()
        if path.suffix in SUFFIXES and not any(part in path.as_posix() for part in EXEMPT)
    ]


def _walk() -> list[str]:
    """Without git (an archive): everything below the folders of the project."""
    found = [path for path in PROJECT.rglob("*") if not any(part.startswith(".") for part in path.parts)]
    return [path.relative_to(PROJECT).as_posix() for path in found]


def too_long(path: Path, text: str) -> list[str]:
    name = path.relative_to(PROJECT).as_posix()
    lines, limit = len(text.splitlines()), LONGER.get(name, FILE_LINES)
    found = [f"{name}: {lines} lines, more than {limit}"] if lines > limit else []
    if path.suffix == ".py" and name.startswith(("aduan/", "portal/", "scripts/")):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_lines(node) > FUNCTION_LINES:
                found.append(f"{name}:{node.lineno}: {node.name} has {body_lines(node)} lines")
    return found


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body, without the docstring."""
    first, *rest = node.body
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    start = rest[0].lineno if is_text and rest else first.lineno
    return (node.end_lineno or start) - start + 1


def faults() -> list[str]:
    return [fault for path in sources() for fault in too_long(path, path.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    wrong = faults()
    print("\n".join(wrong) or "sizes kept")
    sys.exit(bool(wrong))
