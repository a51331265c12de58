"""AZ3: the filter of the application is taken away, and the database still shows no foreign row."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from aduan.blocklists import queries
from aduan.blocklists.models import (
    BlockList,
    BlockListEntry,
    Download,
    ListFile,
    Outcome,
    OutcomeReport,
    RejectedOutcomeReport,
)
from aduan.operators.models import Operator
from aduan.operators.row_security import operator_scope
from tests.portal.conftest import A_NUMBERS

TABLES = (BlockList, ListFile, BlockListEntry, Download, OutcomeReport, Outcome, RejectedOutcomeReport)


@pytest.fixture
def both(a: Client, b: Client, a_list: BlockList, b_list: BlockList) -> None:
    """Both operators have lists, downloads and outcomes."""
    for client, block_list in ((a, a_list), (b, b_list)):
        name = queries.name_of(block_list)
        b"".join(client.get(f"/api/v1/lists/{name}/files/block.txt"))
        number = BlockListEntry.objects.filter(list_id=block_list.pk).first()
        assert number is not None
        for digits in (number.digits, 6281399999999):  # the second is on no list: a refused report
            client.post(
                f"/api/v1/lists/{name}/outcomes",
                {
                    "list_digest": block_list.digest,
                    "outcomes": [{"number": str(digits), "answer": "blocked"}],
                },
                "application/json",
            )


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("table", TABLES)
def test_behind_the_wall_each_table_shows_own_rows_only(table, indosat: Operator, b_list: BlockList):
    everything = table.objects.count()
    with operator_scope(indosat):
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False,)
        rows = list(table.objects.values())
    assert 0 < len(rows) < everything
    for row in rows:
        owner = row.get("block_list_id") or row.get("list_id") or row["id"]
        assert owner == b_list.pk


@pytest.mark.usefixtures("both")
def test_a_query_that_lost_its_filter_still_gives_nothing_foreign(b: Client, a_list: BlockList, monkeypatch):
    monkeypatch.setattr(queries, "lists_for", lambda operator: BlockList.objects.order_by("-id"))
    monkeypatch.setattr(
        queries, "named", lambda operator, name: BlockList.objects.filter(digest=a_list.digest).first()
    )
    page = b.get("/api/v1/lists")
    assert len(page.json()["results"]) == 1
    assert a_list.digest not in page.content.decode()
    queries.forget_served()  # B's own file of that name
    answer = b.get(f"/api/v1/lists/{queries.name_of(a_list)}/files/block.txt")
    assert answer.status_code == 404
    assert str(A_NUMBERS[0]).encode() not in answer.content


@pytest.mark.usefixtures("both")
def test_for_the_ministry_nothing_is_hidden(telkomsel: Operator):
    with operator_scope(telkomsel):
        pass
    assert BlockList.objects.count() == 2
    assert Outcome.objects.count() == 2
