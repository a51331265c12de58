"""Run by the supervisor in a process of its own: brings database, sample and static files up to date.

Each step prints `step: <what>` as it begins; the supervisor shows it.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aduan.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command, get_commands

    known = get_commands()
    _step("bringing the database up to date", lambda: call_command("migrate", verbosity=0))
    if "load_reference" in known:
        _step("loading operators, number ranges and legal references", lambda: call_command("load_reference"))
    if "keys" in known:
        _step("making the keys that lists are signed with", lambda: call_command("keys", "create"))
    if "seed_sample" in known and os.environ.get("ADUAN_SAMPLE", "1") != "0" and _is_empty():
        _step("drawing up a lively sample", lambda: call_command("seed_sample"))
    if not settings.DEVELOPMENT:  # runserver finds static files where they lie
        _static()


def _step(text: str, act: Callable[[], object]) -> None:
    print(f"step: {text}", flush=True)
    act()


def _is_empty() -> bool:
    from django.apps import apps

    return not apps.get_model("complaints", "Complaint")._default_manager.exists()


def _static() -> None:
    """collectstatic takes seconds; skip it while no source changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    facts = hashlib.sha256(sys.version.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            facts.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if not stamp.exists() or stamp.read_text(encoding="ascii") != facts.hexdigest():
        _step(
            "collecting static files",
            lambda: call_command("collectstatic", "--noinput", "--clear", verbosity=0),
        )
        stamp.write_text(facts.hexdigest(), encoding="ascii")


if __name__ == "__main__":
    main()
