"""Which secrets each part of the production layout has is written down here, and no part has another.

Private keys of lists are the gravest: with them a list can be signed. `beat` and `monitor` have the keys of
the application because its settings ask for them, not because they use them all (docs/security/asvs-5.md,
13.3.2).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
APP = {"secret_key", "vault_keys", "blind_index_key", "valkey_secret"}
# Who writes letters or reads contacts needs the vault's keys; the settings ask every part for them.
HAS: dict[str, set[str]] = {
    "nginx": set(),
    "slow-clients": set(),
    "roles": {"admin_pgpass", "app_password", "migrate_password", "readonly_password"},
    "migrate": APP | {"migrate_pgpass"},
    "web": APP | {"app_pgpass"},
    "worker": APP | {"app_pgpass"},
    "lists": APP | {"app_pgpass"},
    "beat": APP | {"app_pgpass"},
    "monitor": APP | {"app_pgpass"},
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
        assert folder or name.endswith("_FILE") or not re.search(r"PASSWORD|SECRET|KEY$|KEYS$", name), name


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
