"""The head of the audit log is found in whatever left the machine, and a cut tail against any of it.

Seen on e14b882: `verify_audit --head` took the file of the export alone; no mail went to auditors, and
neither manifest nor TUF metadata knew the audit log.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists.models import TufMetadata
from aduan.blocklists.outcome_rows import AnswerRow
from aduan.blocklists.services import report_outcomes
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.hash_chain import Head, heads_in
from aduan.monitoring.conditions import Condition, Thresholds
from aduan.monitoring.queries import findings
from aduan.monitoring.services import send_audit_head
from aduan.notifications.models import OutboxMessage
from aduan.notifications.services import OutgoingMessage
from aduan.operators.models import Operator
from portal.tasks import mail
from tests.factories.accounts import person
from tests.factories.blocklists import a_block, published

HASH = "ab" * 32
HEAD = Head(4711, HASH)
FORMS = {
    "export": str(HEAD),
    "mail": f"Simpan pesan ini.\n\naduannomor/audit 4711 {HASH}\n",
    "manifest": json.dumps({"format": "x", "audit_head": {"seq": 4711, "sha256": HASH}}),
    "tuf": json.dumps({"signed": {"targets": {"a": {"custom": {"audit_head": HEAD.as_dict()}}}}}),
    "client": f"2026-11-18T02:00:00Z 4711 {HASH}\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_head_is_found_in_every_form(form: str) -> None:
    assert heads_in(FORMS[form]) == [HEAD]


def test_a_text_without_a_head_is_an_error() -> None:
    for text in ("", "{}", "4711", f"{HASH}", json.dumps({"audit_head": {"seq": "4711"}})):
        with pytest.raises(ValueError, match="no head"):
            heads_in(text)


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS)
def test_a_cut_tail_is_found_against_every_form(form: str, tmp_path: Path, now: dt.datetime) -> None:
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject="case:1", at=now)
    file = tmp_path / form
    file.write_text(FORMS[form])  # an entry that the log does not reach (any more)
    with pytest.raises(CommandError, match="cut"):
        call_command("verify_audit", head=[str(file)])
    head = audit_log.head()
    assert head is not None
    file.write_text(FORMS[form].replace("4711", str(head.seq)).replace(HASH, head.hash))
    call_command("verify_audit", head=[str(file)])


@pytest.mark.django_db
def test_two_heads_that_contradict_each_other_are_found(tmp_path: Path, now: dt.datetime) -> None:
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject="case:1", at=now)
    head = audit_log.head()
    assert head is not None
    assert not audit_log.verify([head, Head(head.seq, HASH)]).holds
    assert not audit_log.verify([Head(head.seq, HASH), head]).holds


@pytest.mark.django_db
def test_auditors_get_it_by_mail_once_a_day(budi: User, now: dt.datetime) -> None:
    ari = person("ari@aduan.example", "Ari Auditor", Role.AUDITOR)
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject="case:1", at=now)
    assert send_audit_head(at=now) == 1
    assert send_audit_head(at=now + dt.timedelta(hours=3)) == 0
    assert send_audit_head(at=now + dt.timedelta(days=1)) == 1
    message = OutboxMessage.objects.order_by("pk")[0]
    assert message.kind == "audit_head"
    head = audit_log.head()
    assert head is not None
    context = {"seq": "1234567", "hash": head.hash, "day": "2026-11-18"}
    letter = OutgoingMessage(
        key="k", kind="audit_head", channel="email", to=ari.email, language="id", context=context,
        unsubscribe_token="",
    )  # fmt: skip
    assert heads_in(str(mail.build_email(letter).body)) == [Head(1234567, head.hash)]


@pytest.mark.django_db
def test_manifest_and_tuf_metadata_carry_it(telkomsel: Operator, now: dt.datetime) -> None:
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1", subject="case:1", at=now)
    head = audit_log.head()
    block_list = published(telkomsel, at=now)
    assert heads_in(block_list.manifest_bytes.decode()) == [head]
    page = TufMetadata.objects.filter(role=telkomsel.code).latest("version")
    assert heads_in(bytes(page.body).decode()) == [head]


@pytest.mark.django_db
def test_a_report_that_echoes_a_head_which_the_log_lacks_is_an_incident(
    telkomsel: Operator, budi: User, citra: User, dewi: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    block_list = published(telkomsel, at=now)

    def differs(head: str) -> bool:
        row = AnswerRow(1, str(block.digits), "blocked", now.isoformat(), "")
        report_outcomes(block_list, [row], list_digest=block_list.digest, by=dewi, at=now, audit_head=head)
        found = {one.condition for one in findings(at=now, limits=Thresholds())}
        return Condition.AUDIT_HEAD_DIFFERS in found

    own = block_list.manifest["audit_head"]
    assert not differs(f"{own['seq']} {own['sha256']}")
    assert not differs("no head at all")
    assert differs(f"{own['seq']} {HASH}")
