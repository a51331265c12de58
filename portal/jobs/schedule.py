"""When things happen, in Asia/Jakarta. Only names of tasks: what they do is in portal.jobs.tasks.

Beat may be down, late or twice: a task finds out by itself what is missing (aduan.core.jobs), so an entry
here is a wish to look, never a promise of one run.
"""

from celery.schedules import crontab

TIMETABLE = {
    "forget ended sessions": {"task": "clear_sessions", "schedule": crontab(minute=17, hour=3)},
}
