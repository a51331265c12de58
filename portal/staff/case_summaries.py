"""The first account and the evidence of several cases, for pages on which many are judged; two statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from aduan.complaints.models import Complaint, Evidence


def stories_by_case(keys: Collection[int]) -> dict[int, str]:
    """The first account of each case."""
    reported = Complaint.objects.filter(case__in=keys, duplicate_of=None, withdrawn_at=None)
    firsts = reported.order_by("case_id", "pk").distinct("case_id")
    return dict(firsts.values_list("case_id", "narrative"))


def evidence_by_case(keys: Collection[int]) -> defaultdict[int, list[Evidence]]:
    """Clean evidence of each case, oldest first."""
    clean = Evidence.objects.filter(case__in=keys, state=Evidence.State.CLEAN)
    files: defaultdict[int, list[Evidence]] = defaultdict(list)
    for item in clean.filter(complaint__withdrawn_at=None).order_by("pk"):
        files[item.case_id].append(item)
    return files
