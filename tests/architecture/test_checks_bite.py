"""Each check of `make check` that is ours fails on a violation: a rule that never fails says nothing."""

import sys
from pathlib import Path

import pytest

from scripts import check
from scripts.checks import adr, dead_code, homonyms, status, words

THREE = [(f"aduan/{name}.py", "def notify() -> None: ...") for name in ("cases", "core", "numbers")]


def test_a_public_name_in_three_modules_is_a_homonym():
    assert homonyms.homonyms(THREE) == {"notify": ["aduan/cases.py", "aduan/core.py", "aduan/numbers.py"]}


@pytest.mark.parametrize("text", ["Notice = 1", "class Notice: ...", "Notice: int = 1"])
def test_variables_and_classes_can_be_homonyms_too(text: str):
    assert "Notice" in homonyms.homonyms([(f"portal/{number}.py", text) for number in range(3)])


def test_two_modules_private_names_and_imports_are_no_homonyms():
    private = [(path, "def _notify(): ...\nfrom a import notify") for path, _ in THREE]
    assert homonyms.homonyms(THREE[:2]) == homonyms.homonyms(private) == {}


def test_every_allowed_homonym_has_a_reason():
    assert all(len(reason) > 10 for reason in homonyms.ALLOWED.values())


@pytest.mark.parametrize(
    "text",
    [
        "def fate_of(): ...",
        "class DoorRole: ...",
        "x = 1  # the house knows it",
        'def f():\n    """Whoever asks."""',
        "room = 1",
        "# see `shelf.put`",
    ],
)
def test_a_banned_word_in_a_name_comment_or_docstring_is_found(text: str):
    assert list(words.in_python(text + "\n"))


@pytest.mark.parametrize(
    "text", ['text = "the door of a house"', "roommate_ids = 1", "lookup = 1", "# it looks for the row"]
)
def test_strings_longer_words_and_verbs_are_not_banned(text: str):
    assert list(words.in_python(text + "\n")) == []


def test_a_page_is_read_without_its_code():
    assert list(words.in_page("Two\ndoors, `door`\n```\nhouse\n```\n")) == [(2, "doors")]


def test_every_banned_word_says_what_to_write_instead():
    assert words.PARTS
    assert words.PROSE
    assert all(len(reason) > 3 for reason in [*words.PARTS.values(), *words.PROSE.values()])


def test_comments_of_other_files_are_read():
    assert list(words.in_comments("a: 1 # the machinery\nurl: http://house/\n// a look\n")) == [
        (1, "machinery"),
        (3, "a look"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'case.status = "confirmed"',
        'case.status, case.score = "confirmed", 0',
        'setattr(case, "status", "confirmed")',
        'Case.objects.filter(pk=1).update(status="confirmed")',
        'case.save(update_fields=["status"])',
        'Case.objects.bulk_update(cases, ("score", "status"))',
        'SQL = "UPDATE cases_case SET score = 0, status = 1"',
        'SQL = f"UPDATE {table} SET status = 1"',
    ],
)
def test_a_second_writer_of_status_is_found(text: str):
    assert list(status.in_python(text + "\n")) == [1]


@pytest.mark.parametrize(
    "text",
    [
        'if case.status == "open": ...',
        "self.status = 403",
        'Case.objects.filter(status="open").update(score=1)',
        'case.save(update_fields=["score"])',
        "SQL = \"UPDATE cases_case SET score = 0 WHERE status = 'open'\"",
    ],
)
def test_reading_a_status_is_no_writing(text: str):
    assert list(status.in_python(text + "\n")) == []


def test_sql_files_are_read_for_writers_too():
    assert list(status.in_sql("UPDATE cases_case\nSET status = 'dismissed';\n")) == [2]


@pytest.mark.parametrize(
    ("ends", "said"), [("import os; os.kill(os.getpid(), 9)", "SIGKILL"), ("raise SystemExit(3)", "with 3")]
)
def test_a_step_that_fails_without_a_word_says_how_it_ended(ends: str, said: str):
    good, text, _ = check.Step("types", [sys.executable, "-c", ends], {}).run()
    assert not good
    assert said in text


def test_what_nothing_calls_is_dead(tmp_path: Path):
    (tmp_path / "aduan").mkdir()
    (tmp_path / "aduan" / "a.py").write_text(
        "LIMIT = 3\nUSED = 4\n\ndef dead() -> None: ...\n\nclass Live:\n    def gone(self) -> int:\n"
        "        return USED\n\nprint(Live())\n",
        encoding="utf-8",
    )
    found = {name for _, _, _, name in dead_code.unused(tmp_path, ("aduan",))}
    assert found == {"LIMIT", "dead", "gone"}


def test_every_exception_from_dead_code_says_who_calls_it():
    lines = [line for line in dead_code.ALLOWED.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert all(len(line.split("|")[1].strip()) > 5 for line in lines)


GOOD = """# 0099 · A title

- Status: accepted
- Date: 2026-11-27

## Context

a

## Decision

b

## Consequences

c

## What would change our mind

d
"""


def test_a_complete_decision_record_is_accepted():
    assert adr.Record("0099-a-title.md", GOOD).faults() == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("# 0099 · A title", "# A title", "begins with"),
        ("- Date: 2026-11-27", "", "begins with"),
        ("0099", "0098", "its number is 0098"),
        ("accepted", "agreed", "status 'agreed'"),
        ("## Consequences\n", "", "has the parts"),
        ("## Context\n\na\n", "## Context\n", "Context is empty"),
        ("\nd\n", "", "What would change our mind is empty"),
    ],
)
def test_an_incomplete_decision_record_is_refused(old: str, new: str, fault: str):
    assert any(fault in found for found in adr.Record("0099-a-title.md", GOOD.replace(old, new)).faults())


def test_the_index_names_every_decision_record():
    assert adr.faults() == []
    assert adr.INDEX.read_text(encoding="utf-8").count("\n| [") == len(adr.records()) >= 18
