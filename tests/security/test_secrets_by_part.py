"""Which secrets each part of the production layout has is written down here, and no part has another.

Private keys of lists are the gravest: with them a list can be signed. On d0bffad4 `beat` and `monitor` had
all keys of the application because its settings asked for them, and the worker decoded files beside them.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from aduan import environment
from scripts.check import PRODUCTION

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
APP = {"secret_key", "vault_keys", "blind_index_key", "valkey_secret"}
HAS: dict[str, set[str]] = {
    "nginx": set(),
    "slow-clients": set(),
    "roles": {"admin_pgpass", "app_password", "migrate_password", "readonly_password"},
    "migrate": APP | {"migrate_pgpass"},
    "web": APP | {"app_pgpass"},
    "worker": APP | {"app_pgpass"},
    "examiner": set(),
    "lists": {"secret_key", "vault_keys", "valkey_secret", "app_pgpass"},
    "beat": {"valkey_secret"},
    "monitor": {"vault_keys", "valkey_secret", "app_pgpass"},
    "backup": APP | {"backup_pgpass"},
    "postgres": {"postgres_password", "backup_password"},
    "redis": {"valkey_conf"},
}
SIGNS = {"lists", "backup"}  # the backup keeps the private keys, encrypted to a key that is elsewhere
OUTSIDE = {"nginx", "worker", "monitor"}


def _mounts(service: str) -> list[str]:
    return [str(volume) for volume in SERVICES[service].get("volumes", ())]


def _environment(service: str) -> dict[str, str]:
    return {name: str(value) for name, value in (SERVICES[service].get("environment") or {}).items()}


def test_every_part_is_in_the_table() -> None:
    assert SERVICES.keys() == HAS.keys()


@pytest.mark.parametrize("service", sorted(HAS))
def test_a_part_has_the_secrets_of_its_line(service: str) -> None:
    assert set(SERVICES[service].get("secrets", ())) == HAS[service]
    named = re.findall(r"/run/secrets/(\w+)", " ".join(_environment(service).values()))
    assert set(named) <= HAS[service]


@pytest.mark.parametrize("service", sorted(HAS))
def test_no_secret_stands_in_an_environment(service: str) -> None:
    for name, value in _environment(service).items():
        assert not re.search(r"://[^/@]*:[^/@]+@", value), name
        folder = name == "ADUAN_BACKUP_KEYS"
        assert (
            folder or name.endswith("_FILE") or not re.search(r"PASSWORD|SECRET|KEY$|APPLICATION_KEYS$", name)
        ), name


@pytest.mark.parametrize("service", sorted(HAS.keys() - SIGNS))
def test_only_the_part_that_signs_and_the_backup_see_private_keys_of_lists(service: str) -> None:
    assert not [mount for mount in _mounts(service) if "list-keys" in mount or "aduan-keys" in mount]
    assert "ADUAN_KEYS_DIR" not in _environment(service)


def test_the_part_that_strangers_talk_to_reads_public_keys_only() -> None:
    assert "public-keys:/var/lib/aduan/public-keys:ro" in _mounts("web")
    assert not [mount for mount in _mounts("nginx") if mount.startswith(("state", "list-keys"))]


def test_only_parts_that_talk_to_others_reach_a_network_outside() -> None:
    reach = {name for name, facts in SERVICES.items() if "outside" in facts.get("networks", ())}
    assert reach == OUTSIDE
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_under_systemd_two_units_alone_see_private_keys_of_lists() -> None:
    unit = (PROJECT / "deploy/systemd/aduan@.service").read_text(encoding="utf-8")
    assert "InaccessiblePaths=-/var/lib/aduan/keys" in unit
    seeing = {
        path.parent.name
        for path in (PROJECT / "deploy/systemd").glob("aduan@*.d/*")
        if "InaccessiblePaths=\n" in path.read_text(encoding="utf-8")
    }
    assert seeing == {"aduan@lists.service.d", "aduan@backup.service.d"}


def test_the_owner_of_the_tables_is_known_to_the_migration_alone() -> None:
    for service in HAS.keys() - {"migrate", "roles"}:
        values = " ".join(_environment(service).values())
        assert "aduan_migrate" not in values, service
        assert "postgres://aduan@" not in values, service


@pytest.mark.parametrize("part", sorted(environment.KEYS_OF_PARTS))
def test_the_settings_ask_a_part_for_the_keys_that_compose_gives_it(part: str) -> None:
    names = {f"{name}_FILE" for name in environment.APPLICATION_KEYS}
    given = {name for name, value in _environment(part).items() if name in names and value}
    assert given == {f"{name}_FILE" for name in environment.KEYS_OF_PARTS[part]}
    if given != names and "env_file" in SERVICES[part]:  # what .env says for all is taken away
        assert names <= _environment(part).keys()


@pytest.mark.parametrize("part", ["beat", "monitor", "lists"])
def test_a_part_starts_without_the_others_keys_and_is_warned_of_one(part: str) -> None:
    own = environment.KEYS_OF_PARTS[part]
    given = {k: v for k, v in PRODUCTION.items() if k not in environment.APPLICATION_KEYS or k in own}
    script = (
        "import django, sys; django.setup(); from aduan.celery import app; "
        "app.loader.import_default_modules(); "
        "from portal.common.checks import a_part_has_the_keys_of_its_line as check;"
        "sys.stdout.write(' '.join(one.msg for one in check(None)))"
    )
    for more, warned in (({}, False), ({"ADUAN_BLIND_INDEX_KEY": PRODUCTION["ADUAN_BLIND_INDEX_KEY"]}, True)):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=given | more | {"ADUAN_PART": part, "PATH": "/usr/bin:/bin"},
            cwd=PROJECT, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-800:]
        assert ("ADUAN_BLIND_INDEX_KEY, which it does not need" in done.stdout) == warned
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADUAN_PART", part)
        patch.setenv("ADUAN_BLIND_INDEX_KEY", "x" * 50)
        assert environment.secret("ADUAN_BLIND_INDEX_KEY", environment="production") == ""


def test_the_examiner_has_a_socket_and_nothing_else() -> None:
    examiner = SERVICES["examiner"]
    assert examiner["network_mode"] == "none"
    assert examiner["volumes"] == ["examiner:/run/aduan-examiner"]
    assert not {"environment", "env_file", "secrets", "networks", "ports"} & examiner.keys()
    sharing = {name for name in SERVICES if any("aduan-examiner" in one for one in _mounts(name))}
    assert sharing == {"examiner", "worker"}
    assert _environment("worker")["ADUAN_EXAMINER_SOCKET"] == examiner["command"][1]


def test_under_systemd_too_each_part_has_the_keys_of_its_line() -> None:
    units = PROJECT / "deploy/systemd"
    for part, own in environment.KEYS_OF_PARTS.items():
        text = "".join(path.read_text("utf-8") for path in units.glob(f"aduan@{part}.service.d/*"))
        for name in environment.APPLICATION_KEYS:
            secret = f"-/etc/aduan/secrets/{name.removeprefix('ADUAN_').lower()}"
            assert (f"{name}_FILE" in text, secret in text) == (name not in own, name not in own), part
    examiner = (units / "aduan-examiner.service").read_text("utf-8")
    assert "EnvironmentFile" not in examiner
    assert {"PrivateNetwork=yes", "DynamicUser=yes", "CapabilityBoundingSet="} <= set(examiner.splitlines())
    assert "InaccessiblePaths=-/etc/aduan -/var/lib/aduan" in examiner
