"""AU1: each act of a person writes what it did into the audit log, once, and none when it is rolled back."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator

import pytest
from django.db import transaction

import aduan
from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.core.models import AuditLogEntry
from aduan.core.queries import AuditLogFilter, audit_log_page
from aduan.operators.models import Operator
from portal.staff.audit import readable_entries
from tests.factories.accounts import person
from tests.factories.cases import dina
from tests.journeys.audited_actions import ACTS
from tests.journeys.scenario import TYPED, Row, Scenario
from tests.portal.codes import codes_in

# What others call on the way; it is on record with them.
PARTS = {
    "accounts.services.approvals.approve",
    "accounts.services.approvals.request_approval",
    "blocklists.services.canaries.create_canary",
    "blocklists.services.canaries.remove_canary",
    "accounts.services.changes.withdraw_changes_of",
    "accounts.services.own_account.require_other_person",
    "accounts.services.step_up.record_step_up",
    "accounts.services.step_up.require_step_up",
    "cases.services.lead_settings.put_in_force",
    "cases.services.assignment.give_case",
    "cases.services.change_requests.audit_request",
    "cases.services.change_requests.confirm_request",
    "cases.services.change_requests.lock_request",
    "cases.services.change_requests.open_request",
    "cases.services.change_requests.require_another",
    "cases.services.change_requests.require_not_decided_by",
    "cases.services.closure_pace.closes_faster_than_read",
    "cases.services.closure_pace.serialize_closures",
    "cases.services.closure_pace.watch_daily_sum",
    "cases.services.closures.close_or_request",
    "cases.services.enforcement.release_blocks",
    "cases.services.hold_endings.end_holds_of",
    "cases.services.hold_endings.end_holds_of_closed",
    "cases.services.number_changes.open_number_change",
    "cases.services.number_changes.record_number_change",
    "cases.services.number_changes.settle_number_change",
    "cases.services.register_changes.perform",
    "cases.services.releases.end_blocks",
    "cases.services.rate_limit.enforce_signature_rate",
    "cases.services.transitions.apply_transition",
    "cases.services.transitions.audit_action",
    "cases.services.transitions.record_event",
    "cases.services.transitions.require_available",
    "cases.services.transitions.require_no_part",
}
# On record elsewhere: append-only rows that name the person or the key, the digest and the time.
ELSEWHERE = {
    "blocklists.services.downloads.start_download": "Download",
    "blocklists.services.downloads.start_target_download": "Download",
    "blocklists.services.outcomes.report_outcomes": "OutcomeReport",
    "referrals.services.mailbox.mark_handled": "PlatformMail",
    "blocklists.services.rejected_reports.record_rejected_report": "RejectedOutcomeReport",
}

# Working data of one person, which decides nothing and is deleted soon: drafts, presence, inbox.
WORKING_DATA = {
    "teamwork.services.case_desk.open_case_desk",
    "teamwork.services.inbox.mark_all_read",
    "teamwork.services.inbox.unwatch_case",
    "teamwork.services.inbox.watch_case",
    "teamwork.services.queue_views.delete_view",
    "teamwork.services.queue_views.save_view",
    "teamwork.services.queue_views.set_queue_display",
    "cases.services.case_views.record_view",  # a record of its own, outside the chain
    "cases.services.case_views.record_views",
    "cases.services.drafts.discard_decisions",
    "cases.services.drafts.discard_draft",
    "cases.services.drafts.save_draft",
    "cases.services.presence.leave_case",
    "cases.services.presence.note_given",
    "cases.services.presence.note_presence",
    "cases.services.presence.open_case",
    "cases.services.presence.skip_case",
}


@pytest.fixture
def scene(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, agus: User, lina: User, rini: User,
    dewi: User, now: dt.datetime,
) -> Scenario:  # fmt: skip
    return Scenario(
        now=now, telkomsel=telkomsel, indosat=indosat, budi=budi, citra=citra, agus=agus, dina=dina(),
        lea=person("lea@aduan.example", "Lea", Role.LEAD), lina=lina,
        mira=person("mira@aduan.example", "Mira", Role.LIST_MANAGER), rini=rini, dewi=dewi,
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("row", ACTS.values(), ids=ACTS.keys())
def test_it_is_on_record_once_with_who_and_when(scene: Scenario, row: Row) -> None:
    given = row.prepare(scene)
    known = set(AuditLogEntry.objects.values_list("seq", flat=True))
    with transaction.atomic():
        row.act(scene, given)
        transaction.set_rollback(True)
    assert set(AuditLogEntry.objects.values_list("seq", flat=True)) == known, "a rollback leaves no trace"
    row.act(scene, given)
    entries = list(AuditLogEntry.objects.exclude(seq__in=known).order_by("seq"))
    assert [entry.action for entry in entries] == row.recorded
    who: User = getattr(scene, row.who)
    for entry in entries:
        assert entry.actor == f"user:{who.pk}"
        assert entry.at == scene.now
        assert entry.subject
        assert TYPED not in json.dumps(entry.detail)  # words stay where they can be erased
        if "event" in entry.detail:
            assert {"before", "after"} <= set(entry.detail)
    rows, _further = audit_log_page(AuditLogFilter(), size=len(entries))
    for shown in readable_entries(rows):
        read = "\n".join([shown["actor"], str(shown["action"]), shown["subject"].name, shown["detail"]])
        assert not codes_in(read)


def acts_of_people() -> Iterator[str]:
    """Every public function of the domain that takes the acting person or machine."""
    for module in pkgutil.walk_packages(aduan.__path__, "aduan."):
        name = module.name.removeprefix("aduan.")
        if not (
            ".services." in name
            or name in ("operators.access_keys", "operators.members", "operators.webhooks")
        ):
            continue
        if name.split(".")[-1].startswith("_"):
            continue
        for made, act in vars(importlib.import_module(module.name)).items():
            if made.startswith("_") or not inspect.isfunction(act) or act.__module__ != module.name:
                continue
            if {"by", "actor"} & set(inspect.signature(act).parameters):
                yield f"{name}.{made}"


def test_no_act_is_missing_from_the_walk() -> None:
    listed = set(ACTS) | PARTS | set(ELSEWHERE) | WORKING_DATA
    found = set(acts_of_people())
    assert found - listed == set(), "write it down in tests/journeys/audited_actions.py"
    assert listed - found == set(), "it is gone: take it off the list"
