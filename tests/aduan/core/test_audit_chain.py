"""The audit log shows any edit, deletion, insertion, reordering, and with an exported head a cut tail."""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.hash_chain import heads_in
from tests.database import as_administrator

pytestmark = pytest.mark.django_db
ACTIONS = list(AuditAction)
ROWS = 60


@pytest.fixture
def chain(now: dt.datetime) -> None:
    for number in range(1, ROWS + 1):
        detail: dict[str, Any] = {
            "zulu": number,
            "a": [1, {"b": None, "aa": True}],
            "text": 'quote " slash \\ tab \t line \n bell \x07 é 😀 \u2028',
        }
        audit_log.record(ACTIONS[number % 7], actor="user:1", subject=f"case:{number}", at=now, detail=detail)


@contextmanager
def superuser() -> Iterator[Any]:
    """A person who may do anything to the table, triggers switched off; undone afterwards."""
    with transaction.atomic(), as_administrator() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        transaction.set_rollback(True)


def test_an_untouched_chain_holds(chain: None) -> None:
    verdict = audit_log.verify(heads_in(str(audit_log.head())))
    assert verdict.holds
    assert verdict.entries == ROWS
    assert verdict.head == audit_log.head()


@pytest.mark.parametrize(
    "edit",
    [
        "actor = 'user:2'",
        "action = action || ' '",
        "subject = 'case:1000'",
        "at = at + interval '1 microsecond'",
        "detail = jsonb_set(detail, '{zulu}', '-1')",
        "prev = repeat('0', 64)",
        "hash = repeat('0', 64)",
    ],
)
def test_an_edited_entry_is_named(chain: None, edit: str) -> None:
    for seq in random.Random(1).sample(range(1, ROWS + 1), 12):
        with superuser() as cursor:
            cursor.execute(f"UPDATE core_auditlogentry SET {edit} WHERE seq = %s", [seq])  # noqa: S608
            assert audit_log.verify().flaws[0].seq == seq


def test_a_deleted_entry_is_named(chain: None) -> None:
    known = audit_log.head()
    assert known is not None
    for seq in (1, 2, 17, ROWS - 1, ROWS):
        with superuser() as cursor:
            cursor.execute("DELETE FROM core_auditlogentry WHERE seq = %s", [seq])
            first = audit_log.verify([known]).flaws[0]
            assert (first.seq, first.kind) == (seq, "cut" if seq == ROWS else "missing")


def test_entries_that_changed_places_are_named(chain: None) -> None:
    for one, other in ((1, 2), (3, 40), (58, 60)):
        with superuser() as cursor:
            cursor.execute("UPDATE core_auditlogentry SET seq = -1 WHERE seq = %s", [one])
            cursor.execute("UPDATE core_auditlogentry SET seq = %s WHERE seq = %s", [one, other])
            cursor.execute("UPDATE core_auditlogentry SET seq = %s WHERE seq = -1", [other])
            assert audit_log.verify().flaws[0].seq == one


def test_an_entry_slipped_in_is_named(chain: None) -> None:
    for seq in (1, 20, ROWS):
        with superuser() as cursor:
            cursor.execute("UPDATE core_auditlogentry SET seq = -seq WHERE seq >= %s", [seq])
            cursor.execute("UPDATE core_auditlogentry SET seq = 1 - seq WHERE seq < 0")
            cursor.execute(
                """INSERT INTO core_auditlogentry (seq, at, actor, action, subject, detail, prev, hash)
                   SELECT %s, at, actor, 'forged', subject, detail, prev, hash
                   FROM core_auditlogentry WHERE seq = %s""",
                [seq, seq + 1],
            )
            assert audit_log.verify().flaws[0].seq == seq


def test_only_an_exported_head_shows_a_cut_tail_or_a_rewritten_chain(chain: None) -> None:
    known = audit_log.head()
    assert known is not None
    with superuser() as cursor:
        cursor.execute("DELETE FROM core_auditlogentry WHERE seq > 50")
        assert audit_log.verify().holds
        cut = audit_log.verify([known])
        assert [(flaw.seq, flaw.kind) for flaw in cut.flaws] == [(51, "cut")]
    with superuser() as cursor:
        cursor.execute("DELETE FROM core_auditlogentry WHERE seq = %s", [ROWS])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        audit_log.record(
            AuditAction.CASE_RELEASE,
            actor="user:9",
            subject="case:1",
            at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        )
        assert audit_log.verify().holds
        assert [(flaw.seq, flaw.kind) for flaw in audit_log.verify([known]).flaws] == [(ROWS, "rewritten")]


def test_the_command_exports_a_head_and_later_misses_nothing(chain: None, tmp_path: Path) -> None:
    file = tmp_path / "head"
    said = StringIO()
    call_command("verify_audit", export=str(file), stdout=said)
    assert f"{ROWS} entries" in said.getvalue()
    call_command("verify_audit", head=[str(file)], stdout=said)
    with superuser() as cursor:
        cursor.execute("DELETE FROM core_auditlogentry WHERE seq > 55")
        with pytest.raises(CommandError, match=r"first at entry 56 \(cut\)"):
            call_command("verify_audit", head=[str(file)], stdout=said)


@pytest.mark.parametrize("content", ["", "x", "aduannomor/audit\nten\n" + "0" * 64, "other\n1\n" + "0" * 64])
def test_a_file_that_is_no_head_is_refused(chain: None, tmp_path: Path, content: str) -> None:
    file = tmp_path / "head"
    file.write_text(content)
    with pytest.raises(CommandError):
        call_command("verify_audit", head=[str(file)], stdout=StringIO())


def test_text_from_people_stays_one_entry(now: dt.datetime) -> None:
    """Line breaks and terminal codes in a name cannot look like another entry."""
    audit_log.record(AuditAction.CASE_CLAIM, actor="user:1\r\nuser:2 \x1b[2J", subject="case:1\n", at=now)
    assert audit_log.verify().entries == 1
    assert audit_log.verify().holds


# One tamper each, at the place %(seq)s.
EDITS = [
    f"UPDATE core_auditlogentry SET {change} WHERE seq = %(seq)s"  # noqa: S608 - the four words below
    for change in ("detail = '{}'", "actor = 'user:9'", "at = at + interval '1 second'", "hash = prev")
]
DELETION = "DELETE FROM core_auditlogentry WHERE seq = %(seq)s"
# Between two entries, with everything behind moved up, as an attacker who knows the columns would.
INSERTION = """
    UPDATE core_auditlogentry SET seq = -seq - 1 WHERE seq >= %(seq)s;
    UPDATE core_auditlogentry SET seq = -seq WHERE seq < 0;
    INSERT INTO core_auditlogentry (seq, at, actor, action, subject, detail, prev, hash)
    SELECT %(seq)s, at, 'user:9', action, subject, detail, hash, encode(sha256(hash::bytea), 'hex')
    FROM core_auditlogentry WHERE seq = %(seq)s - 1"""
# Two entries change places, and each takes the links of its new place.
REORDERING = """
    CREATE TEMP TABLE swapped ON COMMIT DROP AS
        SELECT * FROM core_auditlogentry WHERE seq IN (%(seq)s, %(other)s);
    UPDATE core_auditlogentry e SET (at, actor, action, subject, detail) =
        (SELECT s.at, s.actor, s.action, s.subject, s.detail FROM swapped s
         WHERE s.seq = %(seq)s + %(other)s - e.seq) WHERE e.seq IN (%(seq)s, %(other)s)"""


@pytest.mark.parametrize("tampers", [40, pytest.param(1000, marks=pytest.mark.slow)])
def test_each_of_a_thousand_tampers_is_found_where_it_is(chain: None, tampers: int) -> None:
    """AU3: edited, deleted, slipped in, reordered, one at a time; each is the first flaw that is named."""
    choose = random.Random(7)
    for turn in range(tampers):
        statement = (choose.choice(EDITS), DELETION, INSERTION, REORDERING)[turn % 4]
        seq = choose.randint(2, ROWS - 1)
        with superuser() as cursor:
            cursor.execute(statement, {"seq": seq, "other": choose.randint(seq + 1, ROWS)})
            assert audit_log.verify().flaws[0].seq == seq, (turn, statement, seq)
        assert audit_log.verify().holds  # undone
    sys.stdout.write(f"{tampers} tampers, each found where it is\n")
