"""AZ1: every address of the portal, every method, everybody: who gets in is written down here.

A new address that no one wrote down fails the build. Here only the status counts, for each principal.
"""

from __future__ import annotations

import functools
import re
import time
import uuid
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists.models import BlockList
from aduan.blocklists.queries import name_of
from tests.factories.accounts import person
from tests.portal.api.conftest import key_of
from tests.portal.public_addresses import PUBLIC_NAMES

# Interfaces by the start of the address. What is open to no one is closed by default.
PUBLIC, ACCOUNT, MINISTRY, OPERATOR, MACHINE, DOCS, PROBES, STATIC, SIGNED = (
    "public", "account", "ministry", "operator", "machine", "docs", "probes", "static", "signed",
)  # fmt: skip
INTERFACES: tuple[tuple[str, str], ...] = (
    ("api/v1/", MACHINE),
    ("api/schema/", DOCS),
    ("api/docs/", DOCS),
    ("api/sms/", SIGNED),
    ("operator/", OPERATOR),
    ("kelola/", MINISTRY),
    ("akun/", ACCOUNT),
    ("metrics", PROBES),
)
METHODS = ("get", "head", "post", "put", "patch", "delete", "options", "trace")
# What stands for the variable parts of an address when nothing of the caller's is meant.
SAMPLES = {
    "name": "2001-01-monthly-v1",
    "file": "block.txt",
    "path": "telkomsel/latest.json",
    "prefix": "deadbeef",
    "pk": "999999",
    "switch": "nonaktif",
    "figure": "late",
    "position": "1",
    "uid": str(uuid.UUID(int=7)),
}


def addresses(patterns=None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        text = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, text)
        else:
            yield text, pattern


def interface_of(address: str) -> str:
    return next((interface for start, interface in INTERFACES if address.startswith(start)), PUBLIC)


def concrete(address: str, samples: dict[str, str] = SAMPLES) -> str:
    """A sample address for a route, such as `/operator/daftar/2001-01-monthly-v1/`."""
    address = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda part: samples[part[1]], address)
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: samples[part[1]], address)
    return "/" + address.replace("\\.", ".").replace("\\-", "-")


ROUTES = [(address, pattern) for address, pattern in addresses()]
OURS = [address for address, _pattern in ROUTES if interface_of(address) in (OPERATOR, MACHINE, DOCS)]
MINISTRYS = [
    address
    for address, _pattern in ROUTES
    if interface_of(address) == MINISTRY and "<" not in address and "(" not in address
]
# The machines' interface: which scope an address needs, and which methods it has.
MACHINES: dict[str, tuple[str | None, str]] = {
    "api/v1/key": (None, "get"),
    "api/v1/lists": ("list:read", "get"),
    "api/v1/lists/latest": ("list:read", "get"),
    "api/v1/lists/<str:name>": ("list:read", "get"),
    "api/v1/lists/<str:name>/files/<str:file>": ("list:read", "get"),
    "api/v1/lists/<str:name>/outcomes": ("report:write", "post"),
    "api/v1/lists/changes": ("list:read", "get"),
    "api/v1/lists/<str:name>/open": ("list:read", "get"),
    "api/v1/reconciliation": ("list:read", "get"),
    "api/v1/notices": ("report:write", "post"),
    "api/v1/traces": ("list:read", "get"),
    "api/v1/traces/(?P<pk>[0-9]{1,15})/answer": ("report:write", "post"),
    "api/v1/in-use-since": ("report:write", "post"),
    "api/v1/referrals": ("list:read", "get"),
    "api/v1/referrals/<uuid:uid>": ("list:read", "get"),
    "api/v1/referrals/<uuid:uid>/answer": ("report:write", "post"),
    "api/v1/banned-numbers": ("report:write", "post"),
    "api/v1/tuf/metadata/<str:name>": ("list:read", "get"),
    "api/v1/tuf/targets/<path:path>": ("list:read", "get"),
}
# The operators' pages: which methods they have, and whether only managers of access find them.
PAGES: dict[str, tuple[str, bool]] = {
    "operator/": ("get", False),
    "operator/daftar/<str:name>/": ("get", False),
    "operator/daftar/<str:name>/berkas/<str:file>": ("get", False),
    "operator/daftar/<str:name>/hasil/": ("get post", False),
    "operator/daftar/<str:name>/hasil/nomor/": ("get post", False),
    "operator/daftar/<str:name>/hasil/isian.csv": ("get", False),
    "operator/kunci-tanda-tangan.pem": ("get", False),
    "operator/tenggat/": ("get", False),
    "operator/angka/": ("get post", False),
    "operator/kinerja/": ("get", False),
    "operator/kinerja/selisih/": ("get", False),
    "operator/telusur/": ("get", False),
    "operator/telusur/(?P<pk>[0-9]{1,15})/": ("get post", False),
    "operator/pertanyaan/": ("get", False),
    "operator/pertanyaan/(?P<pk>[0-9]{1,15})/": ("get post", False),
    "operator/nomor/": ("get post", False),
    "operator/rujukan/": ("get", False),
    "operator/rujukan/unggah/": ("get post", False),
    "operator/rujukan/isian.csv": ("get", False),
    "operator/rujukan/<uuid:uid>/": ("get post", False),
    "operator/nomor-diblokir/": ("get post", False),
    "operator/kunci/": ("get", True),
    "operator/kunci/baru/": ("get post", True),
    "operator/kunci/<str:prefix>/ganti/": ("get post", True),
    "operator/kunci/<str:prefix>/cabut/": ("get post", True),
    "operator/orang/": ("get", True),
    "operator/orang/baru/": ("get post", True),
    "operator/orang/(?P<pk>[0-9]{1,15})/(?P<switch>nonaktif|aktif)/": ("get post", True),
    "operator/jaga/": ("get", False),
    "operator/berlaku/": ("get", False),
    "operator/webhook/": ("get", True),
    "operator/webhook/baru/": ("get post", True),
    "operator/webhook/<uuid:uid>/tutup/": ("get post", True),
    "operator/webhook/<uuid:uid>/rahasia/": ("get post", True),
    "operator/webhook/<uuid:uid>/buka/": ("get post", True),
    "operator/webhook/<uuid:uid>/jeda/": ("post", True),
    "operator/webhook/<uuid:uid>/lanjut/": ("post", True),
    "operator/webhook/<uuid:uid>/uji/": ("post", True),
    "operator/webhook/kiriman/<uuid:uid>/ulang/": ("post", True),
}
MACHINE_METHODS = {address: line[1] for address, line in MACHINES.items()}
PAGE_METHODS = {address: line[0] for address, line in PAGES.items()}
OPEN_PAGES = {"api/schema/": "get", "api/docs/": "get"}


def logged_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time()} for method in ("password", "mfa")
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def ask(db: None, budi: User, dewi: User, eko: User) -> Callable[[str], Client]:
    """A client for each principal of the matrix."""
    makers: dict[str, Callable[[], Client]] = {
        "nobody": lambda: Client(raise_request_exception=False),
        "reviewer": lambda: logged_in(budi),
        "approver": lambda: logged_in(person("ap@aduan.example", "Ap", Role.APPROVER)),
        "auditor": lambda: logged_in(person("au@aduan.example", "Au", Role.AUDITOR)),
        "administrator": lambda: logged_in(person("ad@aduan.example", "Ad", Role.ADMINISTRATOR)),
        "list_manager": lambda: logged_in(person("lm@aduan.example", "Lm", Role.LIST_MANAGER)),
        "dewi": lambda: logged_in(dewi),
        "eko": lambda: logged_in(eko),
        "key_a": lambda: Client(headers={"authorization": f"Bearer {key_of(dewi)}"}),
        "key_b": lambda: Client(headers={"authorization": f"Bearer {key_of(eko)}"}),
    }
    return functools.cache(lambda who: makers[who]())


STAFF = ("reviewer", "approver", "auditor", "administrator", "list_manager")


def test_every_address_is_in_the_matrix():
    unknown = []
    for address, pattern in ROUTES:
        interface = interface_of(address)
        known = {
            MACHINE: address in MACHINES,
            OPERATOR: address in PAGES,
            DOCS: address in OPEN_PAGES,
            PUBLIC: pattern.name in PUBLIC_NAMES,
            MINISTRY: True,  # the site closes each of its addresses itself: see the test of strangers below
            ACCOUNT: True,  # allauth's own
            PROBES: True,
            SIGNED: True,  # a body without the signature is refused: tests/portal/tasks/test_sms.py
        }[interface]
        if not known:
            unknown.append(f"{address} ({pattern.name})")
    assert not unknown, "write down who may open these: " + ", ".join(unknown)


def test_the_matrix_names_no_address_that_is_gone():
    known = {address for address, _pattern in ROUTES}
    assert not (set(MACHINES) | set(PAGES) | set(OPEN_PAGES)) - known


def test_strangers_and_operators_people_find_no_way_into_the_ministry(ask):
    unassigned, operator = ask("nobody"), ask("dewi")
    for address in MINISTRYS:
        url = concrete(address)
        for method in ("get", "post"):
            assert getattr(unassigned, method)(url).status_code in (302, 403, 404, 405), (method, url)
            answer = getattr(operator, method)(url)
            own_exit = any(word in url for word in ("logout", "login", "jsi18n", "password_change"))
            assert answer.status_code in (403, 404, 405) or own_exit, (method, url, answer.status_code)


def test_a_key_opens_no_page_and_a_session_no_api(ask):
    machine, desk = ask("key_a"), ask("dewi")
    for address in PAGES:
        assert machine.get(concrete(address)).status_code in (302, 405), address
    for address in MACHINES:
        for method in METHODS:
            answer = getattr(desk, method)(concrete(address))
            assert answer.status_code in (401, 405), (method, address, answer.status_code)


def test_no_one_and_staff_get_nothing_from_the_api(ask):
    for who in ("nobody", *STAFF):
        client = ask(who)
        for address, (_scope, methods) in MACHINES.items():
            assert getattr(client, methods)(concrete(address)).status_code == 401, (who, address)


def test_no_one_is_sent_to_the_login_and_staff_find_no_operators_pages(ask):
    unassigned = ask("nobody")
    for address in PAGES:
        for method in ("get", "post", "put", "delete"):
            answer = getattr(unassigned, method)(concrete(address))
            assert answer.status_code == 302, (method, address)
            assert answer["Location"].startswith(settings.LOGIN_URL)
    for who in STAFF:
        client = ask(who)
        for address in PAGES:
            for method in ("get", "post"):
                assert getattr(client, method)(concrete(address)).status_code == 404, (who, method, address)


def test_each_address_has_its_methods_and_no_other(ask):
    machine, desk = ask("key_a"), ask("dewi")
    for methods_of, client in ((MACHINE_METHODS, machine), (PAGE_METHODS, desk)):
        for address, names in methods_of.items():
            allowed = set(names.split())
            for method in set(METHODS) - allowed - {"head", "options"}:
                answer = getattr(client, method)(concrete(address))
                assert answer.status_code == 405, (method, address, answer.status_code)


def test_scopes_open_what_they_name(dewi: User, db: None):
    for scope, other in (("list:read", "report:write"), ("report:write", "list:read")):
        key = key_of(dewi, name=scope, scopes=[scope])
        client = Client(headers={"authorization": f"Bearer {key}"})
        for address, (needs, method) in MACHINES.items():
            answer = getattr(client, method)(concrete(address))
            assert (answer.status_code == 403) == (needs == other), (scope, address, answer.status_code)


def test_foreign_and_missing_are_the_same_answer(ask, a_list: BlockList, b_list: BlockList, dewi: User):
    """What is B's and what does not exist look alike to A: status, body and headers."""
    own_key = key_of(dewi, name="mine")
    foreign = SAMPLES | {
        "name": name_of(a_list),
        "path": f"{a_list.folder}/{a_list.files.get(name='block.txt').sha256}.block.txt",
        "prefix": own_key.split("_")[1],
    }
    missing = SAMPLES | {"path": f"{a_list.folder.replace('telkomsel', 'nobody')}/{'0' * 64}.block.txt"}
    for client, methods_of in ((ask("key_b"), MACHINE_METHODS), (ask("eko"), PAGE_METHODS)):
        for address, names in methods_of.items():
            if "<" not in address or ("name" in address and "tuf" not in address):
                continue
            method = names.split()[0]
            one, two = (getattr(client, method)(concrete(address, samples)) for samples in (foreign, missing))
            assert one.status_code == two.status_code == 404, (address, one.status_code)
            a_path, b_path = concrete(address, foreign), concrete(address, missing)
            assert one.content.replace(a_path.encode(), b"") == two.content.replace(b_path.encode(), b""), (
                address
            )


def test_open_descriptions_hold_no_data_and_ask_for_nothing(ask):
    for address, method in OPEN_PAGES.items():
        for who in ("nobody", "dewi", "key_a"):
            assert getattr(ask(who), method)(concrete(address)).status_code == 200
    assert resolve("/api/v1/key").route == "api/v1/key"
