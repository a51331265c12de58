"""Twenty photos of 5 MB at once: what web processes take in memory, and how long others wait meanwhile.

Floor: the same questions of two other people to the check page before the photos come. Promised: at most
50 MB more in all web processes together, and a P95 of the others at most twice as long.
"""

from __future__ import annotations

import http.client
import io
import random
import statistics
import threading
import uuid
from pathlib import Path

from PIL import Image

from bench import memory
from bench.database import load_register, scratch
from bench.outcome import Outcome
from bench.serving import Answered, Served, get, portal

SIZES = (20,)
PHOTO = (2700, 2000)  # pixels of noise: 5 MB as a JPEG
MEMORY, WAIT = 50.0, 2.0  # megabytes more, times the P95
OTHERS, PAGES = 2, 60  # people who open the check page, and how many pages are timed together


def measure(size: int) -> Outcome:
    """`size` photos, each over a connection, from a device and a network of its own."""
    photos = [_photo(seed) for seed in range(size)]
    with scratch("register", load_register), portal() as served:
        served.ask([get("/cek/")] * 40)  # the workers are warm
        _send(served, photos[:2])
        calm = [_others(served).p95 for _turn in range(5)]
        before = _memory(served.pid, memory.NOW)
        _forget_peaks(served.pid)
        meanwhile = _beside(served, photos)
        more = _memory(served.pid, memory.AT_MOST) - before
    waits = statistics.median(meanwhile) / statistics.median(calm)
    return Outcome(
        title=f"others' P95 while {size} photos arrive at once, against the same without photos",
        runs=len(meanwhile),
        median_ratio=waits,
        floor=statistics.median(calm) / 1000,
        limit=WAIT,
        sense="most",
        rows=[
            ("a photo", f"{statistics.mean(map(len, photos)) / 1e6:.1f} MB"),
            ("web processes at their most, above before", f"{more:,.0f} of {MEMORY:.0f} MB"),
            ("others, P95 before", f"{statistics.median(calm):.1f} ms"),
            ("others, P95 meanwhile", f"{statistics.median(meanwhile):.1f} ms"),
        ],
        also_holds=more <= MEMORY,
        more={"memory_mb": round(more, 1), "p95_before_ms": calm, "p95_meanwhile_ms": meanwhile},
    )


def _photo(seed: int) -> bytes:
    noise = random.Random(seed).randbytes(PHOTO[0] * PHOTO[1] * 3)
    kept = io.BytesIO()
    Image.frombytes("RGB", PHOTO, noise).save(kept, "JPEG", quality=90)
    return kept.getvalue()


def _beside(served: Served, photos: list[bytes]) -> list[float]:
    """The others' P95s in milliseconds, from the first photo to the last."""
    sending = threading.Thread(target=_send, args=(served, photos))
    sending.start()
    waits = []
    while sending.is_alive():
        waits.append(_others(served).p95)
    sending.join()
    return waits


def _others(served: Served) -> Answered:
    return served.ask([get("/cek/")] * PAGES, clients=OTHERS)


def _send(served: Served, photos: list[bytes]) -> None:
    """All at once, each over its own connection. Raises RuntimeError when one was not kept."""
    answers: list[int] = []
    senders = [
        threading.Thread(target=lambda at=at, photo=photo: answers.append(_upload(served.port, at, photo)))
        for at, photo in enumerate(photos)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    if answers != [201] * len(photos):
        raise RuntimeError(f"the photos were answered {answers}")


def _upload(port: int, at: int, photo: bytes) -> int:
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="foto.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request(
        "POST",
        "/lapor/berkas/",
        head.encode() + photo + f"\r\n--{boundary}--\r\n".encode(),
        {
            "Accept": "application/json",
            "X-Real-IP": f"36.72.{at}.7",
            "Cookie": f"device={uuid.uuid4().hex[:22]}",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        },
    )
    return connection.getresponse().status


def _processes(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _memory(pid: int, what: str) -> float:
    """Megabytes of the process and its children; peaks since _forget_peaks."""
    return sum(memory.megabytes(what, one) for one in _processes(pid))


def _forget_peaks(pid: int) -> None:
    for one in _processes(pid):
        Path(f"/proc/{one}/clear_refs").write_text("5")
