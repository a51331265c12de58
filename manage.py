#!/usr/bin/env python3
"""The console: `.venv/bin/python manage.py <command>`."""

import base64
import importlib.util
import os
import secrets
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aduan.settings")
    if not os.environ.get("ADUAN_ENV") and importlib.util.find_spec("devserver"):  # not in the image
        from devserver.console import adopt

        adopt()
    if not os.environ.get("ADUAN_ENV") and needs_no_servers(sys.argv[1:]):
        do_without_servers()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def needs_no_servers(words: list[str]) -> bool:
    """Whether it runs on machines that serve nothing: of holders of keys, of the watchdog, after a fire."""
    if words[:2] == ["keys", "create"]:
        return any(word.partition("=")[0] == "--to" for word in words)
    return words[:1] in (["parse_numbers"], ["watchdog"], ["restore_secrets"]) or words[:2] in (
        ["backup", "keygen"],
        ["keys", "sign"],
    )


def do_without_servers() -> None:
    """For a command that needs none: secrets that are used for nothing, and servers that are not there."""
    os.environ["ADUAN_ENV"] = "demo"
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = "postgres://127.0.0.1:9/none", "redis://127.0.0.1:9"
    for name in ("ADUAN_SECRET_KEY", "ADUAN_VAULT_KEYS", "ADUAN_BLIND_INDEX_KEY"):
        os.environ[name] = base64.b64encode(secrets.token_bytes(32)).decode("ascii")


if __name__ == "__main__":
    main()
