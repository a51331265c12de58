"""What docs/data-flow.md says about who sees personal data is what pages and roles do."""

from __future__ import annotations

import re

import pytest

from aduan.accounts.roles import PERMISSIONS, Role
from portal.staff.site import site
from scripts.checks.sources import PROJECT

_TEXT = (PROJECT / "docs" / "data-flow.md").read_text(encoding="utf-8").partition("### Who sees it")[2]
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in _TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| what |")
]


def test_the_table_names_each_kind_of_personal_data():
    assert len(ROWS) >= 9


@pytest.mark.parametrize(("what", "page", "permission", "roles"), ROWS)
def test_the_page_asks_for_the_permission_that_these_roles_have(what, page, permission, roles):
    wanted = permission.strip("`")
    assert site.pages[page.strip("`")].permission == wanted, what
    named = {role.strip().replace(" ", "_") for role in re.split(",", roles)}
    assert named == {Role(role).value for role, may in PERMISSIONS.items() if wanted in may}, what
