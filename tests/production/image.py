"""The application's image as the Dockerfile makes it, without docker: its files, its packages, its user.

A venv of requirements.txt alone, the tree that .dockerignore leaves, and an account that is not root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scripts import bootstrap

PROJECT = Path(__file__).resolve().parents[2]
OLDEST = (3, 11)


@dataclass(frozen=True)
class User:
    """Whom the application runs as. `drop` is false for an ordinary user, who runs it as themselves."""

    name: str
    uid: int
    gid: int
    drop: bool

    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that change to this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drop else {}


@dataclass(frozen=True)
class Image:
    """`app` and `venv` are /app and /venv of the Dockerfile."""

    app: Path
    venv: Path
    user: User


def ordinary_user() -> User:
    """The account without rights where root runs the tests."""
    drop = os.geteuid() == 0
    entry = pwd.getpwnam("nobody") if drop else pwd.getpwuid(os.geteuid())
    return User(entry.pw_name, entry.pw_uid, entry.pw_gid, drop)


def build(folder: Path) -> Image:
    """Both steps of the Dockerfile, below `folder`, which every user may pass."""
    image = Image(folder / "app", folder / "venv", ordinary_user())
    _install(image)
    copy_tree(image.app)
    _run([str(image.venv / "bin" / "python"), "deploy/compile_catalogues.py"], cwd=image.app)
    for path in [image.app, *image.app.rglob("*")]:
        if not path.is_symlink():  # COPY --chown=root: the application may not change itself
            path.chmod((path.stat().st_mode | (0o555 if path.is_dir() else 0o444)) & ~0o222)
    return image


def copy_tree(target: Path) -> None:
    """What `COPY . .` brings into the image, with the files it does not take from the sources."""
    left_out = (PROJECT / ".dockerignore").read_text(encoding="utf-8").split()

    def ignored(parent: str, names: Iterable[str]) -> list[str]:
        inside = Path(parent).relative_to(PROJECT)
        return [
            name
            for name in names
            if name.endswith(".mo") or name == "__pycache__" or (inside / name).as_posix() in left_out
        ]

    shutil.copytree(PROJECT, target, ignore=ignored, symlinks=True)


def _install(image: Image) -> None:
    """Only what requirements.txt names, hashes checked."""
    python = _python(image.user)
    uv = Path(sys.executable).with_name("uv")
    _run([python, "-m", "venv", "--without-pip", str(image.venv)], cwd=PROJECT)
    target = str(image.venv / "bin" / "python")
    sync = [str(uv), "pip", "sync", "-q", "--python", target, "--require-hashes", "requirements.txt"]
    for extra in ({}, bootstrap.index_of_pip()):
        if uv.exists() and bootstrap.quiet(*sync, env=extra).returncode == 0:
            return
    pip = [sys.executable, "-m", "pip", "--python", target, "install", "-q", "--require-hashes"]
    _run([*pip, "-r", "requirements.txt"], cwd=PROJECT)


def _python(user: User) -> str:
    """An interpreter that the ordinary user may run: the one of this environment may lie below /root."""
    known = [Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}"]
    known += [Path(f"/usr/bin/python3.{minor}") for minor in range(20, OLDEST[1] - 1, -1)]
    for python in known:
        try:
            done = subprocess.run(
                [str(python), "-c", "import ensurepip"], cwd="/", capture_output=True, **user.popen()
            )
        except OSError:
            continue
        if done.returncode in (0, 1):  # Debian's python3 without python3-venv makes one without pip
            return str(python)
    pytest.fail(f"no Python {OLDEST[0]}.{OLDEST[1]} that {user.name} may run: apt-get install python3")


def _run(command: list[str], *, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        pytest.fail(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-3000:]}")
