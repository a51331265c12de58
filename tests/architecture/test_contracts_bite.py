"""Every import contract catches a deliberate violation: a rule that never fails says nothing."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# contract id -> (a module, the line that breaks the contract)
VIOLATIONS = {
    "domain-imports-no-interface": ("aduan/core/periods.py", "import portal.common.errors"),
    "packages": ("aduan/blocklists/models.py", "import aduan.complaints.models"),
    "interfaces": ("portal/public/__init__.py", "import portal.operators"),
    "inside-parsing": ("aduan/numbers/parsing/vocabulary.py", "import aduan.numbers.parsing.parser"),
    "parsing-has-one-public-module": ("aduan/cases/workflow.py", "import aduan.numbers.parsing.classify"),
    "inside-evidence": (
        "aduan/complaints/evidence/sandbox_worker.py",
        "import aduan.complaints.evidence.storage",
    ),
    "evidence-public-module": ("portal/public/__init__.py", "import aduan.complaints.evidence.sandbox"),
    "settings-only-through-django-conf": ("portal/common/signin.py", "import aduan.settings"),
    "one-place-phonenumbers": ("aduan/complaints/models.py", "import phonenumbers"),
    "one-place-rest-framework": ("portal/public/__init__.py", "import rest_framework.views"),
    "one-place-celery": ("aduan/core/periods.py", "import celery"),
    "one-place-crispy": ("portal/staff/__init__.py", "import crispy_forms.helper"),
    "one-place-pillow": ("portal/public/__init__.py", "import PIL.Image"),
    "one-place-scikit-learn": ("portal/public/__init__.py", "import numpy"),
    "one-place-tesserocr": ("portal/public/__init__.py", "import tesserocr"),
    "one-place-tuf": ("portal/common/errors.py", "import tuf.api.metadata"),
    "one-place-cryptography": ("aduan/core/audit_log.py", "import cryptography.fernet"),
    "one-place-allauth": ("portal/staff/__init__.py", "import allauth.account"),
    "inside-ranker": ("aduan/ranker/queries.py", "import aduan.ranker.services"),
    **{
        f"inside-{name}": (f"aduan/{name}/models.py", f"import aduan.{name}.services")
        for name in (
            "core",
            "accounts",
            "operators",
            "numbers",
            "recycling",
            "cases",
            "complaints",
            "teamwork",
            "appeals",
            "blocklists",
            "notifications",
            "monitoring",
            "referrals",
            "statistics",
        )
    },
}
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("aduan", "portal", "devserver", "sample"):
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def verdicts(project: Path) -> tuple[dict[str, str], str]:
    """What lint-imports says of each contract, by name, and all it said."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=project, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "400"},
    )  # fmt: skip
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)", done.stdout, re.MULTILINE)), done.stdout + done.stderr


def test_every_contract_has_its_violation() -> None:
    assert set(VIOLATIONS) == set(CONTRACTS)


def test_each_violation_is_caught(copy: Path) -> None:
    for module, line in VIOLATIONS.values():
        with (copy / module).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
        imported = copy / (line.removeprefix("import ").replace(".", "/") + ".py")
        if line.endswith(".services") and not imported.exists() and not imported.with_suffix("").exists():
            imported.write_text("", encoding="utf-8")
    found, said = verdicts(copy)
    kept = [name for name in CONTRACTS.values() if found.get(name) != "BROKEN"]
    assert kept == [], said


@pytest.mark.parametrize(
    "stray",
    [
        "aduan/cases/utils.py",
        "aduan/complaints/views.py",
        "aduan/helpers/__init__.py",
        "portal/kiosk/__init__.py",
    ],
)
def test_a_file_without_a_place_is_caught(copy: Path, stray: str) -> None:
    (copy / stray).parent.mkdir(exist_ok=True)
    (copy / stray).write_text("", encoding="utf-8")
    found, said = verdicts(copy)
    assert "BROKEN" in found.values(), said
    assert stray.removesuffix(".py").removesuffix("/__init__").replace("/", ".") in said
