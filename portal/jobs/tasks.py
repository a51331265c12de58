"""Celery tasks: each tells the time and calls one service. Nothing is lost when one is lost."""

from django.core.management import call_command
from django.utils import timezone

from aduan.blocklists import services as lists
from aduan.celery import app
from aduan.complaints import services as complaints
from aduan.notices import services as notices
from aduan.operators import hooks
from portal.jobs import mail
from portal.jobs.schedule import TIMETABLE

app.conf.beat_schedule = TIMETABLE


@app.task(name="clear_sessions")
def clear_sessions() -> None:
    """Sessions that ended leave the table; the browser had lost them long before."""
    call_command("clearsessions")


@app.task(name="build_missing_lists")
def build_missing_lists() -> None:
    """Every month that ended and has no list; harmless when it runs daily, late or twice."""
    lists.build_missing(at=timezone.now())


@app.task(name="build_lists_between")
def build_lists_between() -> None:
    """Removals at once, urgent blocks, referrals to platforms."""
    lists.build_interims(at=timezone.now())
    lists.build_referrals(at=timezone.now())


@app.task(name="take_up_lists")
def take_up_lists() -> None:
    """What dead workers left, lists whose time has come, answers that still have to have their effect."""
    lists.take_up(at=timezone.now())
    lists.apply_effects(at=timezone.now())


@app.task(name="renew_trust")
def renew_trust() -> None:
    """Sign the timestamp again, hourly, and other pages before they run out."""
    lists.renew(at=timezone.now())


@app.task(name="scrub_lists")
def scrub_lists() -> None:
    """Read every published file and put right what is not what was signed."""
    lists.scrub(at=timezone.now())


@app.task(name="examine_evidence")
def examine_evidence() -> None:
    """Every file that waits in quarantine gets its verdict."""
    for evidence_id in complaints.waiting(at=timezone.now()):
        complaints.examine(evidence_id, at=timezone.now())


@app.task(name="empty_outbox")
def empty_outbox() -> None:
    """What is due leaves the house."""
    notices.drain(mail.deliver, at=timezone.now())


@app.task(name="deliver_webhooks")
def deliver_webhooks() -> None:
    """Operators' machines hear of lists and releases, again until they answer."""
    hooks.deliver_due(at=timezone.now())


@app.task(name="tell_complainants")
def tell_complainants() -> None:
    """Who left an address hears of every step of the case."""
    complaints.tell_progress(at=timezone.now())


@app.task(name="forget_what_is_due")
def forget_what_is_due() -> None:
    complaints.purge(at=timezone.now())


@app.task(name="sweep_orphans")
def sweep_orphans() -> None:
    complaints.sweep(at=timezone.now())


@app.task(name="turn_keys_over")
def turn_keys_over() -> None:
    """After a new key came first in VAULT_KEYS: a thousand wrapped keys an hour until none is old."""
    complaints.reseal_keys()
