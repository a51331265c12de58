"""Minutes over real HTTP: a screenshot, a hold by two people, its owner's lift, the answer of two others.

After each step the loop goes one round, which finds the candidate too, and the operator's own client fetches
from the API what it published.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import AccountPolicy, User
from aduan.accounts.roles import Role
from aduan.appeals.models import Objection
from aduan.blocklists import queries
from aduan.cases.models import Case, ChangeRequest, Hold, HoldCandidate, TemporaryLift
from aduan.complaints.models import Complaint
from aduan.complaints.services import examine_due
from aduan.core import vault
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from portal.tasks import fast_lists
from tests.aduan.appeals.test_objections import code_to
from tests.aduan.blocklists.served import Receiver, client
from tests.database import as_administrator
from tests.factories import holds
from tests.factories.accounts import person
from tests.factories.files import jpeg
from tests.factories.operators import person_of
from tests.journeys.browser_client import BrowserClient, hidden
from tests.portal.api.conftest import key_of

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


class Machine:
    """The operator's machine: what it holds after a round of the loop, and when it switched."""

    def __init__(self, address: str, folder: Path) -> None:
        self._loop, self._api = fast_lists.FastLists(), f"{address}/api/v1/"
        self._loop.go_round()
        telkomsel = Operator.objects.get(code="telkomsel")
        root = queries.metadata_bytes("1.root.json", operator=telkomsel)
        assert root is not None
        self._receiver = Receiver(folder, "telkomsel", root)
        self.switched: list[dt.datetime] = []

    def holds(self) -> list[str]:
        self._loop.go_round()
        assert self._receiver.fetch(self._api, "--series", "hold") == client.OK, self._receiver.said
        self.switched.append(timezone.now())
        return (self._receiver.state / "in-force" / "block.txt").read_text().split()


@pytest.fixture
def machine(
    live_server: LiveServer,
    people: dict[str, User],
    tmp_path: Path,
    settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Machine:
    settings.KEYS_DIR, settings.PUBLISH_ROOT = tmp_path / "keys", tmp_path / "published"
    dewi = person_of(Operator.objects.get(code="telkomsel"), "dewi@telkomsel.example", "Dewi")
    monkeypatch.setattr(fast_lists, "CANDIDATES", 0.0)  # in each round, without five seconds between
    monkeypatch.setenv("ADUAN_KEY", key_of(dewi))
    return Machine(live_server.url, tmp_path / "op")


def test_a_number_is_held_lifted_for_its_owner_and_held_again_by_two_others(
    live_server: LiveServer, people: dict[str, User], machine: Machine
) -> None:
    desks = {}
    for key, user in people.items():
        desks[key] = BrowserClient(live_server.url)
        desks[key].log_in(user)

    sari = BrowserClient(live_server.url)
    tracking = _complain(sari)
    assert machine.holds() == []
    assert not HoldCandidate.objects.exists(), "no one has examined the file, and no contact is confirmed"
    examine_due(seconds=60)
    _confirm_contact(sari, tracking)
    case = Complaint.objects.get().case
    grounds_at = timezone.now()
    assert machine.holds() == []
    qualified_at = HoldCandidate.objects.get().qualified_at
    assert f"/kelola/perkara/{case.pk}/#hold-title" in desks["budi"].open("/kelola/antrean/")

    _step(desks["budi"], case, "propose", reason="Sedang menelepon banyak orang")
    assert machine.holds() == []
    _step(desks["citra"], case, "confirm")
    hold = Hold.objects.get()
    assert machine.holds() == [CANONICAL[1:]]

    raka = BrowserClient(live_server.url)
    assert "Ditangguhkan sementara" in raka.send("/cek/", {"number": NUMBER})
    page = _object(raka)
    lifted = raka.send(page, {"action": "lift"})
    assert "Dicabut sementara sampai ada keputusan" in lifted
    assert machine.holds() == []

    _settle(desks["agus"], desks["dina"], case)
    assert machine.holds() == [CANONICAL[1:]]
    hold.refresh_from_db()
    assert hold.ended_at is None
    assert "Berlaku kembali" in raka.open(page)

    lift = TemporaryLift.objects.get()
    assert hold.confirmed_at is not None
    assert lift.ended_at is not None
    _before, _candidate, _proposed, blocked, freed, blocked_again = machine.switched
    moments = [
        Complaint.objects.get().filed_at,
        grounds_at,
        qualified_at,
        hold.proposed_at,
        hold.confirmed_at,
        blocked,
    ]
    moments += [Objection.objects.get().filed_at, lift.lifted_at, freed, lift.ended_at, blocked_again]
    assert moments == sorted(moments)
    steps: tuple[str, ...] = ("complaint", "grounds", "candidate", "proposed", "confirmed", "client holds")
    steps += ("objection", "lifted", "client frees", "decided", "client holds")
    for name, moment in zip(steps, moments, strict=True):  # shown by pytest -s
        print(f"{name:>12}  +{(moment - moments[0]) / dt.timedelta(seconds=1):7.2f} s")  # noqa: T201


def _complain(sari: BrowserClient) -> str:
    page = sari.open("/lapor/")
    sari.send(
        "/lapor/",
        {
            "key": hidden(page, "key"),
            "channel": "whatsapp",
            "category": "PETUGAS_BANK",
            "number": NUMBER,
            "contact_email": "sari@example.id",
            "narrative": "Ia mengaku petugas bank dan meminta kode OTP; beberapa teman juga ditelepon.",
            "action": "send",
        },
        files={"evidence": ("layar.jpg", jpeg(), "image/jpeg")},
    )
    return sari.address.removesuffix("tanda-terima/")


def _confirm_contact(sari: BrowserClient, tracking: str) -> None:
    sari.send(tracking, {"action": "send_code", "way": "email"})
    letter = OutboxMessage.objects.get(kind="contact_code")
    aad = vault.aad_for("notifications_outboxmessage", "payload_encrypted", letter.key)
    code = json.loads(vault.decrypt(letter.payload_encrypted, aad=aad))["context"]["code"]
    sari.send(tracking, {"action": "confirm", "way": "email", "code": code})


def _step(desk: BrowserClient, case: Case, step: str, **more: str) -> None:
    address = f"/kelola/perkara/{case.pk}/"
    desk.open(address)
    case.refresh_from_db()
    proposed = Hold.objects.filter(case=case).last()
    given = {"seen": case.contents_digest, "hold": proposed.pk if proposed else "", "compared": "on", **more}
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
