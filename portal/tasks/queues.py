"""The queues of background tasks. Each has worker processes of its own: see portal.tasks.workers.

A slow receiver of webhooks or a thousand waiting pictures delay what is in their own queue and nothing else.
"""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from kombu import Queue as BrokerQueue


class Queue(StrEnum):
    CODES = "codes"
    MAIL = "mail"
    LISTS = "lists"
    EVIDENCE = "evidence"
    READING = "reading"  # shed first: a form never waits for it
    WEBHOOKS = "webhooks"
    HOUSEKEEPING = "housekeeping"

    @property
    def broker_name(self) -> str:
        """The key of its list in Redis or Valkey."""
        return f"{settings.QUEUE_PREFIX}.{self.value}"


TASKS: dict[Queue, tuple[str, ...]] = {
    Queue.CODES: ("send_codes",),
    Queue.MAIL: (
        "send_outbox",
        "loop:send_outbox",
        "notify_complainants",
        "remind_operators",
        "send_lead_digest",
        "alert_leads_of_candidates",
        "find_hold_candidates",
        "send_audit_head",
        "follow_up_referrals",
        "read_platform_mail",
    ),
    Queue.LISTS: (
        "build_missing_lists",
        "build_missing_lists_for",
        "build_interim_lists",
        "refresh_sandbox",
        "resume_lists",
        "send_referrals",
        "renew_tuf_metadata",
        "verify_list_files",
        "publish_statistics",
    ),
    Queue.EVIDENCE: ("process_evidence",),
    Queue.READING: ("read_pictures",),
    Queue.WEBHOOKS: ("deliver_webhooks",),
    Queue.HOUSEKEEPING: (
        "reindex_cases",
        "rank_cases",
        "run_shadow_ranker",
        "expire_blocks",
        "apply_range_changes",
        "record_deliveries",
        "export_audit_head",
        "purge_expired_data",
        "delete_orphaned_files",
        "rotate_wrapped_keys",
        "clear_sessions",
        "watch",
        "check_recycling",
    ),
}
ROUTES = {task: {"queue": queue.broker_name} for queue, tasks in TASKS.items() for task in tasks}


def queue_of(task: str) -> Queue:
    return next(queue for queue, tasks in TASKS.items() if task in tasks)


def broker_queues() -> list[BrokerQueue]:
    """All of them, for a worker that names none: it takes from every queue."""
    return [BrokerQueue(queue.broker_name) for queue in Queue]
