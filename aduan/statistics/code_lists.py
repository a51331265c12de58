"""What the codes in the public tables mean: kinds of fraud, and the reasons of decisions."""

from __future__ import annotations

from typing import Final

from aduan.cases.models import CannedReason
from aduan.cases.workflow import CaseAction
from aduan.complaints.categories import GROUPS, all_categories
from aduan.statistics.published import Cell, Column, Table

_CODE: Final = Column("code", "string", "Code")
_LABELS: Final = (Column("label_id", "string", "Indonesian"), Column("label_en", "string", "English"))
_DECIDES: Final = (CaseAction.PROPOSE, CaseAction.DISMISS, CaseAction.DECLARE_NOT_OURS)


def code_lists() -> list[Table]:
    return [_categories(), _reasons()]


def _categories() -> Table:
    columns = (_CODE, Column("group", "string", "Group"), *_LABELS)
    rows = [(one.code, one.group, one.label_id, one.label_en) for one in all_categories().values()]
    return Table("categories", f"Kinds of fraud in {len(GROUPS)} groups", columns, list(rows))


def _reasons() -> Table:
    """Also those that are offered no more: earlier months hold their codes."""
    columns = (_CODE, Column("step", "string", "The step in which it is given"), *_LABELS)
    found = CannedReason.objects.filter(action__in=_DECIDES).order_by("code")
    rows: list[tuple[Cell, ...]] = list(found.values_list("code", "action", "text_id", "text_en"))
    return Table("reasons", "Reasons of decisions, as reviewers pick them from a list", columns, rows)
