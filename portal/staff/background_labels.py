"""How people read the kinds of background work: jobs and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aduan.blocklists.models import BlockList
from aduan.blocklists.queries import name_of
from aduan.blocklists.services import building, publishing
from aduan.complaints.services import evidence_texts, staged_files
from aduan.operators.models import Operator
from aduan.statistics.services import snapshots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django_stubs_ext import StrOrPromise

    from aduan.core.models import Job

JOBS: Final[Mapping[str, StrOrPromise]] = {
    building.JOB: _("build a list"),
    publishing.JOB: _("publish a list"),
    evidence_texts.READ_TEXT: _("read the text on a picture"),
    staged_files.READ: _("read a picture chosen in a form"),
    snapshots.SNAPSHOT_JOB: _("publish a day's figures"),
}

# A kind is the name of a template in `templates/emails/`.
MESSAGES: Final[Mapping[str, StrOrPromise]] = {
    "account_change": _("notice of a changed password or second factor"),
    "account_invitation": _("invitation of a user"),
    "account_password_reset": _("link to a new password"),
    "account_unknown": _("answer to an address without a log-in"),
    "case_ask": _("question to a complainant"),
    "case_confirm_block": _("to a complainant: number blocked"),
    "case_confirm_referral": _("to a complainant: referred to a platform"),
    "case_confirm_spoofed": _("to a complainant: number spoofed"),
    "case_declare_not_ours": _("to a complainant: outside the ministry's remit"),
    "case_dismiss": _("to a complainant: closed without action"),
    "case_release": _("to a complainant: block ended"),
    "complaint_received": _("receipt of a complaint"),
    "contact_code": _("code for a complainant's contact"),
    "evidence_refused": _("to a complainant: file not usable"),
    "complaint_moved": _("to a complainant: under another number"),
    "incident": _("to staff: something is out of order"),
    "hold_alert": _("alert to leads: a number that could be held waits"),
    "recycled_waits": _("to leads: many numbers with new holders"),
    "operator_recycled_waits": _("to an operator: many numbers reported as recycled"),
    "lead_digest": _("daily digest for leads"),
    "break_glass": _("about an administrator made on the server"),
    "audit_head": _("daily head of the audit log for auditors"),
    "new_decider": _("new decider, to leads"),
    "list_differs": _("to list managers: outcomes differ from a list"),
    "list_not_fetched": _("to list managers: list not fetched"),
    "list_overdue": _("to list managers: outcomes overdue"),
    "list_stopped": _("to list managers: list stopped"),
    "list_unanswered": _("to list managers: referrals not yet answered"),
    "objection_answered": _("answer to an objection"),
    "objection_code": _("code for an objection"),
    "objection_received": _("receipt of an objection"),
    "operator_key_foreign_address": _("to an operator: access key used from a foreign address"),
    "operator_key_in_url": _("to an operator: access key sent in an address"),
    "operator_list_differs": _("to an operator: outcomes differ from the list"),
    "operator_list_due": _("to an operator: outcomes due soon"),
    "operator_list_not_fetched": _("to an operator: list not fetched"),
    "operator_list_overdue": _("to an operator: outcomes overdue"),
    "operator_list_published": _("to an operator: list published"),
    "operator_list_unanswered": _("to a platform: referrals not yet answered"),
    "platform_letter": _("letter to a platform's representative"),
    "referral": _("to a platform: referral"),
    "referral_again": _("to a platform: referral not yet answered"),
    "referral_withdrawn": _("to a platform: referral withdrawn"),
    "referral_reply": _("to a platform: answer to its question"),
    "operator_row_to_see": _("to an operator: its row of the public figures"),
    "operator_webhook_given_up": _("to an operator: webhook unreachable"),
}


def job_names(jobs: Iterable[Job]) -> dict[int, str]:
    """What each job works on, by its primary key: `Telkomsel, 2026-10-monthly-v1`."""
    jobs = list(jobs)
    published = {int(job.key) for job in jobs if job.kind == publishing.JOB and job.key.isdecimal()}
    lists = {
        str(one.pk): f"{one.operator}, {name_of(one)}"
        for one in BlockList.objects.filter(pk__in=published).select_related("operator")
    }
    operators = dict(Operator.objects.values_list("code", "name")) if jobs else {}
    return {
        job.pk: lists.get(job.key, "") if job.kind == publishing.JOB else _named_build(job.key, operators)
        for job in jobs
    }


def _named_build(key: str, operators: Mapping[str, str]) -> str:
    """`telkomsel/2026-10-01/monthly-v1` → `Telkomsel, 2026-10-monthly-v1`; nothing for another form."""
    code, _slash, rest = key.partition("/")
    period, _slash, version = rest.partition("/")
    return f"{operators[code]}, {period[:7]}-{version}" if code in operators and version else ""
