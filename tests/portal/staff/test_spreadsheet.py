"""BI17 with the real thing: exports opened by LibreOffice hold no formula, however it splits the lines.

Needs `soffice` (Debian: libreoffice-calc, without its recommendations).
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest
from django.utils import timezone

from aduan.accounts.roles import Role
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from portal.staff.exports import lines
from tests.bounds import proved
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff

OFFICE = shutil.which("soffice") or ""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(not OFFICE, reason="LibreOffice is not here: apt-get install libreoffice-calc"),
]
BEFORE = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\u00a0",
    "\ufeff",
    "\u200b",
    '"',
    "'",
    "a;",
    'a;"',
    "a;;",
    "a\t",
    "a\n",
    "a,",
)
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://jahat.example\";\"klik\")",
    "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "%0A=1+1", "|=1+1", "=WEBSERVICE(\"http://jahat.example\")",
)  # fmt: skip
COMMA, SEMICOLON = 44, 59
A_FORMULA = re.compile(r'table:formula="([^"]*)"')


def formulas_in(csv: bytes, folder: Path, separator: int) -> list[str]:
    """What LibreOffice takes for a formula, with formulas allowed and everything else as it likes."""
    table = folder / "tabel.csv"
    table.write_bytes(csv)
    subprocess.run(
        [
            OFFICE,
            "--headless",
            f"-env:UserInstallation=file://{folder}/profile",
            f"--infilter=CSV:{separator},34,76,1,,0,false,true,false,false,false,-1,true",
            "--convert-to",
            "fods",
            "--outdir",
            str(folder),
            str(table),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return A_FORMULA.findall((folder / "tabel.fods").read_text(encoding="utf-8"))


def texts() -> list[str]:
    """Every formula behind every beginning, and random soup of the same letters."""
    dice = random.Random(2026)
    letters = "=+-@|%;,\t\r\n\"' 1aA(!)＝＋－＠\u200b\ufeff\u00a0"
    soup = ["".join(dice.choices(letters, k=dice.randint(1, 12))) for _turn in range(2_000)]
    return [*(before + formula for before, formula in product(BEFORE, FORMULAS)), *soup]


@pytest.mark.parametrize("separator", [COMMA, SEMICOLON], ids=["comma", "semicolon"])
def test_the_program_does_make_formulas_of_a_file_that_no_one_cleaned(tmp_path, separator):
    unsafe = f'"a"{chr(separator)}"=1+1"\r\n'.encode()
    assert formulas_in(unsafe, tmp_path, separator) == ["of:=1+1"]


@pytest.mark.parametrize("separator", [COMMA, SEMICOLON], ids=["comma", "semicolon"])
def test_no_cell_of_an_export_becomes_a_formula(tmp_path, separator):
    cells = texts()
    csv = "".join(lines(["satu", "dua"], ([cell, f"x{cell}"] for cell in cells)))
    assert formulas_in(csv.encode(), tmp_path, separator) == []
    proved(len(cells), f"cells opened in LibreOffice, split at {chr(separator)}")


def test_the_downloaded_audit_log_holds_none(client, budi, tmp_path):
    for turn, text in enumerate(texts()[:200]):
        subject = text[:120].replace("\x00", "")
        audit_log.record(AuditAction.CASE_CLAIM, actor=f"user:{turn}", subject=subject, at=timezone.now())
    log_in_staff(client, person("nadia@aduan.example", "Nadia", Role.AUDITOR))
    answer = client.post("/kelola/audit/unduh/")
    csv = b"".join(answer.streaming_content)
    for separator in (COMMA, SEMICOLON):
        assert formulas_in(csv, tmp_path, separator) == []
