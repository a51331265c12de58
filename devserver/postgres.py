"""An embedded PostgreSQL: made, started, repaired and stopped by its own programs. Socket only."""

import fcntl
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy import make_roles
from devserver import binaries
from devserver.addresses import ROLE, database_url
from devserver.home import Account, EmbeddedError, server_account, server_root, socket_dir
from devserver.processes import alive
from devserver.roles import TESTS, make_role_of_tests
from devserver.waiting import run_patiently, wait_until

A_DAY = "86400"  # seconds: pg_ctl waits as long as the server lives and sees when it dies
# What makes a throw-away server fast and would lose data in a real one.
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class Server:
    """One PostgreSQL below `home`. `throwaway` trades safety for speed and belongs to tests only."""

    home: Path
    account: Account
    programs: binaries.Postgres
    data: Path
    sockets: Path
    throwaway: bool

    @property
    def url(self) -> str:
        """The application's address."""
        return database_url(self.home, make_roles.APP)

    @property
    def migrate_url(self) -> str:
        """The address of the role that makes and changes tables."""
        return database_url(self.home, make_roles.MIGRATE)

    def start(self) -> None:
        """Make the cluster if there is none, then start it. Safe to call twice, and from two processes."""
        with self._lock():
            if not (self.data / "PG_VERSION").exists():
                self._create()
            self._same_major()
            self._let_in()
            while not self._serves():
                self._start_with_patience()
            self._make_database()

    def stop(self) -> None:
        with self._lock():
            if self.running():
                self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", A_DAY)

    def destroy(self) -> None:
        """Stop at once and forget everything."""
        if (self.data / "PG_VERSION").exists():
            self._run(
                "pg_ctl", "stop", "-D", str(self.data), "-m", "immediate", "-w", "-t", "30", check=False
            )
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def running(self) -> bool:
        done = self._run("pg_ctl", "status", "-D", str(self.data), check=False)
        return done.returncode == 0 and not self._is_zombie()

    def _serves(self) -> bool:
        """Whether it takes connections, waited for while its process lives.

        A server that was just killed counts as running for a moment: only a connection proves that it is.
        """
        return self.running() and wait_until(
            self._takes_connections, alive=self.running, what="PostgreSQL to take connections"
        )

    def _takes_connections(self) -> bool:
        import psycopg2

        try:
            psycopg2.connect(host=str(self.sockets), user=ROLE, dbname="postgres", connect_timeout=10).close()
        except psycopg2.OperationalError as error:
            said = str(error)
            # A refusal in the server's own words proves that it serves; what it refuses is reported later.
            return "FATAL:" in said and not any(
                word in said for word in ("starting up", "shutting", "recover")
            )
        return True

    def alive(self) -> bool:
        """Whether its process lives: cheap enough to ask every second."""
        return alive(self.data / "postmaster.pid")

    def _create(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # a half-made cluster of an interrupted run
        self.data.mkdir(mode=0o700, parents=True)
        self.account.own(self.data)
        builtin = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self.programs.major >= 17 else []
        )
        self._run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            ROLE,
            "-A",
            "peer",
            "-E",
            "UTF8",
            "--data-checksums",
            *builtin,
            f"--locale={self._libc_locale()}",
            *(["--no-sync"] if self.throwaway else []),
        )
        (self.data / "pg_hba.conf").write_text("local all,replication all peer map=aduan\n", encoding="ascii")
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("".join(f"{name} = '{value}'\n" for name, value in self._configuration().items()))

    def _let_in(self) -> None:
        """Which account may log in as which role. A server that runs reads it again."""
        accounts = sorted({pwd.getpwuid(os.geteuid()).pw_name, self.account.name})
        roles = [ROLE, make_roles.MIGRATE, make_roles.APP, make_roles.READONLY]
        roles += [TESTS] if self.throwaway else []
        text = "".join(f"aduan {account} {role}\n" for account in accounts for role in roles)
        file = self.data / "pg_ident.conf"
        if file.exists() and file.read_text(encoding="utf-8") == text:
            return
        file.write_text(text, encoding="utf-8")
        if self.running():
            self._run("pg_ctl", "reload", "-D", str(self.data))

    def _configuration(self) -> dict[str, str]:
        always = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700" if not self.account.drop else "0777",  # the folder is 0700
            "max_connections": "200" if self.throwaway else "100",
            "timezone": "Asia/Jakarta",
            "log_timezone": "Asia/Jakarta",
            "shared_buffers": "512MB"
            if self.throwaway
            else "128MB",  # benchmarks fill it, tests touch little
            # As in docker-compose.yml: plans here are the plans there.
            "random_page_cost": "1.1",
            "jit": "off",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
        }
        return always | (CARELESS if self.throwaway else {})

    def _libc_locale(self) -> str:
        known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
        return next((name for name in known if name.lower().replace("-", "") == "c.utf8"), "C")

    def _same_major(self) -> None:
        made = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if made != str(self.programs.major):
            raise EmbeddedError(
                f"the state in {self.data} was made by PostgreSQL {made}, but {self.programs.origin} has "
                f"{self.programs.major}. Use the old programs (ADUAN_PG_BINDIR) or forget: make reset"
            )

    def _start_with_patience(self) -> None:
        """A killed predecessor may not be reaped yet: its zombie holds the pid file. Try until it lets go."""
        said = ""
        for attempt in range(12):
            if self._is_zombie():
                (self.data / "postmaster.pid").unlink(missing_ok=True)
            log = str(self.data / "server.log")
            options = ["-D", str(self.data), "-w", "-t", A_DAY, "-l", log, "-o", f"-k {self.sockets}"]
            done = self._run("pg_ctl", "start", *options, check=False)
            if done.returncode == 0:
                return
            said = done.stdout + done.stderr
            time.sleep(min(0.5 * 2**attempt, 4))
        file = self.data / "server.log"
        tail = file.read_text(encoding="utf-8", errors="replace")[-1500:] if file.exists() else ""
        raise EmbeddedError(f"PostgreSQL does not start.\n{said}\n{tail}")

    def _is_zombie(self) -> bool:
        """Whether postmaster.pid names a process that is dead but not reaped, or is not PostgreSQL at all."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        except (OSError, ValueError):
            return False
        name, _, rest = state.partition("(")[2].rpartition(")")
        return rest.split()[0] == "Z" or not name.startswith("postgres")

    def _make_database(self) -> None:
        """The database and its roles; those of an earlier release are handed to the owner."""
        with self._administrator("postgres") as connection, connection.cursor() as cursor:
            connection.autocommit = True
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (ROLE,))
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {ROLE}")
        with self._administrator(ROLE) as connection:
            make_roles.ensure(connection, {})
            if self.throwaway:
                make_role_of_tests(connection)

    @contextmanager
    def _administrator(self, database: str) -> Iterator[Any]:
        import psycopg2  # only now: the wheels' programs come first, and Debian has psql where they do not

        connection = psycopg2.connect(host=str(self.sockets), user=ROLE, dbname=database, connect_timeout=10)
        try:
            yield connection
        finally:
            connection.close()

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        done = run_patiently(
            [self.programs.program(program), *arguments],
            environment=clean | {"LC_ALL": "C"},
            account=self.account.popen(),
            what=f"PostgreSQL's {program}",
        )
        if check and done.returncode:
            raise EmbeddedError(f"{program} failed: {(done.stderr or done.stdout).strip()}")
        return done

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.home / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def server(home: Path, *, throwaway: bool = False) -> Server:
    """The server whose state is in `home` (which must exist); nothing is started yet."""
    account = server_account()
    programs = binaries.postgres(account)
    root = server_root(home, account)
    return Server(home, account, programs, root / "postgres", socket_dir(home, account), throwaway)
