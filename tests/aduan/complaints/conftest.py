"""Every test here has an evidence folder of its own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def evidence_folder(tmp_path, settings):
    folder = tmp_path / "evidence"
    options = {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "evidence": options}
    return folder
