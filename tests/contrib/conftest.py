"""What the loaders are run with: lists as the client hands them over, and the programs they load into."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

LOADERS = Path(__file__).parents[2] / "contrib" / "loaders"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
FIRST, SECOND = ["6281200000001", "6281200000002", "6285100000003"], ["6281200000002", "628990000000"]


def program(name: str, package: str) -> str:
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"no {name} (apt-get install {package}): its loader was not tried")
    return found


@dataclass
class Client:
    """What fetch_block_list.py hands to its command, list after list."""

    folder: Path
    known: tuple[str, ...] = ()

    def change(self, loader: str, numbers: list[str], **environment: str) -> None:
        done = self.run(loader, numbers, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        self.known = tuple(numbers)

    def run(self, loader: str, numbers: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
        block_list = self.folder / "list"
        block_list.mkdir(exist_ok=True)
        files = {
            block_list / "block.txt": numbers,
            self.folder / "added.txt": sorted(set(numbers) - set(self.known)),
            self.folder / "removed.txt": sorted(set(self.known) - set(numbers)),
        }
        for path, lines in files.items():
            path.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
        given = {
            "ADUAN_LIST": str(block_list),
            "ADUAN_ADDED": str(self.folder / "added.txt"),
            "ADUAN_REMOVED": str(self.folder / "removed.txt"),
            "ADUAN_OUTCOMES": str(self.folder / "outcomes.csv"),
        }
        return subprocess.run(
            [str(LOADERS / loader)], env=os.environ | {"PATH": PATH} | given | environment,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def reported(self) -> list[tuple[str, str]]:
        with (self.folder / "outcomes.csv").open(newline="", encoding="ascii") as file:
            return [(row["number"], row["answer"]) for row in csv.DictReader(file)]


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)
