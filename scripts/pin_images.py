"""Write the digest of each base image beside its tag, in Dockerfile and docker-compose.yml.

`make pin-images` asks the registries through docker, so it needs both. Run it with each release; `manage.py
doctor` names images without a digest. No digest is written by hand.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
FILES: Final = ("Dockerfile", "docker-compose.yml")
_NAME: Final = re.compile(
    r"^(?P<head>(?:FROM|\s+image:) +)(?P<name>[\w./-]+:[\w.-]+)(?:@sha256:[0-9a-f]{64})?(?=\s|$)",
    re.MULTILINE,
)
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


def names_in(text: str) -> list[str]:
    """Images with their tags, without those that are built here."""
    found = {match["name"] for match in _NAME.finditer(text)}
    return sorted(name for name in found if not name.endswith(":local"))


def pinned(text: str, digests: Mapping[str, str]) -> str:
    """The text with the digest behind each image that has one; an older digest is replaced."""

    def write(match: re.Match[str]) -> str:
        digest = digests.get(match["name"])
        return f"{match['head']}{match['name']}@{digest}" if digest else match[0]

    return _NAME.sub(write, text)


def digest_of(name: str) -> str:
    """What the registry says of the tag now. Raises OSError or SubprocessError without docker or network."""
    command = ["docker", "buildx", "imagetools", "inspect", name, "--format", "{{.Manifest.Digest}}"]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout.strip()
    if not _DIGEST.fullmatch(said):
        raise OSError(f"docker answers no digest for {name}: {said[:100]!r}")
    return said


def main() -> int:
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in FILES}
    try:
        digests = {name: digest_of(name) for name in names_in("\n".join(texts.values()))}
    except (OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"pin-images: nothing was changed: {error}\n")
        return 1
    for file, text in texts.items():
        (ROOT / file).write_text(pinned(text, digests), encoding="utf-8")
    for name, digest in digests.items():
        sys.stdout.write(f"{name}@{digest}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
