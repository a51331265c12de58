"""Notices changed sources, for the processes that do not watch for themselves (`make dev`)."""

from collections.abc import Iterator
from pathlib import Path

from devserver.home import PROJECT

WATCHED = ("aduan", "portal", "sample")
SUFFIXES = (".py", ".po", ".sql")


class Sources:
    """The state of all sources when last asked."""

    def __init__(self, root: Path = PROJECT) -> None:
        self.root = root
        self._seen = self._state()

    def changed(self) -> bool:
        """Whether a source was written, added or removed since the last call."""
        now = self._state()
        before, self._seen = self._seen, now
        return before != now

    def _state(self) -> dict[Path, int]:
        return dict(self._stamps())

    def _stamps(self) -> Iterator[tuple[Path, int]]:
        for name in WATCHED:
            for path in (self.root / name).rglob("*"):
                if path.suffix in SUFFIXES:
                    try:
                        yield path, path.stat().st_mtime_ns
                    except FileNotFoundError:  # an editor's way of saving
                        continue
