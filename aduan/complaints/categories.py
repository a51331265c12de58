"""Kinds of fraud in people's words, both languages, with the official lists they map to.

Data: data/categories.csv.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aduan.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

_SOURCE: Final = Path(__file__).parent / "data" / "categories.csv"

GROUPS: Final[Mapping[str, StrOrPromise]] = MappingProxyType(
    {
        "money": _("Money, shopping, work, loans"),
        "impersonation": _("Somebody pretended to be another"),
        "link": _("Links, files, parcels, QR codes"),
        "threat": _("Threats and blackmail"),
        "spam": _("Unwanted advertising and calls"),
        "other": _("Something else"),
    }
)


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of fraud. `label` is the official term, `words` what a citizen would say."""

    code: str
    group: str
    label_id: str
    label_en: str
    words_id: str
    words_en: str
    definition: str
    source: str
    official_iasc: str
    official_aduannomor: str

    @property
    def label(self) -> str:
        return self.label_en if _english() else self.label_id

    @property
    def words(self) -> str:
        return self.words_en if _english() else self.words_id


def _english() -> bool:
    return (get_language() or "id").startswith("en")


@functools.cache
def all_categories() -> Mapping[str, Category]:
    with _SOURCE.open(encoding="utf-8", newline="") as rows:
        return MappingProxyType({row["code"]: Category(**row) for row in csv.DictReader(rows)})


def named(code: str) -> Category:
    """Raises Invalid for a code that does not exist."""
    try:
        return all_categories()[code]
    except KeyError as error:
        raise Invalid(
            "category_unknown", _("Please choose what kind of fraud it was."), field="category"
        ) from error


def label_of(code: str) -> str:
    """The label of a stored code; a code that was dropped since is shown as it is."""
    category = all_categories().get(code)
    return category.label if category else code


def in_words(code: str) -> str:
    """The same in a citizen's words, as the form asked."""
    category = all_categories().get(code)
    return category.words if category else code


def choices() -> list[tuple[str, StrOrPromise]]:
    """(code, words) for a form, in the language of anyone who looks at it."""
    return [(code, _lazy_words(code)) for code in all_categories()]


def grouped_choices() -> list[tuple[StrOrPromise, list[tuple[str, StrOrPromise]]]]:
    """The same in groups, for a select with headings."""
    known = all_categories().values()
    return [
        (
            heading,
            [(category.code, _lazy_words(category.code)) for category in known if category.group == group],
        )
        for group, heading in GROUPS.items()
    ]


def _words(code: str) -> str:
    return all_categories()[code].words


_lazy_words = lazy(_words, str)
