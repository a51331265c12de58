"""The whole mission over real HTTP.

Sari complains, two people decide, the worker builds the list on the real broker, Dewi fetches and verifies
it with stock openssl and answers, and Sari's page says so.
"""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import AccountPolicy, User
from aduan.accounts.roles import Role
from aduan.blocklists.models import BlockList
from aduan.cases.models import CannedReason, Case
from aduan.complaints.models import Complaint, Evidence
from aduan.operators.models import Operator
from portal.tasks import tasks
from tests.database import as_administrator
from tests.factories.accounts import person
from tests.factories.files import jpeg
from tests.factories.operators import person_of
from tests.journeys.browser_client import BrowserClient, hidden
from tests.worker import Worker

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NUMBER = "0812-7000-4321"
DIGITS = "6281270004321"


@pytest.fixture
def people() -> dict[str, User]:
    call_command("load_reference", verbosity=0)
    with as_administrator():
        AccountPolicy.objects.create(waiting_hours=0, password_steps_up=True)  # as in the sample
    return {
        "budi": person("budi@aduan.example", "Budi Santoso", Role.REVIEWER),
        "citra": person("citra@aduan.example", "Citra Lestari", Role.REVIEWER),
        "dewi": person_of(Operator.objects.get(code="telkomsel"), "dewi@telkomsel.example", "Dewi Anggraini"),
        "eko": person_of(Operator.objects.get(code="indosat"), "eko@indosat.example", "Eko Prasetyo"),
    }


def test_a_complaint_becomes_a_line_in_one_operators_list(
    live_server: LiveServer, celery_worker: Worker, people: dict[str, User], tmp_path: Path
) -> None:
    sari = BrowserClient(live_server.url)
    tracking = _complain(sari)
    assert "0812" not in tracking

    tasks.process_evidence.delay()
    celery_worker.until(lambda: Evidence.objects.filter(state="clean").exists(), "the screenshot is clean")

    case = Case.objects.get()
    budi, citra = BrowserClient(live_server.url), BrowserClient(live_server.url)
    budi.log_in(people["budi"])
    citra.log_in(people["citra"])
    _propose(budi, case)
    own = _sign(budi, case, status=403)
    assert "sudah menandatangani" in own
    _sign(citra, case)
    case.refresh_from_db()
    assert case.status == "confirmed"

    tasks.build_missing_lists.delay()
    celery_worker.until(
        lambda: BlockList.objects.filter(operator__code="telkomsel", state="published").exists(),
        "Telkomsel's list is published",
    )
    block_list = BlockList.objects.get(operator__code="telkomsel")

    dewi, eko = BrowserClient(live_server.url), BrowserClient(live_server.url)
    dewi.log_in(people["dewi"])
    eko.log_in(people["eko"])
    folder = _list_address(dewi)
    content = dewi.fetch(f"{folder}berkas/block.txt")
    assert content == f"{DIGITS}\n".encode()
    _verify_with_openssl(dewi, folder, content, tmp_path)
    foreign, nowhere = eko.fetch(folder, status=404), eko.fetch("/operator/daftar/tidak-ada/", status=404)
    assert foreign.replace(folder.encode(), b"") == nowhere.replace(b"/operator/daftar/tidak-ada/", b"")
    eko.fetch(f"{folder}berkas/block.txt", status=404)

    _answer(dewi, folder, block_list)
    tasks.resume_lists.delay()
    celery_worker.until(
        lambda: "Nomor sudah diblokir" in sari.open(tracking),
        "the citizen's page tells what the operator did",
    )


def _complain(sari: BrowserClient) -> str:
    page = sari.open("/lapor/")
    sari.send(
        "/lapor/",
        {
            "key": hidden(page, "key"),
            "channel": "sms",
            "category": "HADIAH",
            "number": NUMBER,
            "narrative": "Pesan itu bilang saya menang undian dan harus mentransfer pajak hadiah dahulu.",
            "action": "send",
        },
        files={"evidence": ("layar.jpg", jpeg(), "image/jpeg")},
    )
    assert Complaint.objects.count() == 1
    return sari.address.removesuffix("tanda-terima/")


def _propose(reviewer: BrowserClient, case: Case) -> None:
    address = f"/kelola/perkara/{case.pk}/"
    reviewer.send(
        f"{address}langkah/propose/",
        {
            "act": "block",
            "seen": hidden(reviewer.open(address), "seen"),
            "reason_code": CannedReason.objects.get(action="propose", category="HADIAH").code,
            "evidence": [Evidence.objects.get().pk],
        },
        page=address,
    )


def _sign(reviewer: BrowserClient, case: Case, *, status: int = 200) -> str:
    address = f"/kelola/perkara/{case.pk}/"
    case.refresh_from_db()
    return reviewer.send(
        f"{address}tanda-tangan/",
        {"agrees": "yes", "compared": "on", "seen": case.contents_digest},
        page=address,
        status=status,
    )


def _list_address(dewi: BrowserClient) -> str:
    home = dewi.open("/operator/")
    return home.split('href="/operator/daftar/')[1].split('"')[0].join(["/operator/daftar/", ""])


def _verify_with_openssl(dewi: BrowserClient, folder: str, content: bytes, tmp_path: Path) -> None:
    key, text, signature = (tmp_path / name for name in ("lists.pem", "block.txt", "block.txt.sig"))
    key.write_bytes(dewi.fetch("/operator/kunci-tanda-tangan.pem"))
    text.write_bytes(content)
    signature.write_bytes(dewi.fetch(f"{folder}berkas/block.txt.sig"))
    verify = f"openssl pkeyutl -verify -pubin -inkey {key} -rawin -in {text} -sigfile {signature}".split()
    assert subprocess.run(verify, capture_output=True, check=False).returncode == 0
    text.write_bytes(content.replace(b"1", b"2", 1))
    assert subprocess.run(verify, capture_output=True, check=False).returncode != 0


def _answer(dewi: BrowserClient, folder: str, block_list: BlockList) -> None:
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["number", "answer", "acted_at", "reason"])
    rows.writerow([DIGITS, "blocked", timezone.now().isoformat(timespec="seconds"), ""])
    dewi.send(
        f"{folder}hasil/",
        {"digest": block_list.digest},
        files={"file": ("hasil.csv", table.getvalue().encode(), "text/csv")},
    )
