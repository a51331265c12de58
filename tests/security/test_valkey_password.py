"""Valkey asks for a password, which comes to each part as a file.

Seen on e14b882: compose started `valkey-server` without one, open to every container of the network.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from aduan.environment import with_password

COMPOSE: dict[str, Any] = yaml.safe_load(
    (Path(__file__).resolve().parents[2] / "docker-compose.yml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    ("url", "password", "wanted"),
    [
        ("redis://redis:6379", "s3/cret", "redis://:s3%2Fcret@redis:6379"),
        ("redis://redis:6379", "", "redis://redis:6379"),
        ("redis://:own@redis:6379", "s", "redis://:own@redis:6379"),
        ("unix:///run/valkey.sock", "s", "unix:///run/valkey.sock"),
    ],
)
def test_the_password_is_put_into_the_address(url: str, password: str, wanted: str) -> None:
    assert with_password(url, password) == wanted


def test_valkey_starts_with_its_password_and_its_clients_have_the_file() -> None:
    valkey = COMPOSE["services"]["redis"]
    assert valkey["command"][1] == "/run/secrets/valkey_conf"
    assert valkey["secrets"] == ["valkey_conf"]
    clients = [one for one in COMPOSE["services"].values() if "REDIS_URL" in (one.get("environment") or {})]
    assert len(clients) > 5
    for one in clients:
        assert one["environment"]["ADUAN_REDIS_PASSWORD_FILE"] == "/run/secrets/valkey_secret"
        assert "valkey_secret" in one["secrets"]
        assert "@" not in one["environment"]["REDIS_URL"]
