"""Where the keys of the lists are: those that must be online in one part, the others on no machine here."""

from __future__ import annotations

import json

import pytest

from tests.production import holders, people
from tests.production.layout import PARTS, Layout, until

pytestmark = pytest.mark.production
SEEN = """
import json
from aduan.blocklists.services import keys
print(json.dumps({
    "private": sorted(role for role in keys.COUNTS if keys.private(role)),
    "offline": [path.name for path in keys.offline_keys_here()],
    "missing": keys.missing_public(),
}))
"""


def test_only_the_part_lists_signs_and_no_part_has_an_offline_key(layout: Layout) -> None:
    seen = {
        part: json.loads(
            layout.run_once("python", "manage.py", "shell", "--no-imports", "-c", SEEN, part=part)
            .strip()
            .splitlines()[-1]
        )
        for part in ("web", "worker", "lists")
    }
    online = ["hold", "lists", "removal", "snapshot", "statistics", "timestamp"]
    assert seen["lists"] == {"private": online, "offline": [], "missing": []}
    assert seen["web"] == seen["worker"] == {"private": [], "offline": [], "missing": []}


# A newcomer, whatever lists of others the journey has published before.
JOINS = """
import datetime as dt
from django.db.backends.postgresql.psycopg_any import DateRange
from aduan.operators.models import Operator
Operator.objects.get_or_create(code="newcomer", defaults=dict(
    name="Newcomer", legal_name="PT Newcomer", kind=Operator.Kind.MOBILE,
    obligation=Operator.Obligation.MANDATORY, active=DateRange(dt.date(2020, 1, 1), None), source="test"))
"""
BUILD = """
from aduan.blocklists.services import build_first, publish_due
from aduan.blocklists.models import BlockList
from aduan.core import jobs
build_first(at=jobs.now())
publish_due(at=jobs.now())
print(BlockList.objects.filter(operator__code="newcomer", state="published").count())
"""


def test_no_list_goes_out_before_two_holders_elsewhere_have_signed(layout: Layout) -> None:
    """The part `lists` builds the first list as the application's role, and waits."""
    people.console(layout, JOINS)
    build = ("python", "manage.py", "shell", "--no-imports", "-c", BUILD)

    def published() -> str:
        return layout.run_once(*build, part="lists").strip().splitlines()[-1]

    def published_once_signed() -> bool:
        holders.sign_all(layout)  # again where the clock replaced the page meanwhile
        return published() == "1"

    assert published() == "0"
    until(published_once_signed, "the newcomer's first list to be published", layout, seconds=180)


def test_the_parts_mount_what_they_may_see(layout: Layout) -> None:
    services = layout.compose.services
    mounted = {name: services[name].get("volumes", []) for name in PARTS}
    holding = {name: [one for one in some if one.startswith("list-keys:")] for name, some in mounted.items()}
    assert {name for name, some in holding.items() if some} == {"lists", "backup"}
    assert holding["backup"] == ["list-keys:/var/lib/aduan-keys:ro"]
    for name in ("web", "worker", "beat", "monitor"):
        assert "public-keys:/var/lib/aduan/public-keys:ro" in mounted[name], name
