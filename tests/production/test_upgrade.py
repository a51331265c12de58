"""An upgrade under load: old and new web at once on the new schema, and no visitor sees an error."""

from __future__ import annotations

import copy
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import requests

from tests.production import people, second_version
from tests.production.layout import HOST, Layout, until
from tests.production.test_journey import complain
from tests.production.test_killed_parts import stored

pytestmark = [pytest.mark.production, pytest.mark.faults]
SECOND = "127.0.0.2"
PAGES = ("/", "/lapor/", "/cek/", "/bantuan/")


@dataclass
class Load:
    """Visitors that read and complain until they are stopped."""

    layout: Layout
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        session = self.layout.session()
        while not self.over.is_set():
            for path in PAGES:
                try:
                    status = session.get(people.SITE + path, timeout=30).status_code
                except requests.RequestException as error:
                    self.faults.append(f"{path}: {type(error).__name__}: {error}")
                    continue
                if status >= 500:
                    self.faults.append(f"{path}: {status}")
                self.done["pages"] += 1
            self.over.wait(0.2)

    def file(self) -> None:
        number = 0
        while not self.over.is_set():
            number += 1
            try:
                complain(people.citizen(self.layout), f"0812-7100-{number:04}", with_picture=False)
                self.done["complaints"] += 1
            except (AssertionError, requests.RequestException) as error:
                self.faults.append(f"complaint: {str(error)[:300]}")
            self.over.wait(5)  # one address may send sixty an hour without a proof of work


@contextmanager
def running(load: Load) -> Iterator[None]:
    threads = [threading.Thread(target=work, daemon=True) for work in (load.read, load.file)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        load.over.set()
        for thread in threads:
            thread.join(120)


def test_old_and_new_serve_at_once_and_no_one_sees_an_error(behind_nginx: Layout) -> None:
    """It had been written down and never tried."""
    layout = behind_nginx
    new = copy.copy(layout)
    new.image = second_version.build(layout.image, layout.folder)
    before = stored(layout)
    load = Load(layout)
    web = None
    try:
        with running(load):
            until(lambda: load.done["complaints"] >= 2, "the load to begin", layout)
            new.run_once("migrate")  # while the old version serves
            after_migration = load.done["complaints"]
            until(
                lambda: load.done["complaints"] >= after_migration + 2, "old code on the new schema", layout
            )
            web = _start_second_web(new)
            until(lambda: _ready(layout), "the second web to be ready", layout)
            layout.names.addresses = ["127.0.0.1", SECOND]
            time.sleep(6)  # nginx asks again after five seconds
            both = load.done["complaints"]
            until(lambda: load.done["complaints"] >= both + 4, "both versions at once", layout)
            layout.running["web"].wanted = False
            layout.running["web"].process.terminate()  # nginx may still know its address
            layout.running["web"].process.wait(60)
            layout.names.addresses = [SECOND]
            alone = load.done["complaints"]
            until(lambda: load.done["complaints"] >= alone + 2, "the new version alone", layout)
        assert load.faults == []
        assert load.done["pages"] > 20
        assert stored(layout) >= before + load.done["complaints"]
        kinds = _kinds(new)
        assert {"old and seen", "new and seen"} <= set(kinds), (
            kinds
        )  # by both versions, through the new trigger
    finally:
        _back_to_the_old_image(layout, web)


def _start_second_web(new: Layout):
    service = new.compose.service("web")
    environment = new._environment(service) | {"ADUAN_WEB_BIND": f"{SECOND}:{new.ports['web']}"}
    return new._launch(new._entry(service.command), environment, new.open_log("web2"))


def _ready(layout: Layout) -> bool:
    try:
        answer = requests.get(
            f"http://{SECOND}:{layout.ports['web']}/readyz", headers={"Host": HOST}, timeout=10
        )
    except requests.RequestException:
        return False
    return answer.status_code == 200 and answer.json()["migrations"] is True


def _kinds(new: Layout) -> Counter[str]:
    """What the column holds: `old` was filed by the first version, `new` by the second."""
    code = (
        "from aduan.complaints.models import Complaint\n"
        f"print(*Complaint.objects.values_list('{second_version.COLUMN}', flat=True), sep='|')"
    )
    return Counter(people.console(new, code).splitlines()[-1].split("|"))


def _back_to_the_old_image(layout: Layout, web) -> None:
    """As upgrade.md says: the schema stays, it suits both."""
    one = layout.running["web"]
    if one.process.poll() is not None:
        one.process = one.launch()
    one.wanted = True
    layout.wait_until_healthy("web")
    layout.names.addresses = ["127.0.0.1"]
    time.sleep(6)
    if web is not None:
        web.terminate()
        web.wait(60)
    complain(people.citizen(layout), "0812-7200-0001", with_picture=False)
