#!/usr/bin/env python3
"""The console: `.venv/bin/python manage.py <command>`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aduan.settings")
    if not os.environ.get("ADUAN_MODE"):
        from devserver.console import adopt

        adopt()
        if "parse_numbers" in sys.argv[1:2]:  # reads text, needs neither server nor secret
            os.environ.setdefault("ADUAN_MODE", "test")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
