"""Celery tasks: each tells the time and calls one service. Nothing is lost when one is lost."""

from django.core.management import call_command

from aduan.celery import app
from portal.jobs.schedule import TIMETABLE

app.conf.beat_schedule = TIMETABLE


@app.task(name="clear_sessions")
def clear_sessions() -> None:
    """Sessions that ended leave the table; the browser had lost them long before."""
    call_command("clearsessions")
