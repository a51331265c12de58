"""The real nginx with the configuration of deploy/nginx, in front of a real gunicorn; everything on loopback.

nginx is the machine's own (apt-get install nginx): no package on PyPI brings one. Its workers run as another
user, who shares with the lists nothing but a group, as in production.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import grp
import ipaddress
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import LazySettings

from tests.database import database_url

ROOT = Path(__file__).parents[1]
STRANGER = "nobody"  # the user of nginx's workers
WAYS = ("http", "https", "health", "web", "cache")  # a port each


def program() -> str:
    """nginx, or the test is skipped and says what it needs."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("no nginx (apt-get install nginx): what it does with our configuration was not tested")
    return found


@dataclass
class Front:
    """Where things listen and lie. `lists` is the publish root, `log` where nginx writes deliveries down."""

    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    changes: dict[str, str] = field(default_factory=dict)

    def change(self, changes: dict[str, str]) -> None:
        """Other words in the configuration, before the start: `{"client_body_timeout 20s": …}`."""
        self.changes |= changes

    @property
    def lists(self) -> Path:
        return self.folder / "lists"

    @property
    def log(self) -> Path:
        return self.folder / "deliveries.log"

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.folder / "fullchain.pem")

    def start(self) -> None:
        self.ports = {way: free_port() for way in WAYS}
        certificate(self.folder)
        (self.folder / "nginx.conf").write_text(_main(self), encoding="utf-8")
        gunicorn = [str(Path(sys.executable).with_name("gunicorn")), "aduan.wsgi", "--config"]
        self._run([*gunicorn, "deploy/gunicorn.py", "--bind", f"127.0.0.1:{self.ports['web']}"])
        written = ["-c", str(self.folder / "nginx.conf"), "-e", str(self.folder / "error.log")]
        self._run([program(), *written, "-p", str(self.folder)])
        for way in ("web", "health"):
            self._until_it_answers(self.ports[way])

    def stop(self) -> None:
        for process in reversed(self.running):
            process.terminate()
            process.wait(30)

    def _run(self, command: list[str]) -> None:
        ours = {
            "DATABASE_URL": database_url(),
            "ADUAN_PUBLISH_ROOT": str(self.lists),
            "ADUAN_LISTS_ACCEL_PREFIX": "/_lists/",
            "ADUAN_DELIVERY_LOG": str(self.log),
            "ADUAN_BEHIND_PROXY": "true",
            "ADUAN_API_READ_RATE": "1000000/hour",
            "ADUAN_DB_STATEMENT_TIMEOUT_MS": "1000",
        }
        with (self.folder / "servers.log").open("ab") as log:
            self.running.append(
                subprocess.Popen(command, cwd=ROOT, env=os.environ | ours, stdout=log, stderr=log)
            )

    def _until_it_answers(self, port: int) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
                return
            time.sleep(0.1)
        pytest.fail(f"nothing answers on {port}: {(self.folder / 'servers.log').read_text()[-2000:]}")


@pytest.fixture
def front(settings: LazySettings) -> Iterator[Front]:
    """Ready to start: the publish root is there, readable for the group of nginx's workers alone."""
    program()
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # below pytest's own no stranger may walk
        made = Front(Path(folder))
        made.folder.chmod(0o711)
        made.lists.mkdir(mode=0o750)
        if os.geteuid() == 0:
            os.chown(made.lists, 0, pwd.getpwnam(STRANGER).pw_gid)
            made.lists.chmod(0o2750)  # what is made below belongs to the group too
        settings.PUBLISH_ROOT, settings.DELIVERY_LOG = made.lists, str(made.log)
        settings.ADUAN_HOME = made.folder
        before = os.umask(0o027)  # deploy/entrypoint.sh
        try:
            yield made
        finally:
            os.umask(before)
            made.stop()


def _main(front: Front) -> str:
    """Around the server of deploy/nginx: what the image's nginx.conf says.

    Beside it a cache that knows no users.
    """
    folder = front.folder
    ours = (ROOT / "deploy/nginx/aduan.conf").read_text(encoding="utf-8")
    moved = {
        "listen 127.0.0.1:8080": f"listen 127.0.0.1:{front.ports['health']}",
        "listen 80 default_server": f"listen 127.0.0.1:{front.ports['http']}",
        "listen 443 ssl http2 default_server": f"listen 127.0.0.1:{front.ports['https']} ssl",
        "include /etc/nginx/aduan_web;": f"set $aduan_web http://127.0.0.1:{front.ports['web']};",
        "/etc/nginx/tls/": f"{folder}/",
        "/etc/nginx/proxy_params_aduan": f"{ROOT}/deploy/nginx/proxy_params_aduan",
        "/var/lib/aduan/lists/": f"{front.lists}/",
        "/var/lib/aduan/static/": f"{folder}/static/",
        "/var/log/nginx/": f"{folder}/",
        "/var/log/aduan/": f"{folder}/",
    }
    for there, here in (moved | front.changes).items():
        assert there in ours, f"deploy/nginx/aduan.conf no longer says {there}"
        ours = ours.replace(there, here)
    account = pwd.getpwnam(STRANGER)
    user = f"user {STRANGER} {grp.getgrgid(account.pw_gid).gr_name};" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""{user}
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  {temporary} access_log off;
  types {{ text/html html; }}
  default_type application/octet-stream;
  {ours}
  proxy_cache_path {folder}/cache keys_zone=shared:1m;
  server {{
    listen 127.0.0.1:{front.ports["cache"]};
    location / {{
      proxy_pass https://127.0.0.1:{front.ports["https"]};
      proxy_set_header Host $http_host;
      proxy_cache shared;
      proxy_cache_key $request_uri;
      proxy_cache_valid any 10m;
      add_header X-Cache $upstream_cache_status always;
    }}
  }}
}}
"""


def certificate(folder: Path, host: str = "127.0.0.1") -> None:
    """For this host, signed by itself, for today."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    numeric = x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdecimal() else x509.DNSName(host)
    address = x509.SubjectAlternativeName([numeric])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + dt.timedelta(days=1))
    signed = made.add_extension(address, critical=False).sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
