"""`Case.status` has one writer, `aduan/cases/services/transitions.py`: nothing else assigns or updates it.

Found are assignments to `.status`, `setattr`, `update(status=…)`, `"status"` among fields to save, and SQL
that sets the column. The status of a new case is part of its INSERT.
"""

import ast
import re
import sys
from collections.abc import Iterator

from scripts.checks.sources import files

WRITER = "aduan/cases/services/transitions.py"
FOLDERS = ("aduan/", "portal/")
SQL = re.compile(r"(?:\bSET|,)\s+(?:\w+\.)?status\s*=", re.IGNORECASE)
SAVING = {"save", "asave", "bulk_update", "abulk_update"}
UPDATING = {"update", "aupdate", "update_or_create", "aupdate_or_create"}


def in_python(text: str) -> Iterator[int]:
    """Lines of a module that write a status."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt | ast.expr) and _writes(node):
            yield node.lineno


def _writes(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=targets):
            return any(_is_status(target) for target in targets)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return _is_status(target)
        case ast.Call():
            return _writes_by_call(node)
        case ast.Constant(value=str(value)):
            return bool(SQL.search(value))
    return False


def _is_status(target: ast.AST) -> bool:
    match target:
        case ast.Attribute(attr="status", value=ast.Name(id="self")):
            return False  # an exception's own status of HTTP
        case ast.Attribute(attr="status"):
            return True
        case ast.Tuple(elts=several) | ast.List(elts=several):
            return any(_is_status(one) for one in several)
    return False


def _writes_by_call(call: ast.Call) -> bool:
    named = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if named == "setattr":
        return any(_is_word(argument) for argument in call.args[1:2])
    if named in UPDATING:
        return any(keyword.arg == "status" for keyword in call.keywords)
    if named in SAVING:
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        return any(_is_word(part) for argument in given for part in ast.walk(argument))
    return False


def _is_word(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "status"


def in_sql(text: str) -> Iterator[int]:
    """Lines of a file of SQL that set a column `status`."""
    for match in SQL.finditer(text):
        yield text.count("\n", 0, match.start()) + 1


def faults() -> list[str]:
    found = [
        f"{name}:{line}"
        for name, text in files(*FOLDERS, suffixes=(".py", ".sql"))
        if name != WRITER
        for line in (in_sql(text) if name.endswith(".sql") else in_python(text))
    ]
    return [f"{place}: writes a status; call a service that uses apply_transition" for place in found]


if __name__ == "__main__":
    wrong = faults()
    print("\n".join(wrong) or "status: one writer")
    sys.exit(bool(wrong))
