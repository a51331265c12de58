"""The terms of a request for approval in words, line by line, and the way to the page that shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.blocklists.models import ListSeries
from aduan.complaints.categories import choices as categories
from aduan.numbers.models import PhoneNumber
from aduan.numbers.parsing import format_number
from aduan.operators.models import LegalReference, NumberRange, Operator
from portal.staff.hold_figures import CONFIRMED_WITH_EVIDENCE, HOLD_FIGURES
from portal.staff.organisation_forms import LANGUAGES
from portal.staff.pace_figures import PACE_FIGURES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponseBase
    from django_stubs_ext import StrOrPromise

    from aduan.accounts.models import ApprovalRequest


def read_terms(request: ApprovalRequest) -> list[tuple[str, str]]:
    """Label and value of each term that has a label. Raises KeyError for a term without one."""
    lines = []
    for name, value in request.asked.items():
        if name not in INTERNAL:
            label, read = TERMS[name]
            lines.append((str(label), read(value)))
    return lines


def to_approval(request: HttpRequest, asked: ApprovalRequest) -> HttpResponseBase:
    """Says that nothing has changed yet, and shows what now waits."""
    messages.success(request, _("Asked for. Another person has to confirm it; until then nothing changes."))
    return redirect("staff:approval", asked.pk)


def _plain(value: Any) -> str:
    return "–" if value in (None, "", []) else str(value)


def _operator(key: int | None) -> str:
    known = Operator.objects.filter(pk=key).first() if key is not None else None
    return str(known) if known else "–"


def _switch(value: bool) -> str:
    return _("on") if value else _("off")


def _number(key: int) -> str:
    known = PhoneNumber.objects.filter(pk=key).first()
    return format_number(known.canonical) if known else "–"


def _law(code: str) -> str:
    known = LegalReference.objects.filter(code=code).first()
    return f"{known} ({code})" if known else code


def _category(code: str) -> str:
    return str(dict(categories()).get(code, code))


INTERNAL: Final = frozenset({"range", "task", "meaning"})  # keys and digests, which say nothing to a reader
ACTS: Final[Mapping[str, StrOrPromise]] = {
    "add": gettext_lazy("add a range"),
    "end": gettext_lazy("end a range"),
    "transfer": gettext_lazy("hand a range over"),
    "merge": gettext_lazy("merger: hand all ranges over"),
    "import": gettext_lazy("import ranges"),
    "holder": gettext_lazy("operator of one number"),
    "hold_rules": gettext_lazy("set the rules of holds"),
    "end_holds": gettext_lazy("end the rules of holds"),
    "pace_limits": gettext_lazy("set the limits of pace"),
}
TERMS: Final[Mapping[str, tuple[StrOrPromise, Callable[[Any], str]]]] = {
    "operator": (gettext_lazy("operator"), _operator),
    "series": (gettext_lazy("list"), lambda code: str(ListSeries(code).label)),
    "switched": (gettext_lazy("switched"), _switch),
    "act": (gettext_lazy("what"), lambda code: str(ACTS[code])),
    "prefixes": (gettext_lazy("prefixes"), ", ".join),
    "to": (gettext_lazy("new operator"), _operator),
    "brand": (gettext_lazy("brand"), _plain),
    "status": (gettext_lazy("status"), lambda code: str(NumberRange.Status(code).label)),
    "on": (gettext_lazy("from this day on"), _plain),
    "since": (gettext_lazy("first day"), _plain),
    "until": (gettext_lazy("first day after"), _plain),
    "source": (gettext_lazy("where it is written"), _plain),
    "table": (gettext_lazy("table"), _plain),
    "number": (gettext_lazy("number"), _number),
    "digits": (gettext_lazy("number"), _plain),
    "category": (gettext_lazy("category"), _category),
    "phone": (gettext_lazy("own mobile number"), _plain),
    "name": (gettext_lazy("name"), _plain),
    "legal_name": (gettext_lazy("legal name"), _plain),
    "code": (gettext_lazy("code"), _plain),
    "email": (gettext_lazy("e-mail"), _plain),
    "staff_number": (gettext_lazy("staff number there"), _plain),
    "referral_email": (gettext_lazy("published address for referrals"), _plain),
    "language": (gettext_lazy("language of the mails"), lambda code: str(dict(LANGUAGES)[code])),
    "representative": (gettext_lazy("registered representative"), _plain),
    "representative_email": (gettext_lazy("e-mail of the representative"), _plain),
    "escalate_after_days": (gettext_lazy("days without an answer before a letter is drafted"), _plain),
    "law": (gettext_lazy("grounds in law"), _law),
    "confirmed_with_evidence": (CONFIRMED_WITH_EVIDENCE, _switch),
    **{name: (label, _plain) for name, label in {**HOLD_FIGURES, **PACE_FIGURES}.items()},
}
