"""One operator's list, handed out.

By the web server in front (X-Accel-Redirect) and by the application alone.

Floor: nginx serving the same file statically. Promised: the way through nginx carries at least 90 % of
that for a million lines and 60 % for 100,000, the application alone at least 50 % of it for a million, in
constant memory. Every request is authenticated and recorded, which costs some milliseconds whatever the
length of the file: a short one comes over loopback in less, and then that is most of what is measured.
The same client (one curl, four connections) measures all three in turns.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import memory
from bench.outcome import Outcome, median
from bench.serving import free_port, until_it_answers

SIZES = (100_000, 1_000_000)
ALONE, MOST_GROWTH = 0.5, 32.0
LIMITS = {100_000: 0.6, 1_000_000: 0.9}  # lines: share of nginx's static rate
FILE, FILES_A_TURN, CONNECTIONS, TURNS = "block.csv", 24, 4, 5
TINY = "manifest.json.sig"  # 64 bytes: what a request costs before the first byte of a file


def measure(size: int) -> Outcome:
    from bench import world

    with world.country(size, only="alpha"):
        return _measure(size, *_published())


def _measure(size: int, key: str, name: str, path: Path) -> Outcome:
    with (
        tempfile.TemporaryDirectory(prefix="aduan-bench-", dir="/tmp") as folder,
        _serving(Path(folder), path) as at,
    ):
        files = f"/api/v1/lists/{name}/files"
        ways = {
            "static": f"http://127.0.0.1:{at['nginx']}/static-lists/{path.name}/{FILE}",
            "nginx": f"http://127.0.0.1:{at['nginx']}{files}/{FILE}",
            "alone": f"http://127.0.0.1:{at['alone']}{files}/{FILE}",
            "asking": f"http://127.0.0.1:{at['nginx']}{files}/{TINY}",
        }
        for url in ways.values():
            _fetch(url, key, path / url.rpartition("/")[2], times=CONNECTIONS)
        before = _memory(at["pids"])
        took: dict[str, list[float]] = {way: [] for way in ways}
        for _turn in range(TURNS):
            for way, url in ways.items():
                start = time.perf_counter()
                _fetch(url, key, path / url.rpartition("/")[2], times=FILES_A_TURN)
                took[way].append(time.perf_counter() - start)
        growth = _memory(at["pids"]) - before
    ratios = {
        way: median([floor / one for floor, one in zip(took["static"], took[way], strict=True)])
        for way in ways
    }
    each = {way: 1000 * median(times) / FILES_A_TURN for way, times in took.items()}
    megabytes = (path / FILE).stat().st_size * FILES_A_TURN / 1e6
    return Outcome(
        title=f"{FILE} of {size:,} lines ({megabytes / FILES_A_TURN:.1f} MB), authenticated and recorded",
        runs=TURNS,
        median_ratio=ratios["nginx"],
        floor=median(took["static"]),
        limit=LIMITS.get(size, LIMITS[1_000_000]),
        sense="least",
        also_holds=(ratios["alone"] >= ALONE or size < 1_000_000) and growth <= MOST_GROWTH,
        rows=[
            ("nginx, static", f"{megabytes / median(took['static']):,.0f} MB/s"),
            ("through nginx (X-Accel-Redirect)", f"{megabytes / median(took['nginx']):,.0f} MB/s"),
            ("application alone (sendfile)", f"{megabytes / median(took['alone']):,.0f} MB/s"),
            (f"application alone against static (at least {ALONE:g})", f"{ratios['alone']:.2f}"),
            ("a file, static", f"{each['static']:.1f} ms"),
            ("a request for 64 bytes: the application's part", f"{each['asking']:.1f} ms"),
            (f"memory that the web workers gained (at most {MOST_GROWTH:g} MB)", f"{growth:.1f} MB"),
        ],
        more={
            "alone_ratio": round(ratios["alone"], 4),
            "memory_growth_mb": round(growth, 1),
            "ms_a_static_file": round(each["static"], 2),
            "ms_a_request": round(each["asking"], 2),
        },
    )


def _published() -> tuple[str, str, Path]:
    """A key of operator alpha, the name of its newest list, and the folder of that."""
    from aduan.blocklists import queries
    from aduan.blocklists.models import BlockList, ListType
    from aduan.blocklists.services import build_list, file_store, publish_due, resume_list
    from aduan.core.periods import last_ended
    from aduan.operators.access_keys import create_key
    from aduan.operators.actors import Actor
    from aduan.operators.models import Operator
    from bench import world
    from tests.factories.accounts import step_up

    alpha = Operator.objects.get(code="alpha")
    at = world.AT + world.LATER
    built = build_list(alpha, period=last_ended(at), kind=ListType.MONTHLY, at=at)
    if built is None:
        raise RuntimeError("somebody else builds the list")
    for person in world.people():
        if built.state == BlockList.State.STOPPED:
            built = resume_list(built, by=person, step_up=step_up(person, at), at=at)
    publish_due(at=at + dt.timedelta(days=1))
    built.refresh_from_db()
    manager = Actor(operator=alpha, user=world.people()[0], manages=True)
    _row, key = create_key(alpha, by=manager, name="bench", scopes=["list:read"], at=dt.datetime.now(dt.UTC))
    return key, queries.name_of(built), file_store.ListFiles(built).folder


@contextlib.contextmanager
def _serving(folder: Path, lists: Path) -> Iterator[dict[str, object]]:
    """nginx in front of one gunicorn, and a second gunicorn alone; ports and worker processes by name."""
    from django.conf import settings

    ports = {name: free_port() for name in ("nginx", "behind", "alone")}
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    (folder / "nginx.conf").write_text(_nginx_conf(folder, ports, Path(settings.PUBLISH_ROOT), lists))
    environment = {
        **os.environ,
        "ADUAN_API_READ_RATE": "100000000/hour",
        "ADUAN_LOG_LEVEL": "ERROR",
        "ADUAN_DELIVERY_LOG": str(folder / "deliveries.log"),
        "ADUAN_DB_CONN_MAX_AGE": "60",  # as served; tests open a connection for each request
    }
    gunicorn = [
        str(Path(sys.executable).with_name("gunicorn")),
        "aduan.wsgi",
        "--config",
        "deploy/gunicorn.py",
    ]
    started = []
    try:
        for name, accel in (("behind", "/_lists/"), ("alone", "")):
            started.append(
                subprocess.Popen(
                    [*gunicorn, "--bind", f"127.0.0.1:{ports[name]}"],
                    env=environment | {"ADUAN_LISTS_ACCEL_PREFIX": accel},
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
        started.append(subprocess.Popen([nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)]))
        for port in ports.values():
            until_it_answers(port)
        yield {**ports, "pids": [process.pid for process in started[:2]]}
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)


def _nginx_conf(folder: Path, ports: dict[str, int], root: Path, lists: Path) -> str:
    """The location of deploy/nginx/aduan.conf, and the same folder served to everybody as the floor."""
    temporary = "".join(
        f"  {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = (Path("deploy/nginx/aduan.conf").read_text()).partition("location /_lists/ {")[2].partition("}")[0]
    conf = conf.replace("/var/lib/aduan/lists/", f"{root}/")
    return f"""user root;
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  log_format delivery '$upstream_http_x_delivery $body_bytes_sent $request_completion';
  access_log {folder}/deliveries.log delivery if=$upstream_http_x_delivery;
{temporary}  upstream aduan {{ server 127.0.0.1:{ports["behind"]}; keepalive 16; }}
  server {{
    listen 127.0.0.1:{ports["nginx"]};
    location /static-lists/ {{ alias {lists.parent}/; sendfile on; tcp_nopush on; }}
    location /_lists/ {{{conf}}}
    location / {{
      proxy_pass http://aduan;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }}
  }}
}}
"""


def _fetch(url: str, key: str, same_as: Path, *, times: int) -> None:
    """Downloads, `CONNECTIONS` at a time. Raises unless each has the length of the file."""
    command = [
        "curl",
        "--silent",
        "--fail",
        "--parallel",
        "--parallel-immediate",
        "--parallel-max",
        str(CONNECTIONS),
    ]
    command += ["-H", f"Authorization: Bearer {key}", "--write-out", "%{size_download}\n"]
    for _time in range(times):
        command += ["-o", "/dev/null", url]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    wrong = set(done.stdout.split()) - {str(same_as.stat().st_size)}
    if wrong:
        raise RuntimeError(f"{url} gave files of {wrong} bytes")


def _memory(masters: object) -> float:
    """Peak memory in MB of the largest worker of these gunicorns."""
    peaks = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            facts = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            if int(facts["PPid"]) in list(masters):  # type: ignore[call-overload]
                peaks.append(memory.megabytes(memory.AT_MOST, status.parent.name))
    return max(peaks)
