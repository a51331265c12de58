"""What receivers of each series were served with one list and with the next, to be attacked in between."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from aduan.accounts.models import User
from aduan.blocklists import tuf_metadata
from aduan.blocklists.models import ListType
from aduan.blocklists.services import build_holds, build_interims, build_list, keys, publish
from aduan.cases.models import Block
from aduan.cases.workflow import ProposalType
from aduan.core.periods import month_of
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import Answers, everything
from tests.database import as_administrator
from tests.factories import holds
from tests.factories.cases import confirmed, released


class World(NamedTuple):
    """What one receiver was served with its first list and with its second, and what another was.

    `role` is the online role that published the second; empty for the operator's own.
    """

    operator: str
    series: str
    old: Answers
    new: Answers
    theirs: Answers
    role: str = ""

    @property
    def page(self) -> str:
        """How the name of the page ends that names the second list."""
        return f".{self.operator}.{self.role}.json" if self.role else f".{self.operator}.json"


def foreign(digits: int, *, by: tuple[User, User], at: dt.datetime) -> None:
    """A foreign number that two people decided about."""
    case = confirmed(
        None, first=by[0], second=by[1], at=at, proposal_type=ProposalType.REFER, channel="whatsapp"
    )
    with as_administrator() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE cases_block SET digits = %s WHERE case_id = %s", [digits, case.pk])
        cursor.execute("SET session_replication_role = DEFAULT")


def listed(home: Operator, kind: ListType, at: dt.datetime) -> Answers:
    built = build_list(home, period=month_of(at), kind=kind, at=at)
    assert built is not None
    assert publish(built, at=at) is not None, built.stop_reasons
    return everything(home)


def held_twice(home: Operator, two: tuple[User, User], at: dt.datetime, theirs: Answers) -> World:
    """A hold list, and the next with one hold more."""
    holds.hold_rules()
    seen = []
    for _turn in range(2):
        holds.held(home, first=two[0], second=two[1], at=at - dt.timedelta(minutes=1))
        build_holds(at=at)
        seen.append(everything(home))
    return World(home.code, "hold", seen[0], seen[1], theirs, "hold")


def removed_while_holders_sleep(
    home: Operator, mistaken: Block, lead: User, at: dt.datetime, theirs: Answers
) -> World:
    """A block list, and a removal that no key holder signed."""
    old = everything(home)
    for number in (1, 2, 3):
        keys.path_of(tuf_metadata.TARGETS, number).unlink()
    released(mistaken.case, by=lead, at=at)
    [removal] = [one for one in build_interims(at=at) if one.operator == home]
    assert removal.state == "published"
    return World(home.code, "block", old, everything(home), theirs, "removal")
