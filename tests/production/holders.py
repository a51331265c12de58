"""The holders of the offline keys: their machines serve nothing, and pages travel as files."""

from __future__ import annotations

from tests.production.layout import Layout

_COMMANDS = """
import glob, sys
from pathlib import Path
from django.core.management import CommandError, call_command
safe, courier = Path({folder!r}), Path({folder!r}) / "courier"
"""
_MAKE = """
for role in ("root", "targets"):
    for number in (1, 2, 3):
        call_command("keys", "create", "--role", role, "--number", str(number), "--to", str(safe))
"""
_TAKE = """
call_command("keys", "add-public", *glob.glob(f"{safe}/*.pub.pem"))
call_command("keys", "create")
"""
_REQUEST = """
call_command("keys", "request", str(courier))
"""
_SIGN = """
for page in sorted(glob.glob(f"{courier}/*.json")):
    role = "root" if ".root." in page else "targets"
    for number in (1, 3):
        call_command("keys", "sign", "--key", str(safe / f"{role}-{number}.pem"), page)
"""
_IMPORT = """
pages = glob.glob(f"{courier}/*.json")
try:
    pages and call_command("keys", "import", *pages)
except CommandError as replaced:  # by the clock, which published meanwhile: the next round signs it
    print(replaced)
for page in pages:
    Path(page).unlink()
"""


def first_ceremony(layout: Layout) -> None:
    """From nothing to a signed repository: online keys in `lists`, all others with their holders."""
    user = layout.image.user
    layout.make_folder("holders/courier", 0o700, user.uid, user.gid)
    layout.give(layout.folder / "holders")
    said = layout.run_once("python", "manage.py", "keys", "create", part="lists")
    assert "root-1, root-2, root-3, targets-1, targets-2, targets-3" in said, said
    said = run(layout, _MAKE, part="worker")
    assert said.count("two carriers") == 6
    said = run(layout, _TAKE + _REQUEST, part="lists")
    assert "Pages wait for two of three holders" in said, said
    _sign(layout)


def sign_all(layout: Layout) -> str:
    """Two holders sign everything that waits; what the part `lists` said about it."""
    run(layout, _REQUEST, part="lists")
    return _sign(layout)


def _sign(layout: Layout) -> str:
    run(layout, _SIGN, part="worker")
    return run(layout, _IMPORT, part="lists")


def run(layout: Layout, code: str, *, part: str) -> str:
    code = _COMMANDS.format(folder=str(layout.folder / "holders")) + code
    return layout.run_once("python", "manage.py", "shell", "--no-imports", "-c", code, part=part)
