"""docker-compose.yml as data: each service's command, environment and health check, with addresses moved.

Names of containers and folders of images become loopback ports and folders of this run; nothing else changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.production.image import PROJECT


@dataclass(frozen=True)
class Service:
    """`health` is a command line; empty for a service without a check."""

    name: str
    command: list[str]
    environment: dict[str, str]
    health: list[str]
    needs: dict[str, str]


class Compose:
    """`moved` maps what stands in the files to where it is here. Longest first."""

    def __init__(self, moved: dict[str, str], env_file: Path) -> None:
        self.moved = dict(sorted(moved.items(), key=lambda pair: -len(pair[0])))
        self.env_file = env_file
        text = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
        self.services: dict[str, Any] = yaml.safe_load(text)["services"]

    def service(self, name: str) -> Service:
        facts = self.services[name]
        environment = read_env(self.env_file) if "env_file" in facts else {}
        environment |= {key: str(value) for key, value in (facts.get("environment") or {}).items()}
        needs = facts.get("depends_on") or {}
        return Service(
            name,
            [self.here(word) for word in facts.get("command") or []],
            {key: self.here(value) for key, value in environment.items()},
            [self.here(word) for word in _as_command((facts.get("healthcheck") or {}).get("test", []))],
            {other: condition["condition"] for other, condition in needs.items()},
        )

    def here(self, text: str) -> str:
        for there, place in self.moved.items():
            text = text.replace(there, place)
        return text


def _as_command(test: list[str]) -> list[str]:
    if test[:1] == ["CMD-SHELL"]:
        return ["/bin/sh", "-c", test[1].replace("$$", "$")]
    return test[1:]


def read_env(path: Path) -> dict[str, str]:
    """NAME=value lines as docker reads them: no quotes, no expansion, # begins a comment line."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _sign, value in pairs}
