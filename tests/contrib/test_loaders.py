"""The recipes of contrib/loaders: the files they write, and that they fail when nothing was loaded."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from aduan.blocklists.manifest import canonical
from tests.contrib.conftest import FIRST, LOADERS, PATH, SECOND, Client

FORMATS = {"62": "6281200000002", "plus": "+6281200000002", "0": "081200000002"}


@pytest.mark.parametrize("format_name", FORMATS)
def test_numbers_are_written_as_the_system_writes_them(client: Client, tmp_path: Path, format_name: str):
    target = tmp_path / "aduan.list"
    for numbers in (FIRST, SECOND):
        client.change(
            "freeswitch.sh", numbers,
            ADUAN_FORMAT=format_name, FREESWITCH_FILE=str(target), FREESWITCH_RELOAD="true",
        )  # fmt: skip
    assert FORMATS[format_name] in target.read_text().split()
    assert len(target.read_text().split()) == 2
    assert client.reported() == [
        ("628990000000", "blocked"),
        ("6281200000001", "unblocked"),
        ("6285100000003", "unblocked"),
    ]


def test_asterisks_file_has_an_extension_for_each_number(client: Client, tmp_path: Path):
    target = tmp_path / "aduan_block.conf"
    client.change("asterisk.sh", FIRST, ASTERISK_FILE=str(target), ASTERISK_RELOAD="true")
    assert target.read_text().splitlines() == [
        "[aduan-block]",
        *(f"exten => {number},1,Hangup(21)" for number in FIRST),
    ]


def test_a_loader_that_fails_reports_nothing(client: Client):
    with pytest.raises(AssertionError):
        client.change("postgresql.sh", FIRST, ADUAN_DATABASE="postgresql:///nothing?host=/nowhere")
    assert not (client.folder / "outcomes.csv").exists()


@pytest.mark.parametrize(
    ("loader", "setting", "name"),
    [
        ("asterisk.sh", "ASTERISK_FILE", "aduan.conf"),
        ("freeswitch.sh", "FREESWITCH_FILE", "aduan.list"),
        ("kamailio.sh", "KAMAILIO_DBTEXT", "."),
    ],
)
def test_a_format_that_there_is_not_loads_nothing(client: Client, loader: str, setting: str, name: str):
    """Seen to fail on 0.3.0: an empty list was loaded, every number freed, and all reported as blocked."""
    (client.folder / "there").mkdir()
    place = client.folder / "there" / name
    (place / "aduan" if name == "." else place).write_text("as before")
    done = client.run(
        loader, FIRST, ADUAN_FORMAT="+62", ASTERISK_RELOAD="true", FREESWITCH_RELOAD="true",
        **{setting: str(place)},
    )  # fmt: skip
    assert done.returncode == 64, done.stderr
    assert [file.read_text() for file in (client.folder / "there").iterdir()] == ["as before"]
    assert not (client.folder / "outcomes.csv").exists()


def test_prometheus_reads_how_the_client_stands(tmp_path: Path):
    """Seen to fail on 0.3.0: of a real manifest no sequence was read, which spoils the file."""
    state, said = tmp_path / "state", {"sequence": 17, "previous": {"sequence": 16}, "kind": "monthly"}
    for place, numbers, sequence in (
        ("current", FIRST, 17),
        ("taken", FIRST, 16),
        ("in-force", FIRST[:2], 17),
    ):
        (state / place).mkdir(parents=True)
        (state / place / "manifest.json").write_bytes(canonical(said | {"sequence": sequence}))
        (state / place / "block.txt").write_text("".join(f"{number}\n" for number in numbers))
    (state / "last-word").touch()
    command = [str(LOADERS / "prometheus-textfile.sh"), str(state), str(tmp_path)]
    subprocess.run(command, check=True, timeout=30, env=os.environ | {"EXIT_STATUS": "5"})
    text = (tmp_path / "aduan.prom").read_text(encoding="ascii")
    lines = [line.removeprefix("aduan_client_") for line in text.splitlines() if line[0] != "#"]
    assert [line for line in lines if "timestamp" not in line] == [
        "exit_status 5",
        "list_sequence 17",
        "taken_sequence 16",
        "list_numbers 2",
    ]
    assert all(line.split()[1].isdigit() for line in lines), text
    if (promtool := shutil.which("promtool", path=PATH)) is not None:
        subprocess.run([promtool, "check", "metrics"], input=text, text=True, check=True, timeout=30)


def test_before_the_first_list_prometheus_reads_a_file_too(tmp_path: Path):
    command = [str(LOADERS / "prometheus-textfile.sh"), str(tmp_path), str(tmp_path)]
    subprocess.run(command, check=True, timeout=30, env={"PATH": PATH})
    assert (tmp_path / "aduan.prom").read_text(encoding="ascii") == ""


def test_the_line_of_cron_gives_client_and_loader_their_settings(tmp_path: Path):
    """Seen to fail on 0.3.0: what the file sets was not exported, so the client had no key."""
    (tmp_path / "environment").write_text("ADUAN_URL=here\nADUAN_OPERATOR=us\nADUAN_KEY=an_key\n")
    program_of_ours = tmp_path / "fetch_block_list.py"
    program_of_ours.write_text('#!/bin/sh\nenv > "$(dirname "$0")/seen"\n')
    program_of_ours.chmod(0o755)
    line = (LOADERS / "aduan.cron").read_text().splitlines()[-1].split(" aduan ", 1)[1]
    line = line.replace("/etc/aduan-nomor", str(tmp_path)).replace("/opt/aduan", str(tmp_path))
    subprocess.run(["/bin/sh", "-c", line], check=True, timeout=30, env={"PATH": PATH})
    assert "ADUAN_KEY=an_key" in (tmp_path / "seen").read_text().splitlines()
