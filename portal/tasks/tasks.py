"""Celery tasks: each passes the time and calls one service. A lost task loses no work.

The time is the database's: a worker whose own clock jumps ends no block early, publishes nothing before it
has cooled off, and signs nothing for longer than it should.
"""

import os
from typing import Final

from django.conf import settings
from django.core.management import call_command

from aduan.appeals import services as appeals
from aduan.blocklists import services as lists
from aduan.cases import services as cases
from aduan.celery import app
from aduan.complaints import services as complaints
from aduan.core import audit_log, jobs
from aduan.core.periods import local_date
from aduan.monitoring import services as monitoring
from aduan.notifications import services as notifications
from aduan.operators import webhooks
from aduan.operators.models import Operator
from aduan.recycling import services as recycling
from aduan.referrals import services as referrals
from aduan.statistics import services as statistics
from aduan.teamwork import services as teamwork
from portal.common import web_sessions
from portal.common.imap_mailbox import read_mailbox
from portal.common.owner import ministry_contact
from portal.tasks import delivery_log, queues, ranking, sending, task_log
from portal.tasks.schedule import EXPECTED, TIMETABLE

app.conf.beat_schedule = TIMETABLE
app.conf.task_routes = queues.ROUTES
app.conf.task_queues = queues.broker_queues()
__all__ = ["app", "ranking", "task_log"]

BUSY: Final = 4.0  # processes that want a processor, for each processor
EXAMINING_SECONDS: Final = 20.0  # then the next run is due, and would wait in the queue
TURNING_SECONDS: Final = 600.0  # the rest of its queue waits


@app.task(name="clear_sessions")
def clear_sessions() -> None:
    """Sessions that ended leave the table; the browser had lost them long before."""
    call_command("clearsessions")


@app.task(name="build_missing_lists")
def build_missing_lists() -> None:
    """Every month that ended and has no list; harmless when it runs daily, late or twice.

    A task an operator: a worker makes as many lists side by side as it has processes.
    """
    for operator in Operator.objects.order_by("pk").values_list("pk", flat=True):
        build_missing_lists_for.delay(operator)


@app.task(name="build_missing_lists_for")
def build_missing_lists_for(operator: int) -> None:
    lists.build_missing(at=jobs.now(), operator=Operator.objects.get(pk=operator))


@app.task(name="build_interim_lists")
def build_interim_lists() -> None:
    """First lists of new receivers, removals at once, urgent blocks, referrals to platforms.

    Holds and removals are published by portal.tasks.fast_lists within seconds; here, should it be away.
    """
    lists.build_first(at=jobs.now())
    lists.end_finished_holds(at=jobs.now())
    lists.build_holds(at=jobs.now())
    lists.build_interims(at=jobs.now())
    lists.build_referrals(at=jobs.now())


@app.task(name="send_referrals")
def send_referrals() -> None:
    """Asks platforms what was decided, withdraws what was released, takes answers given on lists."""
    ministry = ministry_contact()
    referrals.follow_decisions(ministry=ministry, at=jobs.now())
    referrals.exchange_with_lists(at=jobs.now())


@app.task(name="follow_up_referrals")
def follow_up_referrals() -> None:
    """Asks platforms once more after a week, and drafts letters for a person to send."""
    referrals.remind_platforms(ministry=ministry_contact(), at=jobs.now())
    referrals.draft_letters(at=jobs.now())


@app.task(name="read_platform_mail", soft_time_limit=240)
def read_platform_mail() -> None:
    """Stores what platforms wrote to the mailbox, for a person to read; nothing where there is none."""
    if settings.IMAP_URL:
        read_mailbox(at=jobs.now())


@app.task(name="resume_lists")
def resume_lists() -> None:
    """Resumes builds of dead workers, publishes lists that are due, applies reported outcomes."""
    lists.resume_stalled(at=jobs.now())
    lists.apply_effects(at=jobs.now())


@app.task(name="renew_tuf_metadata")
def renew_tuf_metadata() -> None:
    """Signs the TUF timestamp again every hour, and other metadata before it expires."""
    lists.renew(at=jobs.now())


@app.task(name="publish_statistics")
def publish_statistics() -> None:
    """The public figures of yesterday, once."""
    statistics.publish_figures(at=jobs.now())


@app.task(name="remind_operators")
def remind_operators() -> None:
    """Reminds operators of lists not downloaded, due and overdue; each reminder is sent once."""
    lists.remind(at=jobs.now())


@app.task(name="record_deliveries")
def record_deliveries() -> None:
    """Records how downloads ended that the web server sent."""
    for name, sent, complete in delivery_log.ended_transfers():
        lists.record_delivery(name, bytes_sent=sent, complete=complete)


@app.task(name="verify_list_files")
def verify_list_files() -> None:
    """Verifies every published file and restores what differs from what was signed."""
    lists.verify_files()


@app.task(name="process_evidence")
def process_evidence() -> None:
    """Scans and converts files in quarantine; without the store none is tried, and all wait."""
    complaints.examine_due(seconds=EXAMINING_SECONDS)


@app.task(name="refresh_sandbox")
def refresh_sandbox() -> None:
    """Publishes a list of pretended numbers every few hours, where there is a sandbox."""
    lists.refresh_sandbox(at=jobs.now())


@app.task(name="read_pictures")
def read_pictures() -> None:
    """Reads pictures of forms, else one that came with its complaint; not on a machine that is too busy."""
    if os.getloadavg()[0] <= BUSY * (os.cpu_count() or 1) and not complaints.read_waiting():
        complaints.read_texts()


@app.task(name="send_codes")
def send_codes() -> None:
    """Sends the codes that are due: a person waits for each of them in front of a form."""
    sending.send_messages(codes=True)


@app.task(name="send_outbox")
def send_outbox() -> None:
    """Sends the messages that are due, apart from codes."""
    sending.send_messages(codes=False)


@app.task(name="loop:send_outbox")
def send_outbox_for_the_monitor() -> None:
    """The same, asked for by the monitor: it runs without beat, so its end is no sign of life of beat."""
    sending.send_messages(codes=False)


@app.task(name="deliver_webhooks")
def deliver_webhooks() -> None:
    """Delivers webhooks that are due; failed deliveries are retried later."""
    webhooks.deliver_due(at=jobs.now())


@app.task(name="watch")
def watch() -> None:
    """Opens and ends incidents and mails them. `portal.tasks.monitor` does the same without beat."""
    monitoring.watch(at=jobs.now(), timetable=EXPECTED)


@app.task(name="notify_complainants")
def notify_complainants() -> None:
    """Queues progress messages for complainants with a confirmed contact."""
    complaints.send_progress(at=jobs.now())


@app.task(name="purge_expired_data")
def purge_expired_data() -> None:
    complaints.purge(at=jobs.now())
    appeals.lapse_unproven(at=jobs.now())
    appeals.erase_old_statements(at=jobs.now())
    notifications.delete_old(at=jobs.now())
    jobs.delete_finished(at=jobs.now())
    lists.delete_old_proofs(at=jobs.now())
    for delete_old in (cases.delete_old_drafts, cases.delete_old_presence, cases.delete_old_views):
        delete_old(at=jobs.now())
    teamwork.delete_old_inbox(at=jobs.now())


@app.task(name="delete_orphaned_files")
def delete_orphaned_files() -> None:
    """Unsent forms' files, and a few folders of the store: never a list of all of it."""
    now = jobs.now()
    complaints.purge_orphaned_files(at=now, folders=complaints.folders_due(at=now))


@app.task(name="rotate_wrapped_keys")
def rotate_wrapped_keys() -> None:
    """After a new key came first in VAULT_KEYS; `manage.py rewrap_keys` does it in one go."""
    webhooks.rewrap_secrets()
    appeals.rewrap_addresses()
    complaints.rewrap_all_keys(seconds=TURNING_SECONDS)


@app.task(name="reindex_cases")
def reindex_cases() -> None:
    """Updates search indexes and campaigns of cases that are marked as stale, until none is."""
    while complaints.reindex_cases(at=jobs.now())[0]:
        pass


@app.task(name="expire_blocks")
def expire_blocks() -> None:
    """Ends blocks whose last day is over, a thousand per transaction."""
    while cases.expire_blocks(at=jobs.now()):
        pass


@app.task(name="apply_range_changes")
def apply_range_changes() -> None:
    """Applies changes of the range table to numbers, cases and blocks on the day they take effect."""
    now = jobs.now()
    cases.apply_range_changes(on=local_date(now), at=now)


@app.task(name="check_recycling")
def check_recycling() -> None:
    """Asks operators' interfaces, within their quotas, which numbers have changed hands."""
    recycling.check_numbers(recycling.configured_interfaces(), at=jobs.now())


@app.task(name="send_lead_digest")
def send_lead_digest() -> None:
    cases.send_lead_digest(at=jobs.now())


@app.task(name="find_hold_candidates")
def find_hold_candidates() -> None:
    """Puts numbers on top of the desk as soon as their complaints are grounds for a hold."""
    complaints.find_hold_candidates(at=jobs.now())


@app.task(name="alert_leads_of_candidates")
def alert_leads_of_candidates() -> None:
    """Numbers that could be held while no two people are at work, or that wait longer than they should."""
    now = jobs.now()
    cases.alert_leads_of_candidates(at_work=web_sessions.people_at_work(at=now), at=now)


@app.task(name="send_audit_head")
def send_audit_head() -> None:
    """To the auditors, each day: a copy of the head outside of this machine."""
    monitoring.send_audit_head(at=jobs.now())


@app.task(name="export_audit_head")
def export_audit_head() -> None:
    """Leaves the head of the audit log in a folder that a backup takes off this machine."""
    head = audit_log.head()
    if head is None:
        return
    folder = settings.ADUAN_HOME / "audit-heads"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{local_date(jobs.now()):%Y-%m-%d}-{head.seq:012d}"
    (folder / name).write_text(str(head), encoding="ascii")
