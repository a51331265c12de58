"""The portal's timetable, each entry due every five seconds.

Beat finds it by `celery -A tests.faults.accelerated_beat beat`.
"""

from aduan.celery import app
from portal.tasks.schedule import TIMETABLE

__all__ = ["app"]

for entry in TIMETABLE.values():
    entry["schedule"] = 5.0  # in place: this is the table that portal.tasks.tasks hands to beat
