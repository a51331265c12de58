"""The secrets of an embedded portal: made once, kept in ADUAN_HOME/keys, readable by the owner only."""

import base64
import os
import secrets
from pathlib import Path

NAMES = ("ADUAN_SECRET_KEY", "ADUAN_VAULT_KEYS", "ADUAN_BLIND_INDEX_KEY")


def environment(home: Path) -> dict[str, str]:
    """NAME_FILE for every secret, making those that do not exist yet."""
    folder = home / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = {"ADUAN_KEYS_DIR": str(folder)}
    for name in NAMES:
        if os.environ.get(name) or os.environ.get(f"{name}_FILE"):
            continue
        path = folder / f"{name.removeprefix('ADUAN_').lower()}.txt"
        if not path.exists():
            _write(path, _value(name))
        found[f"{name}_FILE"] = str(path)
    return found


def without_private(home: Path) -> dict[str, str]:
    """For a part that signs nothing: where the public keys are, and a folder without private ones."""
    return {"ADUAN_PUBLIC_KEYS_DIR": str(home / "keys"), "ADUAN_KEYS_DIR": str(home / "no-keys")}


def _value(name: str) -> str:
    key = base64.b64encode(secrets.token_bytes(32)).decode("ascii")
    if name == "ADUAN_VAULT_KEYS":
        return f"1:{key}"
    return secrets.token_urlsafe(64) if name == "ADUAN_SECRET_KEY" else key


def _write(path: Path, value: str) -> None:
    """Complete or not at all, and never readable by others, not even for a moment."""
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
