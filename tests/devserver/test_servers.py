"""The embedded servers start, survive what kills them, and say in words what a person has to put right."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from deploy import make_roles
from devserver import binaries, home, keys, postgres, roles, valkey
from devserver.addresses import database_url
from tests.bounds import proved

pytestmark = pytest.mark.faults


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A state folder far down, below folders that only their owner may enter, as pytest makes them."""
    folder = tmp_path.joinpath(*["a-rather-long-name-of-a-folder"] * 4) / ".aduan"
    yield home.prepare(folder)
    home.forget(folder)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    """Made once: initdb and its fsyncs take seconds on a slow disk."""
    folder = tmp_path_factory.mktemp("cluster").joinpath(*["a-rather-long-name-of-a-folder"] * 4) / ".aduan"
    made = postgres.server(home.prepare(folder))
    yield made
    made.destroy()
    home.forget(folder)


@pytest.fixture
def server(cluster: postgres.Server) -> postgres.Server:
    cluster.start()
    return cluster


def ask(server: postgres.Server, sql: str, role: str = "aduan") -> object:
    connection = psycopg2.connect(host=str(server.sockets), user=role, dbname="aduan")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def postmaster(server: postgres.Server) -> int:
    return int((server.data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])


def test_the_socket_fits_however_deep_the_folder(server: postgres.Server) -> None:
    assert len(str(server.home)) > 107
    assert len(f"{server.sockets}/.s.PGSQL.5432") < 107
    assert ask(server, "SELECT 1") == 1


def test_the_server_is_careful_and_closed(server: postgres.Server) -> None:
    assert ask(server, "SHOW fsync") == "on"
    assert ask(server, "SHOW synchronous_commit") == "on"
    assert ask(server, "SHOW data_checksums") == "on"
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SELECT lower('ÉÑ')") == "éñ"
    assert server.sockets.stat().st_mode & 0o077 == 0
    assert server.data.stat().st_mode & 0o077 == 0


def test_a_page_that_was_damaged_on_disk_is_an_error_and_not_another_answer(server: postgres.Server) -> None:
    """FT15: checksums. What to do then is played by tests/operations/test_disaster.py."""
    ask(server, "CREATE TABLE damaged AS SELECT n, repeat('x', 500) AS text FROM generate_series(1, 100) n")
    path = server.data / str(ask(server, "SELECT pg_relation_filepath('damaged')"))
    server.stop()
    with path.open("r+b") as file:
        file.seek(4000)
        file.write(b"eight!!!")
    server.start()
    with pytest.raises(psycopg2.Error, match="invalid page in block 0"):
        ask(server, "SELECT sum(length(text)) FROM damaged")
    ask(server, "DROP TABLE damaged")


def test_the_database_of_an_earlier_release_is_handed_to_the_owner(server: postgres.Server) -> None:
    """There the administrator's role owned all, and the application logged in as that one."""
    ask(
        server,
        "CREATE TABLE earlier (id serial); CREATE FUNCTION old() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    )
    (server.data / "pg_ident.conf").write_text("aduan root aduan\naduan postgres aduan\n", encoding="ascii")
    server.start()
    for owner in (
        "SELECT tableowner FROM pg_tables WHERE tablename = 'earlier'",
        "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'earlier_id_seq'",
        "SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'old'",
        "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'",
    ):
        assert ask(server, owner) == make_roles.OWNER
    assert ask(server, "SELECT current_user", role=make_roles.APP) == make_roles.APP
    assert ask(server, "SELECT current_user", role=make_roles.MIGRATE) == make_roles.OWNER
    ask(server, "DROP TABLE earlier; DROP FUNCTION old()", role=make_roles.MIGRATE)


def test_one_address_of_an_owner_is_enough(server: postgres.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make up` on a server of one's own: the other log-ins follow from it, the same every time."""
    monkeypatch.delenv("ADUAN_MIGRATE_DATABASE_URL", raising=False)
    url = database_url(server.home).replace("aduan@", "aduan:of-the-owner@")
    first, again = (roles.given({"DATABASE_URL": url}) for _ in range(2))
    assert first == again
    for address, role in zip(first.values(), (make_roles.APP, make_roles.OWNER), strict=True):
        assert "of-the-owner" not in address
        connection = make_roles.connect(address)
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == (role,)
        connection.close()
    verifier = ask(server, "SELECT rolpassword FROM pg_authid WHERE rolname = 'aduan_app'")
    assert str(verifier).startswith("SCRAM-SHA-256$")


def test_an_address_that_makes_no_roles_is_said_with_the_way_out(server: postgres.Server) -> None:
    with pytest.raises(home.EmbeddedError, match="ADUAN_MIGRATE_DATABASE_URL"):
        roles.given({"DATABASE_URL": server.url})
    ask(server, f"ALTER ROLE {make_roles.APP} SUPERUSER")
    try:
        with pytest.raises(home.EmbeddedError, match="aduan_app: an ordinary role is wanted"):
            roles.given({"DATABASE_URL": database_url(server.home)})
    finally:
        ask(server, f"ALTER ROLE {make_roles.APP} NOSUPERUSER")
    two = {"DATABASE_URL": server.url, "ADUAN_MIGRATE_DATABASE_URL": server.migrate_url}
    assert roles.given(two) == two


def test_a_killed_server_comes_back_with_what_it_confirmed(server: postgres.Server) -> None:
    ask(server, "CREATE TABLE kept (n int); INSERT INTO kept SELECT generate_series(1, 1000)")
    os.kill(postmaster(server), signal.SIGKILL)
    began = time.monotonic()
    server.start()
    assert ask(server, "SELECT count(*) FROM kept") == 1000
    assert time.monotonic() - began < 30


def test_a_server_that_dies_a_moment_later_is_not_believed_to_run(server: postgres.Server) -> None:
    """`pg_ctl status` was asked once: a killed server that had not gone yet was taken for a running one."""
    ask(server, "CREATE TABLE held (n int); INSERT INTO held VALUES (1)")
    victim = postmaster(server)
    os.kill(victim, signal.SIGSTOP)  # it is there, and answers no one
    later = threading.Timer(1.0, os.kill, (victim, signal.SIGKILL))
    later.start()
    server.start()
    later.join()
    assert postmaster(server) != victim
    assert ask(server, "SELECT count(*) FROM held") == 1


@pytest.mark.slow
def test_a_killed_server_comes_back_fifty_times(server: postgres.Server) -> None:
    """Under load: one of two whole runs failed here."""
    ask(server, "CREATE TABLE turns (n int)")
    burners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(12)]
    try:
        for turn in range(50):
            ask(server, "INSERT INTO turns VALUES (1)")
            os.kill(postmaster(server), signal.SIGKILL)
            server.start()
            assert ask(server, "SELECT count(*) FROM turns") == turn + 1
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()
    proved(50, "kills of an embedded server at a load of 12")


def test_a_pid_file_that_names_another_process_is_set_aside(server: postgres.Server) -> None:
    server.stop()
    other = subprocess.Popen(["sleep", "60"])
    try:
        text = f"{other.pid}\n{server.data}\n{int(time.time())}\n5432\n{server.sockets}\n\n  1  1\nready   \n"
        (server.data / "postmaster.pid").write_text(text, encoding="ascii")
        server.account.own(server.data / "postmaster.pid")
        server.start()
        assert ask(server, "SELECT 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_starting_twice_is_starting_once(server: postgres.Server) -> None:
    first = postmaster(server)
    server.start()
    assert postmaster(server) == first


def test_a_half_made_cluster_is_made_again(place: Path) -> None:
    server = postgres.server(place, throwaway=True)
    (server.data / "base").mkdir(parents=True)
    try:
        server.start()
        assert ask(server, "SELECT 1") == 1
    finally:
        server.destroy()


def test_state_of_another_major_version_is_refused_in_words(server: postgres.Server) -> None:
    server.stop()
    (server.data / "PG_VERSION").write_text("11\n", encoding="ascii")
    with pytest.raises(home.EmbeddedError, match="made by PostgreSQL 11"):
        server.start()
    (server.data / "PG_VERSION").write_text(f"{server.programs.major}\n", encoding="ascii")


def test_no_programs_are_reported_with_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADUAN_PG_BINDIR", "/nowhere/bin")
    with pytest.raises(home.EmbeddedError, match="/nowhere/bin"):
        binaries.postgres(home.server_account())


def test_a_folder_that_cannot_be_written_is_named() -> None:
    with pytest.raises(home.EmbeddedError, match="cannot write in /proc/aduan"):
        home.prepare(Path("/proc/aduan"))


@pytest.fixture
def broker(place: Path) -> Iterator[valkey.Server]:
    started = valkey.server(place)
    started.start()
    yield started
    started.destroy()


def test_a_killed_broker_comes_back_over_its_stale_socket(broker: valkey.Server) -> None:
    pid = int((broker.data / "valkey.pid").read_text(encoding="ascii"))
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while broker.running() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert broker.socket.exists()
    broker.start()
    assert broker.running()


def test_a_broker_whose_folder_was_removed_is_replaced(broker: valkey.Server) -> None:
    shutil.rmtree(broker.data)
    broker.start()
    assert broker.running()
    assert (broker.data / "valkey.pid").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's servers run as another user")
def test_state_outside_belongs_to_the_home_that_made_it(place: Path) -> None:
    account = home.server_account()
    first = home.server_root(place, account)
    (first / "mine").touch()
    assert home.server_root(place, account) == first
    assert (first / "mine").exists()
    shutil.rmtree(place)
    home.prepare(place)
    assert home.server_root(place, account) == first
    assert not (first / "mine").exists()


def test_a_torn_log_does_not_stop_the_broker(broker: valkey.Server) -> None:
    broker.stop()
    for path in (broker.data / "appendonlydir").glob("*.manifest"):
        path.write_text("not a manifest\n", encoding="ascii")
    broker.start()
    assert broker.running()


def test_secrets_are_made_once_and_for_the_owner_only(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in keys.NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    first = keys.environment(place)
    values = {name: Path(first[f"{name}_FILE"]).read_text(encoding="ascii") for name in keys.NAMES}
    assert len(set(values.values())) == len(keys.NAMES)
    assert {oct(Path(first[f"{name}_FILE"]).stat().st_mode)[-3:] for name in keys.NAMES} == {"600"}
    assert keys.environment(place) == first
    assert {name: Path(first[f"{name}_FILE"]).read_text(encoding="ascii") for name in keys.NAMES} == values
