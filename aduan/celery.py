"""`celery -A aduan`: the tasks and the timetable live in portal.jobs, named here only as a string."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aduan.settings")
app = Celery("aduan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.jobs"])
