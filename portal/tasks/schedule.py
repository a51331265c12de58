"""When things happen, in Asia/Jakarta. Only names of tasks: what they do is in portal.tasks.tasks.

Beat may be down, late or twice: a task finds out by itself what is missing (aduan.core.jobs), so an entry
here is a wish to look, never a promise of one run.
"""

from typing import Final

from celery.schedules import crontab

from aduan.blocklists.services.next_lists import BUILT_AT

# Of tasks that come often: a queue without a worker grows no longer than this. Beat's clock sets the hour and
# the worker's is asked, so it is far above what two clocks differ by; a task that is dropped is an incident.
DROPPED: Final = {"expires": 600}  # seconds

TIMETABLE = {
    "examine evidence": {"task": "process_evidence", "schedule": 20.0},
    "read pictures": {"task": "read_pictures", "schedule": 1.0, "options": DROPPED},
    "send codes": {"task": "send_codes", "schedule": 5.0},
    "empty the outbox": {"task": "send_outbox", "schedule": 20.0},
    "tell complainants": {"task": "notify_complainants", "schedule": 60.0},
    "describe cases": {"task": "reindex_cases", "schedule": 60.0},
    "rank cases": {"task": "rank_cases", "schedule": 300.0},
    "end blocks": {"task": "expire_blocks", "schedule": crontab(minute=3)},
    "ask who holds numbers": {"task": "check_recycling", "schedule": 60.0},
    "follow numbers": {"task": "apply_range_changes", "schedule": crontab(minute="*/10")},
    "digest for leads": {"task": "send_lead_digest", "schedule": crontab(minute=0, hour=7)},
    # The loop of urgent lists looks every five seconds; here, should it be away.
    "find candidates of holds": {"task": "find_hold_candidates", "schedule": 60.0, "options": DROPPED},
    "alert leads of candidates": {"task": "alert_leads_of_candidates", "schedule": 60.0},
    "head of the audit log for auditors": {"task": "send_audit_head", "schedule": crontab(minute=5, hour=7)},
    "anchor the audit log": {"task": "export_audit_head", "schedule": crontab(minute="*/10")},
    "learn from decisions": {"task": "run_shadow_ranker", "schedule": crontab(minute=33, hour="3-6")},
    "forget what is due": {"task": "purge_expired_data", "schedule": crontab(minute=41, hour=2)},
    "sweep orphaned files": {"task": "delete_orphaned_files", "schedule": crontab(minute="7,27,47")},
    "turn keys over": {"task": "rotate_wrapped_keys", "schedule": crontab(minute=27)},
    "forget ended sessions": {"task": "clear_sessions", "schedule": crontab(minute=17, hour=3)},
    "monthly lists": {
        "task": "build_missing_lists",
        "schedule": crontab(minute=BUILT_AT.minute, hour=BUILT_AT.hour),
    },
    "lists between months": {"task": "build_interim_lists", "schedule": 120.0},
    "refer to platforms": {"task": "send_referrals", "schedule": 120.0},
    "read mail of platforms": {"task": "read_platform_mail", "schedule": 120.0, "options": DROPPED},
    "follow up referrals": {"task": "follow_up_referrals", "schedule": crontab(minute=20, hour=8)},
    "pretend": {"task": "refresh_sandbox", "schedule": crontab(minute=35)},
    "take up lists": {"task": "resume_lists", "schedule": 30.0},
    "read deliveries": {"task": "record_deliveries", "schedule": 60.0},
    "renew trust": {"task": "renew_tuf_metadata", "schedule": crontab(minute=5)},
    "verify list files": {"task": "verify_list_files", "schedule": crontab(minute=40)},
    "deliver webhooks": {"task": "deliver_webhooks", "schedule": 15.0},
    "watch": {"task": "watch", "schedule": 60.0},
    # Once a day is enough; the other runs find yesterday done, or make up for a night without power.
    "public figures": {"task": "publish_statistics", "schedule": crontab(minute=17, hour="3-23")},
    "remind operators": {"task": "remind_operators", "schedule": crontab(minute=50)},
}
