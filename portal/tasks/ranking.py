"""Celery tasks that order the queue."""

import datetime as dt

from aduan.cases import services as cases
from aduan.celery import app
from aduan.core import jobs
from aduan.ranker import services as ranker


@app.task(name="rank_cases")
def rank_cases() -> None:
    """Computes the ranking again for cases of the last hour, so that a missed run is made up for."""
    now = jobs.now()
    cases.rerank_waiting(at=now, since=now - dt.timedelta(hours=1))


@app.task(name="run_shadow_ranker")
def run_shadow_ranker() -> None:
    """Once a night; the later runs find it done, or make up for it."""
    ranker.run_shadow_ranker(at=jobs.now())
