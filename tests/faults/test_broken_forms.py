"""BI6: forms no browser sends, over a real socket: refused within seconds, never a 500, nothing stored."""

from __future__ import annotations

import re
import socket
import time
import uuid
from collections.abc import Iterable
from urllib.parse import urlsplit

import pytest
import requests
from pytest_django.live_server_helper import LiveServer

from aduan.complaints.models import Complaint
from aduan.operators.models import Operator
from tests.portal.public.forms import filled

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

REFUSED = {400, 413, 431}
CLOSED = 0
LINE = "----garis"
SECONDS = 5


def part(name: str, value: str, file: str = "") -> bytes:
    named = f'; filename="{file}"\r\nContent-Type: image/png' if file else ""
    return f'--{LINE}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n{value}\r\n'.encode()


END = f"--{LINE}--\r\n".encode()


class Wire:
    """One visitor with the token of a page, who writes requests by hand."""

    def __init__(self, site: str, telkomsel: Operator) -> None:
        self.place = urlsplit(site)
        page = requests.get(f"{site}/lapor/", timeout=30)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert found
        self.token = found[1]
        self.cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in page.cookies)

    def fields(self) -> list[bytes]:
        """The form as the page sends it: the button that was pressed comes last."""
        return [part(name, value) for name, value in filled(key=str(uuid.uuid4())).items()]

    def send(self, body: Iterable[bytes], *, line: str = LINE, length: int | str = 0, more: str = "") -> int:
        """The status of the answer; CLOSED when there is none."""
        content = b"".join(body)
        said = length if isinstance(length, str) else len(content) + length
        head = (
            "POST /lapor/ HTTP/1.1\r\n"
            f"Host: {self.place.netloc}\r\nCookie: {self.cookies}\r\nX-CSRFToken: {self.token}\r\n"
            f"Content-Type: multipart/form-data; boundary={line}\r\n"
            f"Content-Length: {said}\r\nConnection: close\r\n{more}\r\n"
        )
        started, answer = time.monotonic(), b""
        with socket.create_connection((self.place.hostname, self.place.port), timeout=SECONDS) as wire:
            try:
                wire.sendall(head.encode() + content)
                wire.shutdown(socket.SHUT_WR)
                while got := wire.recv(65536):
                    answer += got
            except ConnectionError:
                pass  # refused before all of it was read
        assert time.monotonic() - started < SECONDS
        assert b" 500 " not in answer[:40]
        return int(answer.split()[1]) if answer else CLOSED


@pytest.fixture
def wire(live_server: LiveServer, telkomsel: Operator, tmp_path, settings) -> Wire:
    options = {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(tmp_path / "evidence")}}
    settings.STORAGES = {**settings.STORAGES, "evidence": options}
    return Wire(live_server.url, telkomsel)


def nothing_is_stored(tmp_path) -> bool:
    files = [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]
    return not files and not Complaint.objects.exists()


def test_the_same_form_unbroken_is_filed(wire: Wire) -> None:
    assert wire.send([*wire.fields(), END]) == 302
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("name", ["extra{}", "narrative"])
def test_a_thousand_and_one_fields(wire: Wire, tmp_path, name: str) -> None:
    many = [part(name.format(turn), "x") for turn in range(1001)]
    assert wire.send([*many, *wire.fields(), END]) in REFUSED | {CLOSED}
    assert nothing_is_stored(tmp_path)


def test_a_hundred_and_one_files(wire: Wire, tmp_path) -> None:
    many = [part("evidence", "x", f"{turn}.png") for turn in range(101)]
    assert wire.send([*wire.fields(), *many, END]) in REFUSED | {CLOSED}
    assert nothing_is_stored(tmp_path)


def test_every_field_twice_is_one_complaint_of_the_last_words(wire: Wire) -> None:
    assert wire.send([*(part(name, "bukan ini") for name in filled()), *wire.fields(), END]) == 302
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("line", ["----lain", "", "x" * 300, "%00%ff"])
def test_a_wrong_boundary(wire: Wire, tmp_path, line: str) -> None:
    assert wire.send([*wire.fields(), END], line=line) in REFUSED | {CLOSED}
    assert nothing_is_stored(tmp_path)


def test_a_body_cut_short(wire: Wire, tmp_path) -> None:
    whole = b"".join([*wire.fields(), END])
    for cut in (1, len(whole) // 3, len(whole) // 2, whole.index(b'name="action"')):
        assert wire.send([whole[:cut]]) in REFUSED | {CLOSED, 200}  # no END
        assert wire.send([whole], length=cut - len(whole)) in REFUSED | {
            CLOSED,
            200,
        }  # says less than it sends
        assert wire.send([whole[:cut]], length=len(whole) - cut) in REFUSED | {CLOSED, 200}  # says more
    assert nothing_is_stored(tmp_path)


@pytest.mark.parametrize("length", ["-1", "abc"])
def test_a_length_that_is_none(wire: Wire, tmp_path, length: str) -> None:
    assert wire.send([*wire.fields(), END], length=length) in REFUSED | {CLOSED, 200}
    assert nothing_is_stored(tmp_path)


def test_a_header_of_65_kilobytes(wire: Wire, tmp_path) -> None:
    assert wire.send([*wire.fields(), END], more=f"X-Long: {'x' * 66_560}\r\n") in REFUSED | {CLOSED}
    assert nothing_is_stored(tmp_path)
