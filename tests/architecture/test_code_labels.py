"""Every stored code of the project has a label that people can read, in both languages."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from django.db import models
from django.utils.translation import override

import aduan
import portal

# Names of services and roles that Indonesian writes as English does.
SAME_IN_BOTH = frozenset(
    {"SMS", "WhatsApp", "Telegram", "Auditor", "Administrator", "E-mail", "video", "PDF", "Operator"}
)


def enums() -> list[type[models.TextChoices]]:
    """Every TextChoices that a module of the project defines, nested ones too."""
    for package in (aduan, portal):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found, waiting = [], [models.TextChoices]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.partition(".")[0] in ("aduan", "portal"):
                found.append(kind)
    return sorted(found, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")


def labels_of(kind: type[models.TextChoices], language: str) -> dict[str, str]:
    with override(language):
        return {member.value: str(member.label) for member in kind}


@pytest.mark.parametrize("kind", enums(), ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_every_code_has_a_label_and_a_translation(kind: type[models.TextChoices]) -> None:
    english, indonesian = labels_of(kind, "en"), labels_of(kind, "id")
    assert [label for label in english.values() if "_" in label] == []
    # Without a label of its own, Django makes one of the member's name, which no catalogue translates.
    assert {label for code, label in english.items() if indonesian[code] == label} <= SAME_IN_BOTH
