"""The details of an entry of the audit log in words: which key holds what, and how its value reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.accounts.models import AccountChange, ApprovalRequest, User
from aduan.accounts.roles import Role
from aduan.appeals.models import Objection
from aduan.blocklists.codes import OutcomeStatus
from aduan.blocklists.models import ListRules
from aduan.cases.models import Block, Case, ChangeRequest, Hold, HoldGrounds
from aduan.cases.models.trace import Finding
from aduan.cases.workflow import ProposalType, Status
from aduan.operators.models import AccessKey, Operator
from aduan.referrals.codes import AnswerWay, PlatformAnswer
from aduan.referrals.models import Referral
from portal.staff.background_labels import JOBS, MESSAGES
from portal.staff.desk_figures import RANKING_FIGURES, TARGET_FIGURES
from portal.staff.forms import reasons_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.utils.functional import Promise
    from django_stubs_ext import StrOrPromise

_DIGEST: Final = re.compile(r"[0-9a-f]{32,}")
# Primary keys that mean nothing to a reader; the export has them.
INTERNAL: Final = frozenset(
    {
        "account_change",
        "event",
        "proposal",
        "trace",
        "access",
        "webhook",
        "delivery",
        "hold",
        "note",
        "notice",
    }
)
CHANGES: Final[Mapping[str, StrOrPromise]] = {
    "password_changed": gettext_lazy("password changed"),
    "password_set": gettext_lazy("password set"),
    "password_reset": gettext_lazy("password reset"),
    "recovery_codes_generated": gettext_lazy("recovery codes made"),
    "totp_activated": gettext_lazy("authenticator app added"),
    "totp_deactivated": gettext_lazy("authenticator app removed"),
    "webauthn_added": gettext_lazy("passkey added"),
    "webauthn_removed": gettext_lazy("passkey removed"),
    "second_factor_reset": gettext_lazy("second factor reset by two administrators"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What is looked up once for all entries of a page."""

    operators: Mapping[int, str]
    people: Mapping[int, str]
    reasons: Mapping[str, str]


def names_for(details: Iterable[Mapping[str, Any]]) -> Names:
    details = list(details)
    wanted = {detail["operator"] for detail in details if detail.get("operator") is not None}
    operators = dict(Operator.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    given = {detail["to"] for detail in details if "to" in detail}
    people = dict(User.objects.filter(pk__in=given).values_list("pk", "name")) if given else {}
    coded = any("reason_code" in detail for detail in details)
    reasons = {str(code): str(label) for code, label in Block.ReleaseReason.choices}
    return Names(operators, people, reasons | dict(reasons_for("").texts) if coded else reasons)


def describe(detail: Mapping[str, Any], names: Names) -> str:
    """`status before: open, status after: proposed`. Raises KeyError for a key without a label."""
    shown = ((DETAILS[key], value) for key, value in detail.items() if key not in INTERNAL)
    return ", ".join(f"{one.label}: {one.read(value, names)}" for one, value in shown)


@dataclass(frozen=True, slots=True)
class Detail:
    label: StrOrPromise
    read: Callable[[Any, Names], str]


def _plain(value: Any, _names: Names) -> str:
    """A day, a count, a prefix; digests by their beginning, the export has them whole."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _DIGEST.sub(lambda found: f"{found[0][:10]}…", str(value))


def _from_to(value: list[int], _names: Names) -> str:
    return f"{value[0]} → {value[1]}"


def _switched(value: list[bool], _names: Names) -> str:
    return _("switched on") if value[1] else _("switched off")


def _objection(value: int | list[int], names: Names) -> str:
    """Which one; where a lead changed the ranking, its points."""
    return _from_to(value, names) if isinstance(value, list) else str(Objection(pk=value).reference)


def _coded(labels: Mapping[Any, StrOrPromise | Promise]) -> Callable[[Any, Names], str]:
    return lambda value, _names: str(labels[value])


def _each(labels: Mapping[Any, StrOrPromise | Promise]) -> Callable[[Any, Names], str]:
    return lambda values, _names: "; ".join(str(labels[value]) for value in values) or "–"


def _operator(value: int | None, names: Names) -> str:
    return names.operators[value] if value is not None else _("unknown")


def _person(value: int, names: Names) -> str:
    return names.people[value]


def _labels(choices: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    return dict(choices)


_STATUS: Final = _coded(_labels(Status.choices))
_THRESHOLDS: Final = (
    "additions_floor",
    "additions_factor",
    "additions_ceiling",
    "removals_floor",
    "removals_percent",
    "prefix_block_limit",
    "freed_limit",
    "urgent_delay_seconds",
    "cooling_off_hours",
)
DETAILS: Final[Mapping[str, Detail]] = {
    "by_ranker": Detail(gettext_lazy("order by the shadow ranker"), _switched),
    **{name: Detail(label, _from_to) for name, label in (RANKING_FIGURES | TARGET_FIGURES).items()},
    "to": Detail(gettext_lazy("given to"), _person),
    "cases": Detail(gettext_lazy("cases given back"), _plain),
    "before": Detail(gettext_lazy("status before"), _STATUS),
    "after": Detail(gettext_lazy("status after"), _STATUS),
    "proposal_type": Detail(gettext_lazy("decision"), _coded(_labels(ProposalType.choices))),
    "digest": Detail(gettext_lazy("digest"), _plain),
    "third": Detail(gettext_lazy("as a third person"), _plain),
    "agrees": Detail(gettext_lazy("agrees"), _plain),
    "upheld": Detail(gettext_lazy("objection upheld"), _plain),
    "believed": Detail(gettext_lazy("notice believed"), _plain),
    "reason_code": Detail(gettext_lazy("reason"), lambda code, names: names.reasons[code]),
    "operator": Detail(gettext_lazy("operator"), _operator),
    "answer": Detail(
        gettext_lazy("answer"), _coded(_labels([*OutcomeStatus.choices, *PlatformAnswer.choices]))
    ),
    "way": Detail(gettext_lazy("how it came"), _coded(_labels(AnswerWay.choices))),
    "referral": Detail(gettext_lazy("referral"), lambda pk, _names: Referral(pk=pk).reference),
    "rows": Detail(gettext_lazy("numbers taken"), _plain),
    "refused_rows": Detail(gettext_lazy("rows refused"), _plain),
    "finding": Detail(gettext_lazy("finding"), _coded(_labels(Finding.choices))),
    "in_use_since": Detail(gettext_lazy("in use since"), _plain),
    "case": Detail(gettext_lazy("case"), lambda pk, _names: Case(pk=pk).reference),
    "objection": Detail(gettext_lazy("objection"), _objection),
    "grounds": Detail(gettext_lazy("grounds"), _coded(_labels(HoldGrounds.choices))),
    "ends_at": Detail(gettext_lazy("ends"), _plain),
    "end_reason": Detail(gettext_lazy("ended because"), _coded(_labels(Hold.EndReason.choices))),
    "active": Detail(gettext_lazy("offered"), _plain),
    "kind": Detail(gettext_lazy("kind"), _coded({**JOBS, **MESSAGES, **dict(AccountChange.Kind.choices)})),
    "change": Detail(gettext_lazy("change"), _coded(CHANGES)),
    "request": Detail(gettext_lazy("change request"), _plain),
    "request_kind": Detail(gettext_lazy("asked for"), _coded(_labels(ChangeRequest.Kind.choices))),
    "approval_kind": Detail(gettext_lazy("approval of"), _coded(_labels(ApprovalRequest.Kind.choices))),
    "blocks": Detail(gettext_lazy("blocks"), _plain),
    "ended": Detail(gettext_lazy("blocks that ended"), _plain),
    "withdrawn": Detail(gettext_lazy("taken back"), _plain),
    "attempts": Detail(gettext_lazy("failed attempts"), _plain),
    "second_factor": Detail(gettext_lazy("second factor"), _plain),
    "sessions": Detail(gettext_lazy("sessions ended"), _plain),
    "roles": Detail(gettext_lazy("roles"), _each(_labels(Role.choices))),
    "key": Detail(gettext_lazy("access key"), _plain),
    "replaces": Detail(gettext_lazy("replaces"), _plain),
    "scopes": Detail(gettext_lazy("the key may"), _each(_labels(AccessKey.Scope.choices))),
    "pattern": Detail(gettext_lazy("number"), _plain),
    "prefix": Detail(gettext_lazy("prefix"), _plain),
    "until": Detail(gettext_lazy("until"), _plain),
    "sequence": Detail(gettext_lazy("sequence"), _plain),
    "waiting_hours": Detail(gettext_lazy("waiting time in hours"), _plain),
    "mail_domains": Detail(gettext_lazy("official mailboxes"), _each({})),
    "password_steps_up": Detail(gettext_lazy("step-up by password"), _plain),
    "on": Detail(gettext_lazy("switched on"), _plain),
    **{
        name: Detail(ListRules._meta.get_field(name).verbose_name, _plain)  # type: ignore[union-attr]
        for name in _THRESHOLDS
    },
}
