"""Where the servers of a state folder listen, known before they are started."""

from pathlib import Path
from urllib.parse import quote

from devserver.home import socket_path

ROLE = "aduan"


def database_url(home: Path) -> str:
    return f"postgres://{ROLE}@{quote(str(socket_path(home)), safe='')}/{ROLE}"


def redis_url(home: Path) -> str:
    return f"unix://{redis_socket(home)}"


def redis_socket(home: Path) -> Path:
    return socket_path(home) / "v.sock"
