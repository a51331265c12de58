"""What an entry of the audit log is about, as its reader knows it: a name, and a link where there is a page.

One query for each kind of subject on a page of the log.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.accounts.models import ApprovalRequest, User
from aduan.blocklists.models import BlockList, Canary, ListRules, PublicationStop
from aduan.blocklists.queries import name_of
from aduan.cases.models import Alarm, Case, ChangeRequest, DeskTarget, HoldPolicy, RankingPolicy
from aduan.complaints.categories import label_of
from aduan.complaints.models import Complaint
from aduan.core.models import Job
from aduan.core.periods import local_date
from aduan.notifications.models import OutboxMessage
from aduan.numbers.models import PhoneNumber, ProtectedNumber
from aduan.numbers.parsing import format_number
from aduan.operators.models import AccessKey, NumberRange, Operator
from aduan.statistics.models import PublicWarning
from portal.common.logs import masked
from portal.staff.background_labels import JOBS, MESSAGES
from portal.staff.forms import reasons_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Subject:
    name: str
    url: str = ""


NamedSubjects = dict[str, Subject]
# The tables that can be exported, by the name that `csv_response` is given.
TABLES: Final[dict[str, StrOrPromise]] = {
    "audit": gettext_lazy("Audit"),
    "dashboard": gettext_lazy("Dashboard"),
}


def name_subjects(written: Iterable[str]) -> NamedSubjects:
    """Names by the text of the log (`case:12`, `user:7`). Raises KeyError for a kind without a finder."""
    by_kind: defaultdict[str, dict[str, str]] = defaultdict(dict)  # kind → key → text
    for text in written:
        kind, _colon, key = text.partition(":")
        by_kind[kind][key] = text
    named: NamedSubjects = {}
    for kind, keys in by_kind.items():
        found = FINDERS[kind](keys)
        named |= {text: found.get(key) or Subject(_("no longer stored")) for key, text in keys.items()}
    return named


def _ids(keys: Iterable[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]


def _case(pk: int) -> Subject:
    return Subject(Case(pk=pk).reference, reverse("staff:case", args=[pk]))


def _users(keys: Iterable[str]) -> NamedSubjects:
    return {str(user.pk): Subject(str(user)) for user in User.objects.filter(pk__in=_ids(keys))}


def _account_policy(keys: Iterable[str]) -> NamedSubjects:
    return {key: Subject(_("policy of accounts")) for key in keys}


def _access_keys(keys: Iterable[str]) -> NamedSubjects:
    known = AccessKey.objects.filter(prefix__in=keys).select_related("operator")
    return {key.prefix: Subject(_("access key %(name)s") % {"name": key}) for key in known}


def _cases(keys: Iterable[str]) -> NamedSubjects:
    return {str(pk): _case(pk) for pk in _ids(keys)}


def _complaints(keys: Iterable[str]) -> NamedSubjects:
    """By their case: a ticket opens the complaint to any holder."""
    known = Complaint.objects.filter(pk__in=_ids(keys)).values_list("pk", "case_id")
    return {
        str(pk): Subject(_("complaint of %(case)s") % {"case": _case(case_id).name}, _case(case_id).url)
        for pk, case_id in known
    }


def _lists(keys: Iterable[str]) -> NamedSubjects:
    known = BlockList.objects.filter(pk__in=_ids(keys)).select_related("operator")
    return {
        str(one.pk): Subject(f"{one.operator} {name_of(one)}", reverse("staff:block_list", args=[one.pk]))
        for one in known
    }


def _operators(keys: Iterable[str]) -> NamedSubjects:
    known = Operator.objects.filter(pk__in=_ids(keys))
    return {str(one.pk): Subject(str(one), reverse("staff:operator", args=[one.pk])) for one in known}


def _ranges(keys: Iterable[str]) -> NamedSubjects:
    known = NumberRange.objects.filter(pk__in=_ids(keys))
    return {str(one.pk): Subject(f"+{one.prefix}…", reverse("staff:range", args=[one.pk])) for one in known}


def _numbers(keys: Iterable[str]) -> NamedSubjects:
    known = PhoneNumber.objects.filter(pk__in=_ids(keys))
    return {str(one.pk): Subject(masked(one.canonical)) for one in known}


def _protected(keys: Iterable[str]) -> NamedSubjects:
    known = ProtectedNumber.objects.filter(pk__in=_ids(keys))
    return {
        str(one.pk): Subject(
            f"{one.owner}, {format_number(one.pattern.rstrip('*'))}",
            reverse("staff:protected_number", args=[one.pk]),
        )
        for one in known
    }


def _change_requests(keys: Iterable[str]) -> NamedSubjects:
    return _asked(ChangeRequest.objects.filter(pk__in=_ids(keys)), "staff:change_request")


def _approvals(keys: Iterable[str]) -> NamedSubjects:
    return _asked(ApprovalRequest.objects.filter(pk__in=_ids(keys)), "staff:approval")


def _asked(known: Iterable[ChangeRequest | ApprovalRequest], page: str) -> NamedSubjects:
    return {
        str(one.pk): Subject(
            f"{one.get_kind_display()} ({local_date(one.requested_at)})", reverse(page, args=[one.pk])
        )
        for one in known
    }


def _alarms(keys: Iterable[str]) -> NamedSubjects:
    known = Alarm.objects.filter(pk__in=_ids(keys))
    return {str(one.pk): Subject(str(Alarm.Kind(one.kind).label)) for one in known}


def _reasons(keys: Iterable[str]) -> NamedSubjects:
    texts = reasons_for("").texts
    return {key: Subject(texts[key]) for key in keys if key in texts}


def _stops(keys: Iterable[str]) -> NamedSubjects:
    known = PublicationStop.objects.filter(pk__in=_ids(keys))
    return {str(one.pk): Subject(_("stop of %(day)s") % {"day": local_date(one.stopped_at)}) for one in known}


def _rules(keys: Iterable[str]) -> NamedSubjects:
    known = ListRules.objects.filter(pk__in=_ids(keys))
    return {
        str(one.pk): Subject(_("rules of %(day)s") % {"day": local_date(one.proposed_at)}) for one in known
    }


def _hold_policies(keys: Iterable[str]) -> NamedSubjects:
    known = HoldPolicy.objects.filter(pk__in=_ids(keys))
    return {
        str(one.pk): Subject(_("rules of holds from %(day)s") % {"day": one.valid.lower}) for one in known
    }


def _rankings(keys: Iterable[str]) -> NamedSubjects:
    known = RankingPolicy.objects.filter(pk__in=_ids(keys))
    return _settings(known, _("order of the queue of %(day)s"), reverse("staff:ranking"))


def _desk_targets(keys: Iterable[str]) -> NamedSubjects:
    known = DeskTarget.objects.filter(pk__in=_ids(keys))
    return _settings(known, _("targets of the desk of %(day)s"), reverse("staff:desk_targets"))


def _settings(known: Iterable[RankingPolicy | DeskTarget], words: str, address: str) -> NamedSubjects:
    """Figures that leads set, by their day."""
    return {str(one.pk): Subject(words % {"day": date_format(one.set_at, "j M Y")}, address) for one in known}


def _canaries(keys: Iterable[str]) -> NamedSubjects:
    known = Canary.objects.filter(pk__in=_ids(keys)).select_related("operator")
    return {str(one.pk): Subject(_("canary of %(operator)s") % {"operator": one.operator}) for one in known}


def _jobs(keys: Iterable[str]) -> NamedSubjects:
    return {str(one.pk): Subject(str(JOBS[one.kind])) for one in Job.objects.filter(pk__in=_ids(keys))}


def _messages(keys: Iterable[str]) -> NamedSubjects:
    known = OutboxMessage.objects.filter(pk__in=_ids(keys))
    return {str(one.pk): Subject(str(MESSAGES[one.kind])) for one in known}


def _tables(keys: Iterable[str]) -> NamedSubjects:
    return {key: Subject(_("table “%(name)s”") % {"name": TABLES[key]}) for key in keys}


def _system(_keys: Iterable[str]) -> NamedSubjects:
    return {"": Subject(_("the system"))}


def _webhook_answers(keys: Iterable[str]) -> NamedSubjects:
    return {key: Subject(_("the webhook itself (HTTP %(status)s)") % {"status": key}) for key in keys}


def _public_warnings(keys: Iterable[str]) -> NamedSubjects:
    found = PublicWarning.objects.in_bulk([int(key) for key in keys])
    name = _("warning of %(day)s: %(kind)s")
    return {
        str(key): Subject(
            name % {"day": f"{local_date(one.written_at):%d.%m.%Y}", "kind": label_of(one.category)},
            reverse("staff:warnings"),
        )
        for key, one in found.items()
    }


FINDERS: Final[dict[str, Callable[[Iterable[str]], NamedSubjects]]] = {
    "user": _users,
    "key": _access_keys,
    "system": _system,
    "account_policy": _account_policy,
    "webhook": _webhook_answers,
    "case": _cases,
    "complaint": _complaints,
    "block_list": _lists,
    "operator": _operators,
    "range": _ranges,
    "number": _numbers,
    "protected": _protected,
    "change_request": _change_requests,
    "approval": _approvals,
    "alarm": _alarms,
    "reason": _reasons,
    "publication_stop": _stops,
    "list_rules": _rules,
    "hold_policy": _hold_policies,
    "ranking_policy": _rankings,
    "desk_target": _desk_targets,
    "public_warning": _public_warnings,
    "canary": _canaries,
    "job": _jobs,
    "message": _messages,
    "table": _tables,
}
