"""PostgreSQL and Valkey of docker-compose.yml, made as their images' entry points make them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from devserver import binaries
from tests.production.image import PROJECT

if TYPE_CHECKING:
    from devserver.home import Account
    from tests.production.compose import Service
    from tests.production.layout import Layout


def start_valkey(layout: Layout) -> None:
    folder = layout.make_folder("volumes/broker", 0o700, layout.account.uid, layout.account.gid)
    words = layout.compose.service("redis").command[1:]
    moved = ["--port", str(layout.ports["redis"]), "--bind", "127.0.0.1", "--dir", str(folder)]
    command = [binaries.valkey(layout.account), *words, *moved]
    layout.start("redis", lambda: layout.launch_server(command, "redis"))


def start_postgres(layout: Layout) -> None:
    """A cluster as the image's entry point makes it, and the command line of the file."""
    programs = binaries.postgres(layout.account)
    service = layout.compose.service("postgres")
    data = layout.make_folder("volumes/database", 0o700, layout.account.uid, layout.account.gid)
    password = layout.folder / "pw"
    shutil.copyfile(layout.folder / "secrets/postgres_password", password)
    layout.account.own(password)
    _as(layout.account, [
        programs.program("initdb"), "-D", str(data), "-U", service.environment["POSTGRES_USER"],
        "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={password}", "--no-sync",
        *service.environment["POSTGRES_INITDB_ARGS"].split(),
    ])  # fmt: skip
    password.unlink()
    moved = ["-D", str(data), "-p", str(layout.ports["postgres"]), "-k", str(data)]
    moved += ["-c", "listen_addresses=127.0.0.1"]
    words = [word.replace("=lz4", "=pglz") for word in service.command[1:]]  # the wheels are built without
    command = [programs.program(service.command[0]), *words, *moved]
    layout.start("postgres", lambda: layout.launch_server(command, "postgres"))
    ready = [programs.program("pg_isready"), "-h", "127.0.0.1", "-p", str(layout.ports["postgres"])]
    from tests.production.layout import until

    until(lambda: subprocess.run(ready, capture_output=True).returncode == 0, "PostgreSQL", layout)
    create = [programs.program("createdb"), "-h", str(data), "-p", str(layout.ports["postgres"])]
    name = service.environment["POSTGRES_USER"]
    _as(layout.account, [*create, "-U", name, service.environment["POSTGRES_DB"]])
    _run_init_scripts(layout, programs.bindir, data, service)


def _run_init_scripts(layout: Layout, bindir: Path, data: Path, service: Service) -> None:
    """As the image's entry point does: the mounted scripts in the order of their names, as `postgres`."""
    place = "/docker-entrypoint-initdb.d/"
    volumes = (volume.split(":") for volume in layout.compose.services["postgres"]["volumes"])
    scripts = sorted((target, source) for source, target, *_mode in volumes if target.startswith(place))
    assert scripts
    environment = {"PGDATA": str(data), "PGHOST": str(data), "PGPORT": str(layout.ports["postgres"])}
    environment |= {"PATH": f"{bindir}:/usr/bin:/bin"} | service.environment
    for target, source in scripts:
        moved = layout.folder / Path(target).name
        text = (PROJECT / source).read_text(encoding="utf-8")
        moved.write_text(layout.compose.here(text), encoding="utf-8")
        moved.chmod(0o755)
        _as(layout.account, [str(moved)], environment)
    control = [str(bindir / "pg_ctl"), "-D", str(data), "reload"]  # the image starts the server again
    _as(layout.account, control)


def _as(account: Account, command: list[str], environment: dict[str, str] | None = None) -> None:
    environment = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"} | (environment or {})
    done = subprocess.run(
        command, cwd="/", capture_output=True, text=True, env=environment, **account.popen()
    )
    if done.returncode:
        pytest.fail(f"{command[0]} failed: {done.stderr[-2000:]}")
