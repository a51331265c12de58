"""Where a restored database comes to lie, and whose it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import CommandError

from portal.management.backup.recovery import Cluster


def test_an_account_that_is_missing_is_named_before_anything_is_written(tmp_path: Path):
    """It was a KeyError after the base backup had been unpacked, into a folder that was not empty then."""
    data = tmp_path / "18" / "docker"
    with pytest.raises(CommandError, match="no account 'no-such-account'"):
        Cluster(data, tmp_path, "no-such-account").make_folder()
    assert not data.parent.exists()


def test_every_account_passes_the_folders_that_were_missing(tmp_path: Path):
    """In a new volume PostgreSQL could not reach its data: our umask closed the folder above them.

    In compose the images of the backup and of the database number its account differently.
    """
    data = tmp_path / "18" / "docker"
    before = os.umask(0o027)
    try:
        Cluster(data, tmp_path, "").make_folder()
    finally:
        os.umask(before)
    assert data.parent.stat().st_mode & 0o777 == 0o755
    assert data.stat().st_mode & 0o777 == 0o700
