"""How complainants typed the number of a case, for the people who decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from aduan.cases.models import Case
from aduan.complaints.models import Complaint
from aduan.numbers.parsing import is_usual_spelling

_SPELLINGS_READ: Final = 1_000
_SPELLINGS_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a number was typed, and by how many complainants. An empty text stands for all usual spellings."""

    typed: str
    complainants: int


def typed_numbers_of(case: Case) -> list[str]:
    """How the number was typed in the newest thousand complaints, without copies and withdrawn ones."""
    rows = Complaint.objects.filter(case=case, duplicate_of=None, withdrawn_at=None)
    return list(rows.order_by("-pk").values_list("number_raw", flat=True)[:_SPELLINGS_READ])


def typed_numbers(case_ids: Collection[int]) -> defaultdict[int, list[str]]:
    """The same of several cases, by case; one statement, bounded over all of them."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = Complaint.objects.filter(case__in=case_ids, duplicate_of=None, withdrawn_at=None)
    for key, text in rows.order_by("-pk").values_list("case_id", "number_raw")[:_SPELLINGS_READ]:
        found[key].append(text)
    return found


def spellings_of(typed: Iterable[str], canonical: str) -> list[Spelling]:
    """The spellings that differ from the number in more than grouping, most complainants first.

    When there are any, the usual spellings follow as one. Erased texts are not counted.
    """
    usual, others = 0, Counter[str]()
    for text in filter(None, typed):
        if is_usual_spelling(text, canonical):
            usual += 1
        else:
            others[text] += 1
    shown = [Spelling(text, count) for text, count in others.most_common(_SPELLINGS_SHOWN)]
    return [*shown, Spelling("", usual)] if shown and usual else shown
