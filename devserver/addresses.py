"""Where the servers of a state folder listen, known before they are started."""

from pathlib import Path
from urllib.parse import quote

from devserver.home import socket_path

ROLE = "aduan"  # the administrator's, and the name of the database


def database_url(home: Path, role: str = ROLE) -> str:
    return f"postgres://{role}@{quote(str(socket_path(home)), safe='')}/{ROLE}"


def redis_url(home: Path) -> str:
    return f"unix://{redis_socket(home)}"


def redis_socket(home: Path) -> Path:
    return socket_path(home) / "v.sock"
