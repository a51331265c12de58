"""What a web process loads: every process pays for it at each start, in seconds and megabytes."""

from __future__ import annotations

import subprocess
import sys

ONLY_WORKERS = ("av", "duckdb", "numpy", "pillow_heif", "pypdfium2", "sklearn", "tesserocr")
LOAD = f"""
import sys
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
print(*sorted(set({ONLY_WORKERS!r}) & set(sys.modules)))
"""


def test_the_pages_load_no_library_that_only_workers_need():
    loaded = subprocess.run([sys.executable, "-c", LOAD], check=True, capture_output=True, text=True)
    assert loaded.stdout.split() == []
