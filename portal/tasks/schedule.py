"""When things happen, in Asia/Jakarta. Only names of tasks: what they do is in portal.tasks.tasks.

Beat may be down, late or twice: a task finds out by itself what is missing (aduan.core.jobs), so an entry
here asks it to see what is due, never promises one run. Each entry of beat has the name of its task.
"""

import datetime as dt
from itertools import pairwise
from typing import Any, Final

from celery.schedules import crontab

from aduan.blocklists.services.next_lists import BUILT_AT
from aduan.monitoring.expected import Expected
from portal.tasks.queues import queue_of

# Of tasks that come often: a queue without a worker grows no longer than this. Beat's clock sets the hour and
# the worker's is asked, so it is far above what two clocks differ by; a task that is dropped is an incident.
DROPPED: Final = {"expires": 600}  # seconds

_TIMES: Final[dict[str, dict[str, Any]]] = {
    "process_evidence": {"schedule": 20.0},
    "read_pictures": {"schedule": 1.0, "options": DROPPED},
    "send_codes": {"schedule": 5.0},
    "send_outbox": {"schedule": 20.0},
    "notify_complainants": {"schedule": 60.0},
    "reindex_cases": {"schedule": 60.0},
    "rank_cases": {"schedule": 300.0},
    "expire_blocks": {"schedule": crontab(minute=3)},
    "check_recycling": {"schedule": 60.0},
    "apply_range_changes": {"schedule": crontab(minute="*/10")},
    "send_lead_digest": {"schedule": crontab(minute=0, hour=7)},
    # The loop of urgent lists looks every five seconds; here, should it be away.
    "find_hold_candidates": {"schedule": 60.0, "options": DROPPED},
    "alert_leads_of_candidates": {"schedule": 60.0},
    "send_audit_head": {"schedule": crontab(minute=5, hour=7)},
    "export_audit_head": {"schedule": crontab(minute="*/10")},
    "run_shadow_ranker": {"schedule": crontab(minute=33, hour="3-6")},
    "purge_expired_data": {"schedule": crontab(minute=41, hour=2)},
    "delete_orphaned_files": {"schedule": crontab(minute="7,27,47")},
    "rotate_wrapped_keys": {"schedule": crontab(minute=27)},
    "clear_sessions": {"schedule": crontab(minute=17, hour=3)},
    "build_missing_lists": {"schedule": crontab(minute=BUILT_AT.minute, hour=BUILT_AT.hour)},
    "build_interim_lists": {"schedule": 120.0},
    "send_referrals": {"schedule": 120.0},
    "read_platform_mail": {"schedule": 120.0, "options": DROPPED},
    "follow_up_referrals": {"schedule": crontab(minute=20, hour=8)},
    "refresh_sandbox": {"schedule": crontab(minute=35)},
    "resume_lists": {"schedule": 30.0},
    "record_deliveries": {"schedule": 60.0},
    "renew_tuf_metadata": {"schedule": crontab(minute=5)},
    "verify_list_files": {"schedule": crontab(minute=40)},
    "deliver_webhooks": {"schedule": 15.0},
    "watch": {"schedule": 60.0},
    # Once a day is enough; the other runs find yesterday done, or make up for a night without power.
    "publish_statistics": {"schedule": crontab(minute=17, hour="3-23")},
    "remind_operators": {"schedule": crontab(minute=50)},
}


def _period(schedule: float | crontab) -> dt.timedelta:
    """The longest time between two moments at which a task is due."""
    if not isinstance(schedule, crontab):
        return dt.timedelta(seconds=schedule)
    hours: set[int] = schedule.hour  # type: ignore[attr-defined]  # the types of Celery lack both
    moments: set[int] = schedule.minute  # type: ignore[attr-defined]  # the same
    due = [hour * 60 + minute for hour in sorted(hours) for minute in sorted(moments)]
    day = [*due, due[0] + 24 * 60]
    return dt.timedelta(minutes=max(later - earlier for earlier, later in pairwise(day)))


TIMETABLE: Final = {task: {"task": task, **when} for task, when in _TIMES.items()}
EXPECTED: Final = {
    task: Expected(_period(when["schedule"]), queue_of(task).value) for task, when in _TIMES.items()
}
