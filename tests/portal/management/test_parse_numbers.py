"""The console tool: one line in, one JSON object out, with or without a database."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

PROJECT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch):
    def run(text: str | bytes, **options) -> list[dict]:
        raw = text.encode() if isinstance(text, str) else text
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        out = io.StringIO()
        call_command("parse_numbers", stdout=out, stderr=io.StringIO(), **options)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    return run


def test_each_line_gets_one_answer(register, run):
    mobile, forged, masked = run("0812-3456-7890\n021 1500888\n0812345xxxx\n")
    assert (mobile["e164"], mobile["kind"], mobile["operator"]) == ("+6281234567890", "mobile", "telkomsel")
    assert (mobile["protected"], mobile["error"], mobile["message"]) == (False, None, None)
    assert (forged["kind"], forged["protected"], forged["operator"]) == ("landline", True, None)
    assert (masked["e164"], masked["kind"], masked["error"]) == (None, None, "masked")
    assert masked["message"].startswith("Sebagian angka disamarkan")


def test_messages_come_in_the_language_that_is_asked_for(register, run):
    (answer,) = run("0812345xxxx\n", language="en")
    assert answer["message"].startswith("Some digits are hidden")


def test_json_lines_may_hold_line_breaks(register, run):
    (answer,) = run(json.dumps({"raw": "081234567890\n085712345678", "more": 1}) + "\n", jsonl=True)
    assert answer["error"] == "several_numbers"
    assert answer["suggestions"] == ["+6281234567890", "+6285712345678"]


@pytest.mark.parametrize("line", ["[]", "{}", '{"raw": 1}', "no json"])
def test_a_line_that_is_no_object_with_raw_is_named(register, run, line):
    with pytest.raises(CommandError, match="line 2"):
        run('{"raw": "0812"}\n' + line + "\n", jsonl=True)


def test_letters_read_as_digits_are_marked_for_a_person(register, run):
    (answer,) = run("08l234567890\n")
    assert (answer["e164"], answer["confirm"]) == ("+6281234567890", True)
    assert "huruf" in answer["message"]


def test_bytes_that_are_no_text_are_refused_one_line_at_a_time(register, run):
    broken, whole = run(b"\xff0812\n081234567890\n")
    assert broken["error"] == "unreadable_character"
    assert whole["e164"] == "+6281234567890"


def test_an_empty_register_is_answered_from_the_shipped_data(run):
    (answer,) = run("0817 1234 5678\n")
    assert answer["operator"] == "xlsmart"


def test_it_works_without_any_database():
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none", "ADUAN_ENV": "test"}
    done = subprocess.run(
        [sys.executable, "manage.py", "parse_numbers"],
        cwd=PROJECT, env=environment, input="0812-12-14017\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert (answer["e164"], answer["protected"], answer["operator"]) == ("+628121214017", True, "telkomsel")
    assert "no database" in done.stderr
