"""The names others build on, and the container file."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
COMMANDS = ("up", "down", "reset", "test", "test-long", "check", "bench", "help", "lock", "messages")
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
def test_make_help_names_every_command() -> None:
    # The tests may themselves run below make, which would then speak of itself.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", "help"], cwd=PROJECT, env=clean, capture_output=True, text=True, check=True
    )
    assert set(COMMANDS) <= {line.split()[1] for line in done.stdout.splitlines()}


def compose_schema() -> dict[str, object]:
    """The Compose specification's schema (Apache-2.0, October 2021), and the newer `name`."""
    text = (Path(__file__).parent / "data" / "compose-spec-2021.json").read_text(encoding="utf-8")
    schema: dict[str, object] = json.loads(text)
    schema["properties"]["name"] = {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$"}  # type: ignore[index]
    return schema


def test_the_compose_file_follows_the_specification() -> None:
    jsonschema.Draft7Validator(compose_schema()).validate(COMPOSE)


@pytest.mark.parametrize("name", ["docker-compose.yml", "docker-compose.ranker.yml", "deploy/compose.s3.yml"])
def test_compose_can_fill_in_every_dollar(name: str) -> None:
    """`$(find …)` in a health check is refused: "Invalid interpolation format", and nothing starts at all."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    filled = re.sub(r"\$\$|\$\{\w+(:?[-+?][^}]*)?\}", "", text)
    assert [line.strip() for line in filled.splitlines() if "$" in line] == []


def test_a_wrong_compose_file_is_caught() -> None:
    wrong = {**COMPOSE, "services": {**COMPOSE["services"], "web": {"comand": ["web"]}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(compose_schema()).validate(wrong)


def test_every_part_of_the_portal_has_a_health_check_and_what_it_mounts_is_declared() -> None:
    services = COMPOSE["services"]
    assert {"nginx", "web", "worker", "beat", "postgres", "redis"} <= set(services)
    served = {name: part for name, part in services.items() if name not in ("migrate", "roles")}  # those end
    assert [name for name, part in served.items() if "healthcheck" not in part] == []
    named = {
        re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", volume).split(":")[0]  # ${NAME:-what stands for it}
        for part in services.values()
        for volume in part.get("volumes", [])
        if volume[0] not in "./"
    }
    assert named == set(COMPOSE["volumes"])


def test_ci_runs_the_commands_of_a_developer() -> None:
    lines = (PROJECT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("make ")] == [
        "make check",
        "make test-production",
        "make test",
    ]
