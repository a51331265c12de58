"""The commands of docs/platforms.md, run as they stand there against a live server."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.core import mail as sent
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.queries import list_key_pem
from aduan.cases.models import Case
from aduan.complaints.models import Complaint
from aduan.core.jobs import now as database_now
from aduan.notifications.services import send_due
from aduan.operators.models import Operator
from aduan.referrals.codes import PlatformAnswer
from aduan.referrals.models import AgencyReport, ReferralAnswer
from aduan.referrals.services import open_platform_sandbox
from portal.tasks import mail
from tests.factories import referrals as make
from tests.factories.operators import person_of
from tests.portal.api.conftest import key_of, machine
from tests.portal.operators.conftest import at_desk

pytestmark = pytest.mark.journey
GUIDE = (Path(__file__).parents[2] / "docs" / "platforms.md").read_text(encoding="utf-8")
CHECK, WAITING, ANSWER, BANNED = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def telegram(telkomsel: Operator) -> Operator:
    return make.platform("telegram", "Telegram")


def _run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"
    return subprocess.run(
        ["/bin/sh", "-c", f"set -eu\n{command}"], cwd=folder, env={"PATH": path, **environment},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_an_engineer_of_a_platform_follows_the_guide(
    live_server, tmp_path: Path, telegram: Operator, budi: User, citra: User
) -> None:
    at = timezone.now() - dt.timedelta(hours=2)
    asked = make.referred("t.me/admin_undian", channel="telegram", at=at, by=budi, second=citra)
    known = {
        "ADUAN_URL": f"{live_server.url}/api/v1",
        "ADUAN_KEY": key_of(person_of(telegram, "tono@telegram.example", "Tono")),
    }
    waiting = _run(WAITING, tmp_path, **known)
    assert waiting.stdout.split() == [str(asked.uid), asked.reference, asked.account, asked.category]
    without = _run(ANSWER, tmp_path, **known)
    assert without.returncode != 0, "pasted as it stands it answers nothing"
    assert not ReferralAnswer.objects.exists()
    said = {
        "ADUAN_REFERRAL": str(asked.uid),
        "ADUAN_ANSWER": "no_violation",
        "ADUAN_NOTE": 'a "quoted" reason',
    }
    answered = _run(ANSWER, tmp_path, **known, **said)
    assert (answered.returncode, json.loads(answered.stdout)["answer"]) == (0, "no_violation"), (
        answered.stderr
    )
    assert ReferralAnswer.objects.get().note == 'a "quoted" reason'
    banned = {"numbers": [{"number": "0812-3456-7801", "category": "HADIAH", "banned_on": "2026-11-01"}]}
    (tmp_path / "banned.json").write_text(json.dumps(banned))
    reported = _run(BANNED, tmp_path, **known)
    assert json.loads(reported.stdout)["taken"] == 1
    assert Complaint.objects.filter(number_raw="0812-3456-7801").exists()


@pytest.mark.django_db(transaction=True)
def test_in_the_sandbox_everything_answers_and_nothing_is_kept(
    live_server, tmp_path: Path, telkomsel: Operator, lina: User
) -> None:
    sandbox = open_platform_sandbox(by=lina, at=timezone.now())
    sinta = person_of(sandbox, "sinta@sandbox.example", "Sinta")
    known = {"ADUAN_URL": f"{live_server.url}/api/v1", "ADUAN_KEY": key_of(sinta)}
    uid, reference, account, _category = _run(WAITING, tmp_path, **known).stdout.split()
    assert (reference, account) == ("R-00000000", "telegram:@contoh_undian")
    said = {"ADUAN_REFERRAL": uid, "ADUAN_ANSWER": "no_violation"}
    unexplained = _run(ANSWER, tmp_path, **known, **said)
    assert (unexplained.returncode, json.loads(unexplained.stdout)["code"]) == (22, "note_missing")
    answered = json.loads(_run(ANSWER, tmp_path, **known, **said, ADUAN_NOTE="why").stdout)
    assert (answered["id"], answered["answer"], answered["note"]) == (uid, "no_violation", "why")
    rows = [{"number": "0812-3456-7801", "category": "HADIAH"}, {"number": "x", "category": "HADIAH"}]
    (tmp_path / "banned.json").write_text(json.dumps({"numbers": rows}))
    for _turn in range(2):
        reported = json.loads(_run(BANNED, tmp_path, **known).stdout)
        assert (reported["reference"], reported["taken"], len(reported["refused"])) == ("A-00000000", 1, 1)
    assert reference in _run(WAITING, tmp_path, **known).stdout, "it waits for the next try"
    assert not any(table.objects.exists() for table in (ReferralAnswer, Complaint, AgencyReport, Case))
    desk = at_desk(sinta)
    page = desk.get("/operator/rujukan/")
    assert reference in page.content.decode()
    address = f"/operator/rujukan/{uid}/"
    shown = desk.post(address, {"answer": "suspended", "note": ""}, follow=True).content.decode()
    assert "Sandbox: what you sent was checked, and forgotten." in shown
    assert "The people who complained" not in shown
    assert desk.get("/operator/").status_code == desk.get("/operator/jaga/").status_code == 200
    file = f"referral,answer,note\n{uid},suspended,\n".encode()
    sent = desk.post("/operator/rujukan/unggah/", {"file": SimpleUploadedFile("a.csv", file)}, follow=True)
    assert "checked, and forgotten" in sent.content.decode()
    assert not ReferralAnswer.objects.exists()


@pytest.mark.django_db
def test_the_signature_in_the_mail_is_checked_as_the_guide_says(
    tmp_path: Path, telegram: Operator, budi: User, citra: User
) -> None:
    """Seen to fail on 0.3.0: of several files only the last decided, and none was named."""
    for number in (1, 2):
        make.referred(
            f"t.me/admin_undian{number}", channel="telegram", at=timezone.now(), by=budi, second=citra
        )
    send_due(mail.deliver, at=database_now())
    for out in sent.outbox:
        message = message_from_bytes(out.message().as_bytes(), policy=policy.default)
        for part in message.iter_attachments() if out.to == ["abuse@platform.example"] else ():
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            (tmp_path / Path(str(part.get_filename())).name).write_bytes(data)
    (tmp_path / "lists.pem").write_bytes(list_key_pem())
    first, second = sorted(tmp_path.glob("R-*.json"))
    good = _run(CHECK, tmp_path)
    fits = "Signature Verified Successfully"
    assert (good.returncode, good.stdout.split("\n")) == (0, [first.name, fits, second.name, fits, ""])
    first.write_bytes(first.read_bytes().replace(b"admin_undian1", b"orang_lain001"))
    bad = _run(CHECK, tmp_path)
    assert bad.returncode != 0
    assert bad.stdout.split("\n")[:2] == [first.name, "Signature Verification Failure"]


@pytest.mark.django_db
def test_what_is_as_before_costs_a_304(telegram: Operator, budi: User, citra: User) -> None:
    theirs = machine(key_of(person_of(telegram, "tono@telegram.example", "Tono")))
    first = theirs.get("/api/v1/referrals?answered=false")
    assert (
        theirs.get("/api/v1/referrals?answered=false", headers={"if-none-match": first["ETag"]}).status_code
        == 304
    )
    make.referred("t.me/admin_undian", channel="telegram", at=timezone.now(), by=budi, second=citra)
    assert (
        theirs.get("/api/v1/referrals?answered=false", headers={"if-none-match": first["ETag"]}).status_code
        == 200
    )


def test_the_guide_names_every_answer_and_no_other() -> None:
    table = re.findall(r"^\| `([a-z_]+)` \|", GUIDE, re.MULTILINE)
    assert table == list(PlatformAnswer.values)
