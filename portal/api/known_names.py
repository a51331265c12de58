"""Names that a request may use, of fields or of parameters: a typing error is not passed over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from rest_framework import serializers

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_SHOWN: Final = 40  # characters of a name
_NAMED: Final = 10  # unknown names in one answer


def refuse_unknown(given: Iterable[str], *, known: Collection[str], words: StrOrPromise) -> None:
    """Raises ValidationError with `words` for each name that is not known; %(names)s stands for the known."""
    unknown = [name for name in given if name not in known]
    if unknown:
        text = words % {"names": ", ".join(known) or "–"}
        raise serializers.ValidationError(
            {name[:_SHOWN]: [text] for name in unknown[:_NAMED]}, code="unknown"
        )
