"""Who fetched what and whether it arrived, where nginx carries the bytes and only its log knows."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from aduan.blocklists.models import BlockList, Download
from aduan.blocklists.queries import name_of
from portal.tasks.tasks import record_deliveries

LISTS = "/api/v1/lists"


def test_behind_a_web_server_its_log_completes_the_record_once(
    a: Client, a_list: BlockList, settings, tmp_path: Path
):
    settings.LISTS_ACCEL_PREFIX, settings.DELIVERY_LOG = "/_lists/", str(tmp_path / "deliveries.log")
    settings.ADUAN_HOME = tmp_path
    url = f"{LISTS}/{name_of(a_list)}/files/block.txt"
    whole, cut = a.get(url)["X-Delivery"], a.get(url)["X-Delivery"]
    assert not Download.objects.filter(complete=True).exists()
    log = Path(settings.DELIVERY_LOG)
    log.write_text(f"{whole} 42 OK\n{cut} 7 \n\n- 5 OK\n999999 1 OK\nx\n{cut} 9")
    record_deliveries()
    with log.open("a") as more:
        more.write(f"9 OK\n{whole} 1 \n{cut} 42 OK\n")  # what was said first stays
    record_deliveries()
    rows = Download.objects.order_by("id").values_list("pk", "bytes_sent", "complete")
    assert list(rows) == [(int(whole), 42, True), (int(cut), 7, False)]
    log.write_text("")
    third = a.get(url)["X-Delivery"]
    log.write_text(f"{third} 42 OK\n")  # the log was turned over
    record_deliveries()
    assert Download.objects.get(pk=third).complete


@pytest.mark.parametrize(
    "change", [{"complete": True}, {"bytes_sent": None}, {"bytes_sent": 5, "digest": "f" * 64}]
)
def test_nothing_else_in_the_record_ever_changes(a: Client, a_list: BlockList, settings, change):
    settings.LISTS_ACCEL_PREFIX = "/_lists/"
    record = a.get(f"{LISTS}/{name_of(a_list)}/files/block.txt")["X-Delivery"]
    if "digest" not in change:
        Download.objects.filter(pk=record).update(bytes_sent=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Download.objects.filter(pk=record).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Download.objects.filter(pk=record).delete()
