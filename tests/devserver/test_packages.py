"""What `make up` needs is installed without what only tests, checks and benchmarks need."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap

PROJECT = Path(__file__).resolve().parents[2]
# The processes of `make up`, the sample and its commands, in a Python that has no package of the desk.
LOAD = """
import importlib, pkgutil, sys
absent = set(sys.argv[1].split(","))
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"{name} is a package of the desk")
sys.meta_path.insert(0, Absent())
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
import devserver, sample
for package in (devserver, sample):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if module.name != "devserver.pytest_plugin":
            importlib.import_module(module.name)
import scripts.desk, portal.tasks.tasks, portal.tasks.workers
"""


def names(lock: str) -> set[str]:
    found = re.findall(
        r"^([a-z0-9][a-z0-9._-]*)==", (PROJECT / lock).read_text(encoding="utf-8"), re.MULTILINE
    )
    return {name.replace("_", "-").lower() for name in found}


def modules_of(distributions: set[str]) -> set[str]:
    owners = importlib.metadata.packages_distributions()
    return {
        module
        for module, owned_by in owners.items()
        if {owner.replace("_", "-").lower() for owner in owned_by} <= distributions
    }


def test_the_portal_and_its_sample_load_without_the_packages_of_the_desk():
    portal = set().union(*map(names, bootstrap.PORTAL_LOCKS))
    absent = modules_of(set().union(*map(names, bootstrap.DESK_LOCKS)) - portal)
    assert {"pytest", "pandas", "mypy"} <= absent
    done = subprocess.run(
        [sys.executable, "-c", LOAD, ",".join(absent)], capture_output=True, text=True, cwd=PROJECT
    )
    assert done.returncode == 0, done.stderr


def test_the_desks_packages_count_as_the_portals(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(bootstrap, "PYTHON", Path(sys.executable))
    kept = {}
    for locks in (bootstrap.PORTAL_LOCKS, bootstrap.DESK_LOCKS):
        bootstrap.STAMP.write_text(bootstrap.stamp(locks), encoding="ascii")
        kept[locks] = [bootstrap.installed(bootstrap.PORTAL_LOCKS), bootstrap.installed(bootstrap.DESK_LOCKS)]
    assert kept == {bootstrap.PORTAL_LOCKS: [True, False], bootstrap.DESK_LOCKS: [True, True]}


def test_no_environment_counts_after_a_lock_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    bootstrap.STAMP.write_text("of yesterday", encoding="ascii")
    assert not bootstrap.installed(bootstrap.PORTAL_LOCKS)


def test_packages_behind_a_link_are_left_to_their_folder(tmp_path, monkeypatch):
    """They were removed, under the portal that ran from there."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other/kept").touch()
    (tmp_path / ".venv").symlink_to(tmp_path / "other")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    with pytest.raises(SystemExit, match="is a link to packages of another folder"):
        bootstrap.make_venv()
    assert (tmp_path / "other/kept").exists()
