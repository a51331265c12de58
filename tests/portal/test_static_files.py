"""A script that another imports is named by its digest: nginx tells browsers to keep static files."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from portal.common.static_files import NamedByDigest


def test_an_imported_script_is_named_by_its_digest(tmp_path: Path) -> None:
    storage = NamedByDigest(location=str(tmp_path), base_url=settings.STATIC_URL)
    paths = {}
    for finder in get_finders():
        for name, source in finder.list([]):
            if name in {"js/send.js", "js/answers.js", "js/files.js"}:
                with source.open(name) as file:
                    storage.save(name, file)
                paths[name] = (source, name)
    assert len(paths) == 3
    list(storage.post_process(paths))
    [answers] = (tmp_path / "js").glob("answers.????????????.js")
    for pattern in ("send.????????????.js", "files.????????????.js"):
        [script] = (tmp_path / "js").glob(pattern)
        assert re.findall(r'from "([^"]+)"', script.read_text(encoding="utf-8")) == [f"./{answers.name}"]
