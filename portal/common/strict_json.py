"""JSON as RFC 8259 means it, without what Python takes besides."""

from __future__ import annotations

import json
from typing import Any


class RepeatedName(ValueError):
    """A name stands twice in one object: which value was meant is not guessed."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def read_json(data: bytes) -> Any:
    """Raises ValueError (JSONDecodeError, RepeatedName, UnicodeDecodeError) or RecursionError."""
    return json.loads(data, parse_constant=_refuse_constant, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise RepeatedName(next(name for name in names if names.count(name) > 1))
    return found


def _refuse_constant(name: str) -> None:
    """Refuses NaN and Infinity."""
    raise ValueError(name)
