"""Two people settle one request at the same moment: it is done once or not done, and one reads so."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts import services as accounts
from aduan.accounts.models import AccountChange, ApprovalRequest, User
from aduan.accounts.roles import Role
from aduan.appeals import services as appeals
from aduan.appeals.models import Objection
from aduan.blocklists import services as lists
from aduan.blocklists.models import ListSubscription
from aduan.cases.models import Block, ChangeRequest
from aduan.core.models import AuditLogEntry
from aduan.numbers.parsing import parse
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import person, step_up
from tests.factories.blocklists import a_block
from tests.portal.staff.login import log_in_staff
from tests.races import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
DONE, SETTLED = 302, 409


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


def _answers(address: str, *sent: tuple[User, dict[str, str]]) -> list[int]:
    """What these people get who send this at once, in their order."""
    desks = [log_in_staff(Client(headers={"accept-language": "en"}), by) for by, _form in sent]
    forms = [form for _by, form in sent]
    answers = at_once(lambda turn: (turn, desks[turn].post(address, forms[turn]).status_code), len(sent))
    return [status for _turn, status in sorted(answers)]


def _audited(*acts: str) -> int:
    return AuditLogEntry.objects.filter(action__in=acts).count()


def test_a_release_is_confirmed_by_one_of_two(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    case = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    asked = make.release_asked(case, by=agus, at=now)
    other = person("eka@aduan.example", "Eka", Role.APPROVER)
    form = {"step": "confirm", "compared": "on", "seen": asked.seen_digest}
    answers = _answers(f"/kelola/orang-kedua/{asked.pk}/", (make.dina(), form), (other, form))
    assert sorted(answers) == [DONE, SETTLED]
    asked.refresh_from_db()
    assert asked.settled_by == (make.dina(), other)[answers.index(DONE)]
    assert Block.objects.get().released_at is not None
    assert _audited("case.release") == 1


def test_an_answer_to_an_owner_is_given_or_not_but_never_both(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now, digits=6281270001234)
    objection = appeals.file_objection(
        parse("0812 7000 1234"),
        statement="Nomor ini saya pakai sejak 2019 untuk warung saya.",
        holder_since=None,
        email="",
        language="id",
        at=now,
    )
    desk = log_in_staff(Client(), agus)
    desk.post(f"/kelola/keberatan/{objection.pk}/pemilik/", {"note": "Surat operator"})
    asked = make.settlement_asked(block.case, by=agus, at=timezone.now(), upheld=True)
    other = person("eka@aduan.example", "Eka", Role.APPROVER)
    confirm = {"step": "confirm", "compared": "on", "seen": asked.seen_digest}
    decline = {"step": "decline", "reason": "Surat itu bukan dari operator"}
    answers = _answers(f"/kelola/orang-kedua/{asked.pk}/", (make.dina(), confirm), (other, decline))
    assert sorted(answers) == [DONE, SETTLED]
    asked.refresh_from_db()
    block.refresh_from_db()
    answered = answers[0] == DONE
    assert asked.state == (ChangeRequest.State.CONFIRMED if answered else ChangeRequest.State.DECLINED)
    assert (Objection.objects.get().state == "upheld", block.released_at is not None) == (answered, answered)


@pytest.mark.parametrize("second", ["confirm", "refuse"])
def test_a_role_is_given_or_not_but_never_both(rini: User, now: dt.datetime, second: str) -> None:
    one, two = (
        person(f"{name.lower()}@aduan.example", name, Role.ADMINISTRATOR) for name in ("Tuti", "Bagus")
    )
    invited = accounts.invite(
        email="rina@aduan.example", name="Rina", staff_number="P-77", roles=[Role.REVIEWER],
        by=rini, at=now, step_up=step_up(rini, now), reason="Baru",
    )  # fmt: skip
    address = f"/kelola/orang/usulan/{invited.changes.get().pk}/"
    answers = _answers(address, (one, {"answer": "confirm"}), (two, {"answer": second}))
    assert sorted(answers) == [DONE, SETTLED]
    given = second == "confirm" or answers[0] == DONE
    invited.refresh_from_db()
    change = invited.changes.get()
    assert invited.roles == ([Role.REVIEWER] if given else [])
    assert change.state == (AccountChange.State.CONFIRMED if given else AccountChange.State.REFUSED)
    assert change.settled_by == (one, two)[answers.index(DONE)]
    assert _audited("user.confirm_change", "user.refuse_change") == 1


@pytest.mark.parametrize(
    "second", [{"step": "approve", "read": "on"}, {"step": "decline", "reason": "Tidak"}]
)
def test_an_approval_is_given_or_not_but_never_both(
    telkomsel: Operator, lina: User, now: dt.datetime, second: dict[str, str]
) -> None:
    one, two = (person(f"{name.lower()}@aduan.example", name, Role.LIST_MANAGER) for name in ("Mira", "Nina"))
    asked = lists.request_inbound(
        telkomsel, on=True, note="surat 12/2026", by=lina, step_up=step_up(lina, now), at=now
    )
    answers = _answers(
        f"/kelola/orang-kedua/persetujuan/{asked.pk}/",
        (one, {"step": "approve", "read": "on"}),
        (two, second),
    )
    assert sorted(answers) == [DONE, SETTLED]
    given = second["step"] == "approve" or answers[0] == DONE
    asked.refresh_from_db()
    assert asked.state == (ApprovalRequest.State.APPROVED if given else ApprovalRequest.State.DECLINED)
    assert asked.settled_by == (one, two)[answers.index(DONE)]
    assert ListSubscription.objects.filter(enabled=True).count() == int(given)
