"""A file fetched again costs two statements: whose key this is, and the record of the download."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, Download
from aduan.blocklists.services.file_store import ListFiles
from aduan.operators import access_keys
from aduan.operators.actors import actor_for
from aduan.operators.models import AccessKey
from tests.portal.api.test_lists import body_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["files", "targets"])
def url(request: pytest.FixtureRequest, a_list: BlockList) -> str:
    if request.param == "files":
        return f"/api/v1/lists/{queries.name_of(a_list)}/files/block.txt"
    digest = a_list.files.get(name="block.txt").sha256
    return f"/api/v1/tuf/targets/{a_list.folder}/{digest}.block.txt"


def fetched(client: Client, url: str, **headers: str) -> bytes:
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200
    return b"" if "X-Accel-Redirect" in answer else body_of(answer)


@pytest.mark.parametrize("accel", ["", "/_lists/"])
def test_a_file_that_was_handed_out_before_costs_two_statements(
    a: Client, url: str, a_list: BlockList, accel: str, settings
) -> None:
    settings.LISTS_ACCEL_PREFIX = accel
    first = fetched(a, url)
    for _again in range(3):
        with CaptureQueriesContext(connection) as said:
            assert fetched(a, url) == first
        statements = [one["sql"] for one in said]
        assert len(statements) == 2, statements
        assert "operators_accesskey" in statements[0]
        assert "INSERT INTO" in statements[1]
    assert Download.objects.filter(block_list=a_list, file="block.txt").count() == 4
    assert set(Download.objects.values_list("access_key__name", flat=True)) == {"gateway"}


def test_what_is_remembered_is_given_to_no_one_else_and_to_no_dead_key(
    a: Client, b: Client, url: str, dewi: User
) -> None:
    fetched(a, url)
    assert b.get(url).status_code == 404
    key = AccessKey.objects.get(operator__code="telkomsel")
    access_keys.revoke_key(key, by=actor_for(dewi), at=timezone.now())
    assert a.get(url).status_code == 401


def test_a_file_that_the_scrub_took_away_is_not_served_from_memory(
    a: Client, url: str, a_list: BlockList
) -> None:
    whole = fetched(a, url)
    files = ListFiles(a_list)
    files.quarantine(["block.txt"])
    assert a.get(url).status_code == 404
    files.restore()
    assert fetched(a, url) == whole
