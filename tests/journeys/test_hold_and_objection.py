"""Minutes over real HTTP: a screenshot, a hold by two people, its owner's lift, the answer of two others.

Each list is asked for through the query that hold lists are built from.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import AccountPolicy, User
from aduan.accounts.roles import Role
from aduan.appeals.models import Objection
from aduan.cases import services
from aduan.cases.models import Case, ChangeRequest, Hold, HoldCandidate, HoldGrounds, TemporaryLift
from aduan.cases.queries import holds_in_force
from aduan.complaints.models import Complaint
from aduan.operators.models import Operator
from tests.aduan.appeals.test_objections import code_to
from tests.database import as_administrator
from tests.factories import holds
from tests.factories.accounts import person
from tests.factories.files import jpeg
from tests.journeys.browser_client import BrowserClient, hidden

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NUMBER, CANONICAL = "0812-7000-4321", "+6281270004321"


@pytest.fixture
def people() -> dict[str, User]:
    call_command("load_reference", verbosity=0)
    with as_administrator():
        AccountPolicy.objects.create(waiting_hours=0, password_steps_up=True)  # as in the sample
    holds.hold_rules()
    names = {"budi": "Budi Santoso", "citra": "Citra Lestari", "agus": "Agus Salim", "dina": "Dina Marlina"}
    return {key: person(f"{key}@aduan.example", name, Role.REVIEWER) for key, name in names.items()}


def listed(telkomsel: Operator) -> list[int]:
    return [one.digits for one in holds_in_force(telkomsel.pk, at=timezone.now())]


def test_a_number_is_held_lifted_for_its_owner_and_held_again_by_two_others(
    live_server: LiveServer, people: dict[str, User]
) -> None:
    telkomsel = Operator.objects.get(code="telkomsel")
    desks = {}
    for key, user in people.items():
        desks[key] = BrowserClient(live_server.url)
        desks[key].log_in(user)

    tracking = _complain(BrowserClient(live_server.url))
    case = Complaint.objects.get().case
    services.note_hold_grounds(case, grounds=HoldGrounds.EVIDENCE, at=timezone.now())
    qualified_at = HoldCandidate.objects.get().qualified_at
    assert f"/kelola/perkara/{case.pk}/#hold-title" in desks["budi"].open("/kelola/antrean/")

    _step(desks["budi"], case, "propose", reason="Sedang menelepon banyak orang")
    assert listed(telkomsel) == []
    _step(desks["citra"], case, "confirm")
    hold = Hold.objects.get()
    assert listed(telkomsel) == [int(CANONICAL[1:])]
    holds.listed(hold, at=timezone.now())
    assert tracking

    raka = BrowserClient(live_server.url)
    assert "Ditangguhkan sementara" in raka.send("/cek/", {"number": NUMBER})
    page = _object(raka)
    lifted = raka.send(page, {"action": "lift"})
    assert "Dicabut sementara sampai ada keputusan" in lifted
    assert listed(telkomsel) == []

    _settle(desks["agus"], desks["dina"], case)
    assert listed(telkomsel) == [int(CANONICAL[1:])]
    hold.refresh_from_db()
    assert hold.ended_at is None
    assert "Berlaku kembali" in raka.open(page)

    lift = TemporaryLift.objects.get()
    assert hold.confirmed_at is not None
    assert lift.ended_at is not None
    moments = [Complaint.objects.get().filed_at, qualified_at, hold.proposed_at, hold.confirmed_at]
    moments += [Objection.objects.get().filed_at, lift.lifted_at, lift.ended_at]
    assert moments == sorted(moments)
    steps = ("complaint", "candidate", "proposed", "held", "objection", "lifted", "held again")
    for name, moment in zip(steps, moments, strict=True):  # shown by pytest -s
        print(f"{name:>10}  +{(moment - moments[0]) / dt.timedelta(seconds=1):7.2f} s")  # noqa: T201


def _complain(sari: BrowserClient) -> str:
    page = sari.open("/lapor/")
    sari.send(
        "/lapor/",
        {
            "key": hidden(page, "key"),
            "channel": "whatsapp",
            "category": "PETUGAS_BANK",
            "number": NUMBER,
            "narrative": "Ia mengaku petugas bank dan meminta kode OTP; beberapa teman juga ditelepon.",
            "action": "send",
        },
        files={"evidence": ("layar.jpg", jpeg(), "image/jpeg")},
    )
    return sari.address.removesuffix("tanda-terima/")


def _step(desk: BrowserClient, case: Case, step: str, **more: str) -> None:
    address = f"/kelola/perkara/{case.pk}/"
    desk.open(address)
    case.refresh_from_db()
    given = {"seen": case.contents_digest, "compared": "on", **more}
    desk.send(f"{address}tahan/{step}/", given, page=address)
    _leave(desk, case)


def _leave(desk: BrowserClient, case: Case) -> None:
    """What a browser says when the page of a case is closed, so that others may act on it."""
    address = f"/kelola/perkara/{case.pk}/"
    opened = re.search(r'data-opened="([^"]+)"', desk.open(address))
    given = {"opened": opened[1] if opened else "", "left": "1"}
    desk.send(f"{address}hadir/", given, page="/kelola/antrean/", status=204)


def _object(raka: BrowserClient) -> str:
    """The private page of an objection whose number is proven by the code from the SMS."""
    raka.send("/keberatan/", {"number": NUMBER, "statement": "Nomor ini saya pakai sejak 2019."})
    page = f"/keberatan/{Objection.objects.get().uid}/"
    raka.send(page, {"action": "send_code"})
    raka.send(page, {"action": "prove", "code": code_to(CANONICAL)})
    assert "Cabut sementara sekarang" in raka.open(page)
    return page


def _settle(first: BrowserClient, second: BrowserClient, case: Case) -> None:
    """Two people who did not hold the number say that the objection is not right."""
    address = f"/kelola/perkara/{case.pk}/"
    assert "Dicabut sementara sejak" in first.open(address)
    case.refresh_from_db()
    answer = {"seen": case.contents_digest, "upheld": "no", "reason": "Rekaman membuktikan penipuan."}
    first.send(f"{address}langkah/settle_objection/", answer, page=address)
    _leave(first, case)
    request = ChangeRequest.objects.get()
    asked = f"/kelola/orang-kedua/{request.pk}/"
    page = second.open(asked)
    second.send(asked, {"step": "confirm", "compared": "on", "seen": hidden(page, "seen")}, page=asked)
