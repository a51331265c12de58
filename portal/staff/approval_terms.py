"""The terms of a request for approval in words, line by line: what the second person reads and approves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.blocklists.models import ListSeries
from aduan.complaints.categories import choices as categories
from aduan.operators.models import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django_stubs_ext import StrOrPromise

    from aduan.accounts.models import ApprovalRequest


def read_terms(request: ApprovalRequest) -> list[tuple[str, str]]:
    """Label and value of each term that has a label. Raises KeyError for a term without one."""
    lines = []
    for name, value in request.asked.items():
        label, read = TERMS[name]
        lines.append((str(label), read(value)))
    return lines


def _plain(value: Any) -> str:
    return "–" if value in (None, "", []) else str(value)


def _operator(key: int | None) -> str:
    known = Operator.objects.filter(pk=key).first() if key is not None else None
    return str(known) if known else "–"


def _switch(value: bool) -> str:
    return _("on") if value else _("off")


def _category(code: str) -> str:
    return str(dict(categories()).get(code, code))


TERMS: Final[Mapping[str, tuple[StrOrPromise, Callable[[Any], str]]]] = {
    "operator": (gettext_lazy("operator"), _operator),
    "series": (gettext_lazy("list"), lambda code: str(ListSeries(code).label)),
    "on": (gettext_lazy("switched"), _switch),
    "digits": (gettext_lazy("number"), _plain),
    "category": (gettext_lazy("category"), _category),
}
