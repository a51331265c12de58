"""What makes two submissions of a form the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from aduan.complaints.types import ComplaintData
from aduan.core import vault

if TYPE_CHECKING:
    from aduan.complaints.services.quarantine import Received


def content_digest(each: Sequence[ComplaintData], files: Sequence[Received]) -> bytes:
    """Keyed, as the content holds contact data that must not be guessable from a digest."""
    also = [[data.number.canonical for data in each[1:]]] if each[1:] else []
    parts = [_content(each[0]), *also, *(file.sha256 for file in files)]
    return vault.derive("body", hashlib.sha256(json.dumps(parts).encode()).hexdigest())


def _content(data: ComplaintData) -> list[str]:
    """All but the number's spelling and the language."""
    content = {field.name: str(getattr(data, field.name)) for field in fields(data)}
    content["number"] = data.number.canonical
    return [content[name] for name in sorted(content.keys() - {"number_raw", "language"})]
