"""What a process loads as it starts: each pays for it at every start, in seconds and megabytes."""

from __future__ import annotations

import subprocess
import sys

import pytest

USED_LATER = ("av", "boto3", "duckdb", "numpy", "pillow_heif", "pypdfium2", "sklearn", "tesserocr")
PAGES = "from django.urls import get_resolver; get_resolver().url_patterns"
TASKS = "import portal.tasks.tasks"


@pytest.mark.parametrize(
    ("loads", "libraries"), [(PAGES, USED_LATER), (TASKS, (*USED_LATER, "PIL"))], ids=["pages", "workers"]
)
def test_a_process_loads_no_library_that_few_of_its_acts_need(loads: str, libraries: tuple[str, ...]):
    program = f"""
import sys
import django
django.setup()
{loads}
print(*sorted(set({libraries!r}) & set(sys.modules)))
"""
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert loaded.stdout.split() == []


def test_the_library_that_evidence_in_a_bucket_needs_is_there_when_it_is_used():
    program = """
import django
django.setup()
import aduan.blocklists.services
import aduan.complaints.evidence.s3
"""
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
