"""One request id from the web server to the last line of the worker that goes on with what was sent."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.test import Client

from aduan.complaints import services as complaints
from aduan.complaints.models import Evidence
from aduan.core import jobs
from aduan.core.models import Job
from aduan.notifications import services as notifications
from aduan.notifications.models import OutboxMessage
from portal.common.logs import formatter
from tests.portal.public.forms import screenshot, send

ID = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


class Written(logging.Handler):
    """Lines as they are written: the id is that of the moment."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(formatter())
        self.lines: list[dict[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))

    def with_id(self) -> set[str]:
        return {str(line["event"]) for line in self.lines if line.get("request_id") == ID}


@pytest.fixture
def written() -> Iterator[Written]:
    handler = Written()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def test_what_a_request_leaves_behind_is_gone_on_with_under_its_id(client: Client, written: Written) -> None:
    """It ended with the request: the row did not know who had caused it."""
    client.defaults["HTTP_X_REQUEST_ID"] = ID
    send(client, contact_email="siti@example.id", evidence=[screenshot()])
    structlog.contextvars.clear_contextvars()
    assert set(OutboxMessage.objects.values_list("request_id", flat=True)) == {ID}
    written.lines.clear()
    now = jobs.now()
    notifications.send_due(lambda message: None, at=now)
    complaints.process_evidence(Evidence.objects.get().pk, at=now)
    logging.getLogger("aduan.x").info("afterwards")
    events = written.with_id()
    assert any(event.endswith("sent") for event in events)
    assert any(event.endswith("examined: clean") for event in events)
    assert "afterwards" not in events


def test_a_message_that_did_not_leave_is_logged_under_its_id_without_its_address(
    client: Client, written: Written
) -> None:
    client.defaults["HTTP_X_REQUEST_ID"] = ID
    send(client, contact_email="siti@example.id")
    structlog.contextvars.clear_contextvars()

    def refuse(_message: object) -> None:
        raise OSError("siti@example.id is unknown here")

    notifications.send_due(refuse, at=jobs.now())
    events = written.with_id()
    assert any(event.endswith("not sent: OSError") for event in events)
    assert "siti" not in json.dumps(list(events))


@pytest.mark.django_db(transaction=True)
def test_a_job_is_done_under_the_id_of_the_request_that_enqueued_it(
    written: Written, now: dt.datetime
) -> None:
    with structlog.contextvars.bound_contextvars(request_id=ID):
        jobs.enqueue("build_list", "x", at=now)
        jobs.enqueue("build_list", "y", at=now)
    assert set(Job.objects.values_list("request_id", flat=True)) == {ID}
    with jobs.lease("build_list", "x") as lease:
        logging.getLogger("aduan.x").info("at work")
        assert lease is not None
        lease.finish()
    with pytest.raises(KeyError), jobs.lease("build_list", "y"):
        raise KeyError("z")
    logging.getLogger("aduan.x").info("afterwards")
    assert written.with_id() == {"at work", "job build_list ended", "job build_list failed: KeyError"}


@pytest.mark.django_db
def test_a_longer_id_is_cut_and_none_is_none() -> None:
    with structlog.contextvars.bound_contextvars(request_id="x" * 100):
        assert jobs.enqueue("a", "b", at=jobs.now())
    assert jobs.enqueue("a", "c", at=jobs.now())
    assert sorted(map(len, Job.objects.values_list("request_id", flat=True))) == [0, 64]
