"""The scripts that docs/operations/install.md names, as on a machine without containers."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def test_every_account_can_pass_to_the_secrets(tmp_path: Path) -> None:
    """A new /etc/aduan was closed to all but root, so that no role could be made."""
    folder, me = tmp_path / "etc" / "aduan" / "secrets", getpass.getuser()
    command = ["deploy/make-secrets", "--folder", str(folder), "--owner", me, "--database-owner", me]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    assert [oct(one.stat().st_mode)[-3:] for one in (folder.parent.parent, folder.parent, folder)] == [
        "755",
        "755",
        "711",
    ]


def test_a_command_runs_with_the_settings_of_the_parts(tmp_path: Path) -> None:
    """There was no way to run `manage.py` but with containers."""
    settings = tmp_path / "env"
    settings.write_text("# a comment\nADUAN_DEFAULT_FROM_EMAIL=Aduan <a@aduan.example>\nPGPASSFILE=/first\n")
    environment = {
        "PATH": os.environ["PATH"],
        "ADUAN_ENV_FILE": str(settings),
        "ADUAN_ACCOUNT": getpass.getuser(),
    }
    done = subprocess.run(
        [str(PROJECT / "deploy/run"), "PATH=/usr/bin:/bin", "PGPASSFILE=/other", "env"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = done.stdout.splitlines()
    assert "ADUAN_DEFAULT_FROM_EMAIL=Aduan <a@aduan.example>" in said
    assert "PGPASSFILE=/other" in said
    assert "ADUAN_PUBLIC_KEYS_DIR=/var/lib/aduan/public-keys" in said, "from the unit"


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", " \n"])
def test_a_command_has_each_line_of_the_settings_as_the_parts_have_it(tmp_path: Path, ending: str) -> None:
    """Without its end the last one was dropped without a word; with blanks or Windows' end it had them."""
    settings = tmp_path / "env"
    settings.write_text(
        f"  PGPASSFILE=/first\nADUAN_SMS_URL=https://sms.example/?a=b c{ending}", encoding="utf-8"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "ADUAN_ENV_FILE": str(settings),
        "ADUAN_ACCOUNT": getpass.getuser(),
    }
    done = subprocess.run(
        [str(PROJECT / "deploy/run"), "env"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = done.stdout.split("\n")
    assert {"PGPASSFILE=/first", "ADUAN_SMS_URL=https://sms.example/?a=b c"} <= {*lines}


def test_the_backups_role_names_the_password_that_it_lacks(tmp_path: Path) -> None:
    """It read the image's folder only, and made a role whose password no file had."""
    environment = {"PATH": os.environ["PATH"], "ADUAN_BACKUP_PASSWORD_FILE": str(tmp_path / "none")}
    done = subprocess.run(
        ["sh", "deploy/postgres/20-backup.sh"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert f"cannot read {tmp_path}/none" in done.stderr


PARTS = re.findall(r"aduan@([a-z-]+)", (PROJECT / "docs/operations/install.md").read_text(encoding="utf-8"))


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd (apt-get install systemd)")
@pytest.mark.parametrize("part", sorted(set(PARTS)))
def test_systemd_takes_the_unit_of_every_part_that_the_page_starts(tmp_path: Path, part: str) -> None:
    shutil.copytree(PROJECT / "deploy/systemd", tmp_path / "units")
    unit = tmp_path / "units/aduan@.service"
    there = "/opt/aduan/app/deploy/entrypoint.sh"
    unit.write_text(unit.read_text(encoding="utf-8").replace(there, "/bin/true"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / f"units/aduan@{part}.service")],
        env={"PATH": os.environ["PATH"], "SYSTEMD_UNIT_PATH": f"{tmp_path}/units:"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout + done.stderr == ""
    cases = (PROJECT / "deploy/entrypoint.sh").read_text(encoding="utf-8")
    assert re.search(rf"^  {part}\)", cases, re.MULTILINE), "the entry point knows it"


@pytest.mark.parametrize("line", ["install -d /var/log/aduan", "rm /etc/nginx/sites-enabled/default"])
def test_the_page_says_what_nginx_of_debian_needs(line: str) -> None:
    """Its own default site beside ours is refused, and so is a log in a folder that is not there."""
    page = (PROJECT / "docs/operations/install.md").read_text(encoding="utf-8")
    assert f"\n{line}\n" in page
    conf = (PROJECT / "deploy/nginx/aduan.conf").read_text(encoding="utf-8")
    assert "default_server" in conf
    assert "access_log /var/log/aduan/" in conf
