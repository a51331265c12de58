"""nginx as the image of docker-compose.yml runs it, a name server that knows `web`, and a client in front."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socketserver
import struct
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.production.image import PROJECT

if TYPE_CHECKING:
    from tests.production.layout import Layout

WORKERS = "www-data"  # not the application's account


def program() -> str | None:
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def required() -> bool:
    """Whether there is an nginx. Without one the run fails, unless ADUAN_WITHOUT_NGINX=1 says it may be."""
    if program() is None and os.environ.get("ADUAN_WITHOUT_NGINX") != "1":
        pytest.fail("no nginx (apt-get install nginx-light); ADUAN_WITHOUT_NGINX=1 tests the rest without it")
    return program() is not None


class NameServer:
    """Answers every question with `addresses`, as Docker's does for the containers of a service."""

    def __init__(self) -> None:
        self.addresses = ["127.0.0.1"]
        owner = self

        class Answer(socketserver.DatagramRequestHandler):
            def handle(self) -> None:
                asked = self.rfile.read()
                question = asked[12 : asked.index(b"\0", 12) + 5]
                addresses = list(owner.addresses)
                head = asked[:2] + struct.pack(">HHHHH", 0x8180, 1, len(addresses), 0, 0)
                found = [
                    struct.pack(">HHHIH", 0xC00C, 1, 1, 1, 4) + bytes(map(int, address.split(".")))
                    for address in addresses
                ]
                self.wfile.write(head + question + b"".join(found))

        self.server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answer)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def write(layout: Layout) -> None:
    """The files that the service mounts, moved; around them what the image's nginx.conf says."""
    ports, folder = layout.ports, layout.folder / "nginx"
    moved = {
        "listen 127.0.0.1:8080": f"listen 127.0.0.1:{ports['health']}",
        "listen 80 ": f"listen 127.0.0.1:{ports['http']} ",
        "listen 443 ": f"listen 127.0.0.1:{ports['https']} ",
        "resolver 127.0.0.11 ": f"resolver 127.0.0.1:{layout.names.port} ",
        "http://web:8000": f"http://web:{ports['web']}",
        "/etc/nginx/tls/": f"{layout.folder}/tls/",
        "/etc/nginx/": f"{folder}/",
        "/var/log/nginx/": f"{folder}/",
    }
    unseen, folder_mode = set(moved), 0o755
    folder.mkdir(mode=folder_mode)
    for source, target, *_mode in (
        volume.split(":") for volume in layout.compose.services["nginx"]["volumes"]
    ):
        if not source.startswith("./deploy/nginx/") or not target.startswith("/etc/nginx/"):
            continue
        text = (PROJECT / source).read_text(encoding="utf-8")
        for there, here in moved.items():
            unseen -= {there} if there in text else set()
            text = text.replace(there, here)
        path = folder / target.removeprefix("/etc/nginx/")
        path.parent.mkdir(exist_ok=True)
        path.write_text(layout.compose.here(text), encoding="utf-8")
    assert not unseen, f"the files of deploy/nginx no longer say {unseen}"
    (folder / "nginx.conf").write_text(_main(layout, folder), encoding="utf-8")


def _main(layout: Layout, folder: Path) -> str:
    user = ""
    if os.geteuid() == 0:  # 40-read-lists.sh: nginx's workers share the application's group
        user = f"user {_workers()} {grp.getgrgid(layout.image.user.gid).gr_name};"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    types = "include /etc/nginx/mime.types;" if Path("/etc/nginx/mime.types").exists() else ""
    return f"""{user}
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  {types} default_type application/octet-stream; sendfile on; {temporary}
  include {folder}/conf.d/*.conf;
}}
"""


def _workers() -> str:
    try:
        return pwd.getpwnam(WORKERS).pw_name
    except KeyError:
        return "nobody"


def launch(layout: Layout) -> subprocess.Popen[bytes]:
    folder = layout.folder / "nginx"
    command = [program() or "nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=layout.open_log("nginx"), stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip


class _Here(HTTPAdapter):
    """Carries what is meant for `host` to a port of this machine; host name and certificate stay `host`'s."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host = port, host
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, server_hostname=self.host, assert_hostname=self.host, **kwargs)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        local = request.copy()
        assert request.url is not None
        local.url = request.url.replace(f"https://{self.host}", f"https://127.0.0.1:{self.port}", 1)
        local.headers["Host"] = self.host
        response = super().send(local, *args, **kwargs)
        response.url, response.request = request.url, request
        return response


def session(port: int, trusted: Path, host: str) -> requests.Session:
    made = requests.Session()
    made.trust_env, made.verify = False, str(trusted)
    made.mount(f"https://{host}", _Here(port, host))
    return made
