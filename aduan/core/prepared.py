"""Statements that a connection parses and plans once.

psycopg2 sends text, and PostgreSQL parses and plans it anew each time: for the statements of one complaint
that took longer than carrying them out. Connections are kept for a minute and more, and so are their plans.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.db import connection, models

M = TypeVar("M", bound=models.Model)

# By the driver's connection: a new one knows none. What was prepared outlives a transaction rolled back.
_prepared: Final[WeakKeyDictionary[Any, set[str]]] = WeakKeyDictionary()


class Prepared:
    """A statement with parameters `%(name)s`, whose SQL types are given by name; types of others are left."""

    def __init__(self, statement: str, types: Mapping[str, str]) -> None:
        self.names = tuple(name for name in types if f"%({name})s" in statement)
        text = statement % {name: f"${place}" for place, name in enumerate(self.names, 1)}
        declared = f"({', '.join(types[name] for name in self.names)}) AS {text}"
        self.name = f"aduan_{hashlib.sha256(declared.encode()).hexdigest()[:20]}"
        self._prepare = f"PREPARE {self.name} {declared}"
        self._execute = f"EXECUTE {self.name} ({', '.join(['%s'] * len(self.names))})"

    def rows(self, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All rows of one execution; what is `given` beyond the parameters is left."""
        with connection.cursor() as cursor:
            known = _prepared.setdefault(connection.connection, set())
            if self.name not in known:
                cursor.execute(self._prepare)
                known.add(self.name)
            cursor.execute(self._execute, [given[name] for name in self.names])
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def first(self, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        return next(iter(self.rows(given)), None)


class RowsWhere(Generic[M]):
    """SELECT of whole rows of a model, without the compiler of queries."""

    def __init__(self, model: type[M], where: str, types: Mapping[str, str]) -> None:
        self._model = model
        self._names = [field.attname for field in model._meta.concrete_fields]
        columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
        self._statement = Prepared(
            f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {where}',  # noqa: S608 - names of our models
            types,
        )

    def rows(self, given: Mapping[str, Any]) -> list[M]:
        return [
            self._model.from_db(connection.alias, self._names, row) for row in self._statement.rows(given)
        ]


class RowOf:
    """The columns of a model's table as parameters `prefix.column` of a statement that inserts one row."""

    def __init__(self, model: type[models.Model], prefix: str, *, without: tuple[str, ...] = ()) -> None:
        fields = [field for field in model._meta.concrete_fields if field.column not in without]
        self.table = model._meta.db_table
        self._attributes = [(f"{prefix}.{field.column}", field.attname) for field in fields]
        self._columns = [str(field.column) for field in fields]
        # Without a length: a text that is too long for its column is refused, not cut.
        self.types = {
            f"{prefix}.{field.column}": str(field.db_type(connection)).partition("(")[0] for field in fields
        }

    def insert(self, source: str, elsewhere: Mapping[str, str] | None = None) -> str:
        """INSERT … SELECT … `source`, once; columns `elsewhere` are expressions instead of parameters."""
        elsewhere = elsewhere or {}
        values = [
            elsewhere.get(column, f"%({name})s")
            for column, (name, _attribute) in zip(self._columns, self._attributes, strict=True)
        ]
        quoted = ", ".join(f'"{column}"' for column in self._columns)
        # Names are our models' own; every value is a parameter.
        return (
            f'INSERT INTO "{self.table}" ({quoted}) SELECT {", ".join(values)} {source} '
            "ON CONFLICT DO NOTHING RETURNING *"
        )

    def given(self, row: models.Model) -> dict[str, Any]:
        """What `row` holds, as parameters."""
        return {name: getattr(row, attribute) for name, attribute in self._attributes}
