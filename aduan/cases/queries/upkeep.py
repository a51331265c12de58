"""What jobs have to look at next."""

from __future__ import annotations

from aduan.cases.models import Case


def undescribed(*, limit: int = 500) -> list[int]:
    """Ids of cases whose search document is older than their contents: oldest case first."""
    return list(Case.objects.filter(stale=True).order_by("pk").values_list("pk", flat=True)[:limit])
