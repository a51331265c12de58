"""`celery -A aduan`: the tasks and the timetable live in portal.tasks, named here only as a string.

The broker only hints that there is work; what must not be lost is in the job queue (aduan.core.jobs). So a
task may come twice or never, and these values only decide how soon.
"""

import os

from django_structlog.celery.steps import DjangoStructLogInitStep

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aduan.settings")
app = Celery("aduan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_time_limit=1500,
    task_soft_time_limit=1200,
    task_serializer="json",
    accept_content=["json"],
    # A web process must not wait long for a broker that is away: the row is already written.
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1},
    broker_transport_options={"visibility_timeout": 3600, "socket_connect_timeout": 2},
    broker_connection_retry_on_startup=True,
    visibility_timeout=3600,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=30,
    worker_max_tasks_per_child=200,
    worker_hijack_root_logger=False,
)
app.steps["worker"].add(DjangoStructLogInitStep)  # a line when a task begins and ends
app.autodiscover_tasks(["portal.tasks"])
