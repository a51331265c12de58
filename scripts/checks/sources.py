"""The project's own files, by folder and suffix."""

import ast
from collections.abc import Iterator

from scripts import sizes

PROJECT = sizes.PROJECT


def files(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> Iterator[tuple[str, str]]:
    """Path relative to the project and text of each tracked or new file; migrations are left out."""
    for path in sorted(sizes.listed()):
        name = path.relative_to(PROJECT).as_posix()
        if path.suffix in suffixes and name.startswith(folders) and "/migrations/" not in name:
            yield name, path.read_text(encoding="utf-8")


def top_level_names(tree: ast.Module) -> Iterator[str]:
    """Names of the functions, classes and variables that a module defines, not those it imports."""
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
