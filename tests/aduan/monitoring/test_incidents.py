"""Staff are notified of what is out of order: the right role, at most once an hour, until it is over.

Before there were incidents, none of these was reported: a dead letter waited until a page was opened.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists.models import BlockList, ListType
from aduan.blocklists.services import build_list
from aduan.blocklists.services.tuf_renewal import RENEW_BEFORE
from aduan.blocklists.tuf_metadata import base_role
from aduan.complaints.models import Evidence
from aduan.core import audit_log, jobs
from aduan.core.audit_actions import AuditAction
from aduan.core.models import Job
from aduan.monitoring.conditions import ADVICE, Condition, thresholds
from aduan.monitoring.models import Incident
from aduan.monitoring.queries import findings, last_tick, newest_metadata, open_incidents
from aduan.monitoring.services import record_backup, record_task_run, watch
from aduan.notifications.models import OutboxMessage
from aduan.notifications.services import enqueue_message
from aduan.notifications.services.outbox import _decrypt
from aduan.operators.access_keys import create_key
from aduan.operators.actors import actor_for
from aduan.operators.models import AccessKey
from portal.tasks import mail
from tests.factories.accounts import person
from tests.factories.blocklists import OCTOBER, a_block, published
from tests.factories.cases import make_case, make_evidence

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def ticking(now: dt.datetime) -> None:
    """Beat and worker run: only what a test breaks is out of order."""
    record_task_run("send_outbox", error="", at=now)


def _true(at: dt.datetime) -> dict[Condition, int]:
    record_task_run("send_outbox", error="", at=at)
    return {one.condition: one.amount for one in findings(at=at, limits=thresholds())}


def _expiring(at: dt.datetime) -> set[str]:
    """What the incident about signatures names."""
    record_task_run("send_outbox", error="", at=at)
    named = {one.condition: one.subjects for one in findings(at=at, limits=thresholds())}
    return {subject.partition(" ")[0] for subject in named.get(Condition.KEY_EXPIRES, ())}


def _a_dead_message(at: dt.datetime) -> None:
    key = f"dead:{OutboxMessage.objects.count()}"
    enqueue_message("contact_code", key=key, to="siti@example.id", language="id", context={}, at=at)
    OutboxMessage.objects.filter(key=key).update(state="dead")


def _mails() -> list[str]:
    sent = OutboxMessage.objects.filter(kind="incident").order_by("pk")
    return [_decrypt(message).to for message in sent]


def test_nothing_is_wrong_when_all_is_well(now: dt.datetime):
    assert watch(at=now) == []
    assert open_incidents() == []


def test_every_condition_says_what_to_do():
    assert set(ADVICE) == set(Condition)


def test_the_manual_says_when_each_condition_is_true() -> None:
    page = Path("docs/operations/monitoring.md").read_text(encoding="utf-8")
    assert {name for name in Condition if f"\n| `{name.value}` |" not in page} == set()


def test_a_silent_beat_is_seen_after_five_minutes(now: dt.datetime):
    assert findings(at=now + dt.timedelta(minutes=4), limits=thresholds()) == []
    [found] = findings(at=now + dt.timedelta(minutes=5), limits=thresholds())
    assert found.condition == Condition.BEAT_SILENT


def test_a_task_that_failed_last_is_named_until_it_succeeds(now: dt.datetime):
    record_task_run("export_audit_head", error="OSError", at=now)
    [found] = findings(at=now, limits=thresholds())
    assert (found.condition, found.subjects) == (Condition.TASK_FAILING, ("export_audit_head (OSError)",))
    record_task_run("export_audit_head", error="", at=now + HOUR)
    assert last_tick() == now + HOUR
    assert findings(at=now + HOUR, limits=thresholds()) == []


def test_dead_messages_and_late_ones(now: dt.datetime):
    _a_dead_message(now)
    enqueue_message("contact_code", key="late", to="a@example.id", language="id", context={}, at=now)
    assert _true(now) == {Condition.MESSAGE_UNDELIVERED: 1}
    assert _true(now + HOUR) == {Condition.MESSAGE_UNDELIVERED: 1, Condition.OUTBOX_LATE: 1}


def test_a_job_that_gave_up(now: dt.datetime):
    jobs.enqueue("build_list", "telkomsel/2026-10-01/monthly-v1", at=now)
    Job.objects.update(state="failed")
    assert _true(now) == {Condition.JOB_FAILED: 1}


def test_a_monthly_list_is_missing_from_one_oclock_on(telkomsel, budi, citra, now: dt.datetime):
    a_block(telkomsel, by=(budi, citra), at=now)
    first = dt.datetime(2026, 11, 30, 17, tzinfo=dt.UTC)  # midnight in Jakarta
    published(telkomsel, at=now)
    assert Condition.LIST_NOT_BUILT not in _true(first + dt.timedelta(minutes=59))
    assert _true(first + HOUR)[Condition.LIST_NOT_BUILT] == 1
    assert _true(first + dt.timedelta(days=3))[Condition.LIST_NOT_BUILT] == 1


def test_a_list_that_was_not_fetched(telkomsel, budi, citra, now: dt.datetime):
    a_block(telkomsel, by=(budi, citra), at=now)
    published(telkomsel, at=now)
    assert Condition.LIST_NOT_FETCHED not in _true(now + 5 * HOUR)
    assert _true(now + 6 * HOUR)[Condition.LIST_NOT_FETCHED] == 1


def test_a_stopped_list_that_no_one_looked_at(telkomsel, budi, citra, now: dt.datetime):
    a_block(telkomsel, by=(budi, citra), at=now)
    build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    BlockList.objects.update(state=BlockList.State.STOPPED)
    assert Condition.LIST_STOPPED not in _true(now + 3 * HOUR)
    assert _true(now + 5 * HOUR)[Condition.LIST_STOPPED] == 1


def test_a_key_that_expires_in_thirty_days(telkomsel, dewi: User, now: dt.datetime):
    create_key(telkomsel, by=actor_for(dewi), name="gw", scopes=["list:read"], at=now)
    expires = AccessKey.objects.get().expires_at
    assert _true(expires - dt.timedelta(days=31)) == {}
    assert _true(expires - dt.timedelta(days=29)) == {Condition.KEY_EXPIRES: 1}


def test_a_key_that_has_expired_is_an_incident_until_it_is_replaced(telkomsel, dewi: User, now: dt.datetime):
    """It ended at the moment at which the operator was cut off."""
    create_key(telkomsel, by=actor_for(dewi), name="gw", scopes=["list:read"], at=now)
    later = AccessKey.objects.get().expires_at + dt.timedelta(days=2)
    assert _true(later) == {Condition.KEY_EXPIRES: 1}
    create_key(telkomsel, by=actor_for(dewi), name="gw", scopes=["list:read"], at=later)
    assert _true(later) == {}


def test_signatures_just_made_are_no_incident_and_each_kind_is_one_before_it_ends(
    telkomsel, budi, citra, now: dt.datetime
):
    """Pages of online keys live for a week, and had to last longer than that: it was open for ever."""
    a_block(telkomsel, by=(budi, citra), at=now)
    published(telkomsel, at=now)
    ends = dict(newest_metadata())
    assert {"telkomsel.hold", "telkomsel.removal", "telkomsel", "snapshot", "timestamp", "root"} <= set(ends)
    assert Condition.KEY_EXPIRES not in _true(now)
    renewed = min(RENEW_BEFORE[base_role(role)] for role in ("snapshot", "telkomsel.hold"))
    assert _expiring(ends["telkomsel.hold"] - renewed) == {"timestamp"}  # renewed hourly, not in this test
    late = _expiring(min(ends["snapshot"], ends["telkomsel.hold"]) - dt.timedelta(hours=23))
    assert late == {"timestamp", "snapshot", "telkomsel.hold", "telkomsel.removal"}


def test_an_incident_opens_once_and_ends(rini, now: dt.datetime):
    _a_dead_message(now)
    for _turn in range(3):
        watch(at=now)
    [incident] = open_incidents()
    assert (incident.amount, incident.subjects) == (1, ["contact_code"])
    OutboxMessage.objects.filter(kind="contact_code").update(state="sent")
    watch(at=now)
    assert open_incidents() == []
    assert Incident.objects.get().resolved_at == now


def test_mail_goes_to_the_role_whose_work_it_is(rini, lina, budi, telkomsel, citra, now: dt.datetime):
    _a_dead_message(now)
    watch(at=now)
    assert _mails() == [rini.email]


def test_what_began_before_there_were_administrators_is_mailed_to_the_first(now: dt.datetime) -> None:
    """A letter to no one counted as sent, and the hour after an installation was silent."""
    _a_dead_message(now)
    watch(at=now)
    assert _mails() == []
    rini = person("rini@kementerian.example", "Rini", Role.ADMINISTRATOR)
    watch(at=now + dt.timedelta(minutes=1))
    assert _mails() == [rini.email]


def test_mail_comes_at_most_once_an_hour_and_again_only_when_it_grew(rini, now: dt.datetime):
    _a_dead_message(now)
    moments = [dt.timedelta(minutes=turn) for turn in (0, 1, 30, 59, 61, 120)]
    counts = []
    for turn, moment in enumerate(moments):
        if turn == 3:
            _a_dead_message(now)
        record_task_run("send_outbox", error="", at=now + moment)
        watch(at=now + moment)
        OutboxMessage.objects.filter(kind="incident").update(state="sent")
        counts.append(len(_keys()))
    assert counts == [1, 1, 1, 1, 2, 2]


def test_an_incident_that_flickers_is_mailed_once_an_hour(rini, now: dt.datetime):
    for turn in range(10):
        _a_dead_message(now)
        watch(at=now + dt.timedelta(seconds=turn * 20))
        OutboxMessage.objects.filter(kind="contact_code").update(state="sent")
        watch(at=now + dt.timedelta(seconds=turn * 20 + 10))
    assert Incident.objects.count() == 10
    assert len(_keys()) == 1


def _keys() -> set[str]:
    return set(OutboxMessage.objects.filter(kind="incident").values_list("key", flat=True))


def test_the_mail_says_what_to_do_and_links_to_the_page(rini, now: dt.datetime, settings):
    _a_dead_message(now)
    watch(at=now)
    subject, paragraphs = mail.render_text(_decrypt(OutboxMessage.objects.get(kind="incident")))
    assert subject == "Gangguan: Pesan tidak terkirim atau mungkin hilang"
    assert "contact_code" in paragraphs[0]
    assert "Pekerjaan latar" in paragraphs[1]
    assert f"{settings.PUBLIC_URL}/kelola/gangguan/" in paragraphs[-1]


def test_thresholds_are_settings_and_an_unknown_name_is_refused(now: dt.datetime, settings):
    settings.MONITORING = {"beat_minutes": 60}
    assert findings(at=now + dt.timedelta(minutes=59), limits=thresholds()) == []
    settings.MONITORING = {"beat_minuts": 60}
    with pytest.raises(ImproperlyConfigured, match="beat_minuts"):
        thresholds()


def test_evidence_that_waits_an_hour(now: dt.datetime, telkomsel):
    case = make_case(telkomsel, at=now)
    make_evidence(case)
    Evidence.objects.update(state=Evidence.State.QUARANTINED, received_at=now)
    assert Condition.EVIDENCE_LATE not in _true(now + dt.timedelta(minutes=59))
    assert _true(now + dt.timedelta(minutes=61))[Condition.EVIDENCE_LATE] == 1


def test_a_backup_that_was_never_made_is_missing_once_it_had_time(now: dt.datetime, settings):
    """Each installation began with an incident, before its first base backup could have ended."""
    settings.BACKUP_RECIPIENT = "age1x"
    assert Condition.BACKUP_LATE not in _true(now)  # nothing happened yet that could be lost
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:7", subject="case:12", at=now)
    record_backup("base", error="CommandError", at=now)
    assert Condition.BACKUP_LATE not in _true(now + dt.timedelta(minutes=10))
    assert _true(now + dt.timedelta(minutes=11))[Condition.BACKUP_LATE] == 1
    assert _true(now + dt.timedelta(minutes=31))[Condition.BACKUP_LATE] == 3


def test_a_backup_that_is_too_old_is_named_and_is_no_sign_of_life_of_beat(now: dt.datetime, settings):
    """No one was notified when a night's backup was missing."""
    assert Condition.BACKUP_LATE not in _true(now)  # none was set up
    settings.BACKUP_RECIPIENT = "age1x"
    for act in ("base", "files", "wal"):
        record_backup(act, error="", at=now)
    assert Condition.BACKUP_LATE not in _true(now + dt.timedelta(minutes=10))
    record_backup("wal", error="CommandError", at=now + dt.timedelta(minutes=11))
    [found] = [
        one
        for one in findings(at=now + dt.timedelta(minutes=11), limits=thresholds())
        if one.condition == Condition.BACKUP_LATE
    ]
    assert found.subjects == ("wal (CommandError)",)
    record_backup("wal", error="", at=now + 31 * HOUR)
    assert last_tick() == now + dt.timedelta(minutes=10)
    record_backup("files", error="", at=now + 31 * HOUR)
    assert _true(now + 31 * HOUR)[Condition.BACKUP_LATE] == 1
