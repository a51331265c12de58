"""SQL obeys the arrows of the imports: no package names a table of a package above or beside it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from django.apps import apps

from scripts.checks.sources import files
from tests.architecture.test_foreign_keys_point_down import BLIND, PACKAGES

TABLES = {
    model._meta.db_table: config.label
    for config in apps.get_app_configs()
    if config.name.startswith("aduan.")
    for model in config.get_models()
}
A_TABLE = re.compile(r"\b(?:" + "|".join(sorted(TABLES, key=len, reverse=True)) + r")\b")


def strings(text: str) -> Iterator[str]:
    """Every string of a module but its docstrings."""
    tree = ast.parse(text)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def out_of_reach(package: str, sql: str) -> list[str]:
    """Tables in the text that belong to a package which this one may not import."""
    found = []
    for table in A_TABLE.findall(sql):
        owner = TABLES[table]
        beside = owner != package and {owner, package} <= BLIND
        if beside or PACKAGES.index(owner) > PACKAGES.index(package):
            found.append(table)
    return sorted(set(found))


def test_no_package_names_a_table_of_a_package_above():
    wrong: dict[str, list[str]] = {}
    for name, text in files(*(f"aduan/{package}/" for package in PACKAGES), suffixes=(".py", ".sql")):
        package = name.split("/")[1]
        texts = strings(text) if name.endswith(".py") else [text]
        if found := out_of_reach(package, "\n".join(texts)):
            wrong[name] = found
    assert wrong == {}


def test_a_table_above_and_a_table_beside_are_found():
    assert out_of_reach("core", "SELECT 1 FROM cases_case") == ["cases_case"]
    assert out_of_reach("blocklists", "DELETE FROM complaints_complaint") == ["complaints_complaint"]


def test_tables_below_and_of_its_own_are_accepted():
    assert out_of_reach("complaints", "UPDATE cases_case; SELECT complaints_complaint") == []
