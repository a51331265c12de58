"""An account and the evidence of several cases, for pages on which many are judged; two statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from aduan.complaints.fingerprints import normalise
from aduan.complaints.models import Complaint, Evidence

if TYPE_CHECKING:
    from django.db.models import QuerySet

_COMPARED: Final = 10  # accounts of each case
_RUN: Final = 3  # words in a row


def stories_by_case(keys: Collection[int]) -> dict[int, str]:
    """The first account of each case."""
    firsts = _reported(keys).order_by("case_id", "pk").distinct("case_id")
    return dict(firsts.values_list("case_id", "narrative"))


def alike_stories_by_case(keys: Collection[int]) -> dict[int, str]:
    """Of each case the account that has most in common with the other cases; the first of those.

    A number may have been reported for something else before: that account would not show why it is here.
    """
    place = Window(RowNumber(), partition_by=F("case_id"), order_by=F("pk").asc())
    compared = _reported(keys).annotate(place=place).filter(place__lte=_COMPARED).order_by("pk")
    accounts: defaultdict[int, list[tuple[str, set[str]]]] = defaultdict(list)
    for key, *words in compared.values_list("case_id", "narrative", "link", "bank_account"):
        accounts[key].append((words[0], _traits(*words)))
    cases_with = Counter(
        trait for mine in accounts.values() for trait in set().union(*(traits for _story, traits in mine))
    )

    def in_common(account: tuple[str, set[str]]) -> int:
        return sum(cases_with[trait] > 1 for trait in account[1])

    return {key: max(mine, key=in_common)[0] for key, mine in accounts.items()}


def _traits(narrative: str, link: str, bank_account: str) -> set[str]:
    """What two accounts may have in common: words in a row whatever the numbers, a link, a bank account."""
    words = normalise(narrative).split()
    runs = {" ".join(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}
    return runs | {named.casefold() for named in (link, bank_account) if named}


def _reported(keys: Collection[int]) -> QuerySet[Complaint]:
    return Complaint.objects.filter(case__in=keys, duplicate_of=None, withdrawn_at=None)


def evidence_by_case(keys: Collection[int]) -> defaultdict[int, list[Evidence]]:
    """Clean evidence of each case, oldest first."""
    clean = Evidence.objects.filter(case__in=keys, state=Evidence.State.CLEAN)
    files: defaultdict[int, list[Evidence]] = defaultdict(list)
    for item in clean.filter(complaint__withdrawn_at=None).order_by("pk"):
        files[item.case_id].append(item)
    return files
