"""The domain uses no browser, no signals and no clock; ruff refuses them (aduan/ruff.toml)."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def complaints_about(text: str, path: str) -> str:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("ruff")), "check", "--no-cache", "--stdin-filename", path, "-"],
        cwd=PROJECT, input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout


BANNED = [
    "from django.http import HttpResponse",
    "from django import forms\n\nclass A(forms.Form): ...",
    "from django.shortcuts import render",
    "from django.contrib import admin\n\nadmin.site",
    "from django.db.models.signals import post_save",
    "from django.dispatch import receiver",
    "from django.utils import timezone\n\nx = timezone.now()",
    "from django.utils.timezone import now",
    "import datetime as dt\n\nx = dt.datetime.now(dt.UTC)",
    "import time\n\nx = time.time()",
    'from django.apps import apps\n\nx = apps.get_model("complaints", "Complaint")',
    "from django.conf import settings\n\nx = settings.DEBUG",
    "from django.conf import settings\n\nx = settings.ADUAN_ENV",
    'import os\n\nx = os.environ.get("SKIP_THE_SECOND_PERSON")',
    'import os\n\nx = os.getenv("SKIP_THE_SECOND_PERSON")',
]
BANNED_EVERYWHERE = [
    "from django.conf import settings\n\nx = settings.DEBUG",
    "from django.db.models.signals import post_save",
]


@pytest.mark.parametrize("text", BANNED)
def test_the_domain_may_not(text: str) -> None:
    assert "TID251" in complaints_about(text + "\n", "aduan/cases/services.py")


@pytest.mark.parametrize("text", BANNED[:4])
def test_an_interface_may(text: str) -> None:
    assert "TID251" not in complaints_about(text + "\n", "portal/public/views.py")


@pytest.mark.parametrize("text", BANNED_EVERYWHERE)
def test_an_interface_may_not(text: str) -> None:
    assert "TID251" in complaints_about(text + "\n", "portal/public/views.py")


def test_too_many_branches_are_refused() -> None:
    branches = "\n".join(f"    if x == {number}:\n        return {number}" for number in range(9))
    assert "C901" in complaints_about(
        f"def f(x: int) -> int:\n{branches}\n    return 0\n", "portal/common/errors.py"
    )
