"""Base images get their digests from the registry, never by hand; what is not pinned is named by doctor."""

from __future__ import annotations

import re

import pytest

from scripts import pin_images

OLD, NEW = "sha256:" + "a" * 64, "sha256:" + "b" * 64
TEXTS = {name: (pin_images.ROOT / name).read_text(encoding="utf-8") for name in pin_images.FILES}


def test_every_image_of_the_project_is_found_and_its_own_are_not() -> None:
    names = pin_images.names_in("\n".join(TEXTS.values()))
    assert {name.partition(":")[0] for name in names} == {"python", "nginx", "postgres", "valkey/valkey"}


@pytest.mark.parametrize("file", pin_images.FILES)
def test_a_digest_is_written_behind_each_tag_and_replaced_by_the_next(file: str) -> None:
    names = pin_images.names_in(TEXTS[file])
    once = pin_images.pinned(TEXTS[file], dict.fromkeys(names, OLD))
    twice = pin_images.pinned(once, dict.fromkeys(names, NEW))
    assert pin_images.names_in(once) == names
    assert once.count(OLD) == twice.count(NEW) > 0
    assert OLD not in twice
    assert re.sub(r"@sha256:[0-9a-f]{64}", "", twice) == re.sub(r"@sha256:[0-9a-f]{64}", "", TEXTS[file])


def test_without_docker_nothing_is_changed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert pin_images.main() == 1
    assert "nothing was changed" in capsys.readouterr().err
    assert {name: (pin_images.ROOT / name).read_text(encoding="utf-8") for name in pin_images.FILES} == TEXTS
