"""What the production image holds: not the development tools, and nothing it needs is missing."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from scripts.check import PRODUCTION

PROJECT = Path(__file__).resolve().parents[2]
LEFT_OUT = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that `COPY . .` brings into the image, as far as Python and Django read them."""
    folder = tmp_path_factory.mktemp("image") / "app"

    def ignored(parent: str, names: Iterable[str]) -> list[str]:
        inside = Path(parent).relative_to(PROJECT)
        return [name for name in names if name.endswith(".mo") or (inside / name).as_posix() in LEFT_OUT]

    shutil.copytree(PROJECT, folder, ignore=ignored, symlinks=True)
    return folder


def run(image: Path, *command: str, said: str = "", **more: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [sys.executable, *command], cwd=image, env=kept | more, input=said, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_development_tools_and_the_sample_are_not_in_it(image: Path) -> None:
    assert [name for name in ("devserver", "sample", "tests", "bench") if (image / name).exists()] == []


def test_its_build_compiles_the_catalogues_by_itself(image: Path) -> None:
    run(image, "deploy/compile_catalogues.py")
    sources = sorted((image / "portal" / "locale").rglob("*.po"))
    assert sources
    assert [path for path in sources if not path.with_suffix(".mo").exists()] == []


def test_it_starts_with_production_settings_and_does_not_install_the_sample(image: Path) -> None:
    said = run(
        image, "manage.py", "shell", "--no-imports", "-c",
        "from django.core.management import get_commands; print(sorted(get_commands()))", **PRODUCTION,
    )  # fmt: skip
    assert "'build_block_lists'" in said
    assert "'seed_sample'" not in said


def test_its_console_reads_numbers_without_servers_or_secrets(image: Path) -> None:
    said = run(image, "manage.py", "parse_numbers", said="0812-3456-7890\n")
    assert '"+6281234567890"' in said


def test_holders_of_keys_need_no_secret_of_the_application(image: Path, tmp_path: Path) -> None:
    """`backup keygen`, `keys create --to` and `keys sign` asked for the serving machine's secrets."""
    assert "AGE-SECRET-KEY-1" in run(image, "manage.py", "backup", "keygen")
    made = ("keys", "create", "--role", "targets", "--number", "1", "--to", str(tmp_path))
    assert "two carriers" in run(image, "manage.py", *made)
    page = tmp_path / "1.targets.json"
    page.write_text('{"signed": {"_type": "targets"}, "signatures": []}')
    done = subprocess.run(
        [sys.executable, "manage.py", "keys", "sign", "--key", str(tmp_path / "targets-1.pem"), str(page)],
        cwd=image, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True,
    )  # fmt: skip
    assert "no page that `keys request` wrote" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_backups_image_has_every_program_that_backup_and_drill_start() -> None:
    """It had PostgreSQL's clients alone, so that no drill could start a server in it."""
    stage = (
        (PROJECT / "Dockerfile").read_text(encoding="utf-8").partition("AS backup")[2].partition("FROM")[0]
    )
    major = re.search(r"image: postgres:(\d+)", (PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
    assert major
    assert f" postgresql-{major[1]} " in stage, (
        "the server's package brings its clients; of the same major version"
    )
    assert "create_main_cluster = false" in stage
    sources = "".join(path.read_text() for path in (PROJECT / "portal/management/backup").glob("*.py"))
    started = set(re.findall(r'(?:program|cluster\.run)\("(\w+)"', sources))
    assert {"pg_basebackup", "pg_receivewal", "pg_ctl"} == started, "each is in that package or its clients"
    lines = [line for line in stage.splitlines() if line and not line.startswith("#")]
    assert lines[-1] == "USER aduan"
