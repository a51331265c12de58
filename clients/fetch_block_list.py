#!/usr/bin/env python3
"""Fetch one operator's block list from Aduan Nomor, verify it, and put it into place. For a cron line.

    fetch_block_list.py --url https://aduannomor.example/api/v1/ --operator telkomsel \
        --root root.json --key-file key.txt --state /var/lib/aduan-nomor [--on-change ./load.sh]

Needs Python 3.10 or newer and `tuf` (pip install tuf). `root.json` is the only thing to be got by a safe way;
its fingerprint is read out on the telephone. All else is verified from there, by The Update Framework.

What blocks is `STATE/current/block.txt` (one number a line, digits only, sorted): a link that is switched
in one step, to a folder that was verified whole. On any doubt the list that is there stays; the exit status
says why:

    0  a new list is in place, or there is nothing new
    2  REFUSED: something is wrong, forged, mixed or rolled back
    3  the server could not be reached
    4  STALE: no fresh word for longer than --max-age, or what is served has expired
    5  the list is in place, but --on-change or the report failed; the next run tries again

`--on-change` gets ADUAN_LIST (the folder), ADUAN_DIGEST, ADUAN_SEQUENCE and ADUAN_OUTCOMES in its
environment. If it writes a CSV (`number,answer,acted_at,reason`) to the file ADUAN_OUTCOMES, that is reported
back.
"""

import argparse
import fcntl
import hashlib
import http.client
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.ngclient import Updater, UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface

OK, REFUSED, UNREACHABLE, STALE, NOT_REPORTED = 0, 2, 3, 4, 5
FORMAT = "aduan-nomor-list/1"
FILES = ("block.txt", "block.csv", "added.txt", "removed.txt")
CHUNK = 1 << 20
MAX_MANIFEST = 1 << 20


class Refused(Exception):
    """The list that was offered must not be used; the old one stays."""


class Fetcher(FetcherInterface):
    """Plain HTTPS with the key. TUF says how long each file may be; one byte more ends the transfer."""

    def __init__(self, key: str, timeout: float) -> None:
        self._headers = {"User-Agent": "aduan-nomor-client/1"}
        if key:
            self._headers["Authorization"] = "Bearer " + key
        self._timeout = timeout

    def _fetch(self, url: str) -> Iterator[bytes]:
        request = urllib.request.Request(url, headers=self._headers)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                while True:
                    chunk = answer.read(64 * 1024)
                    if not chunk:
                        return
                    yield chunk
        except urllib.error.HTTPError as error:
            error.close()
            raise DownloadHTTPError(str(error), error.code) from error
        except (OSError, http.client.HTTPException) as error:
            raise DownloadError(f"{url}: {error}") from error


class Client:
    """One operator's state folder: `trust/` for TUF, `lists/<sequence>-<digest>/`, and the link `current`."""

    def __init__(self, options: argparse.Namespace, key: str) -> None:
        self.operator, self.series = options.operator, options.series
        self.state = Path(options.state)
        self.url = options.url.rstrip("/") + "/"
        self.key, self.timeout = key, options.timeout
        for name in ("trust", "lists", "incoming"):
            (self.state / name).mkdir(parents=True, exist_ok=True)
        self.updater = Updater(
            str(self.state / "trust"),
            self.url + "tuf/metadata/",
            target_base_url=self.url + "tuf/targets/",
            fetcher=Fetcher(key, options.timeout),
            config=UpdaterConfig(targets_max_length=20_000_000),
            bootstrap=Path(options.root).read_bytes(),
        )

    def current(self) -> tuple[Path | None, dict[str, Any], str]:
        """The folder in use, its manifest and the manifest's digest; nothing before the first list."""
        link = self.state / "current"
        if not link.exists():
            return None, {}, ""
        body = (link / "manifest.json").read_bytes()
        return link.resolve(), json.loads(body), hashlib.sha256(body).hexdigest()

    def update(self) -> bool:
        """True when a new list was put into place. Raises Refused, RepositoryError or DownloadError."""
        self.updater.refresh()
        (self.state / "last-word").touch()
        folder, old, old_digest = self.current()
        name = "latest.json" if self.series != "inbound" else "latest-inbound.json"
        latest = self.updater.get_targetinfo(self.operator + "/" + name)
        if latest is None:
            if folder is not None:
                raise Refused(f"the repository no longer knows a list for {self.operator}")
            return False
        if latest.length > MAX_MANIFEST:
            raise Refused("the manifest is too long")
        incoming = self.state / "incoming" / "list"
        shutil.rmtree(incoming, ignore_errors=True)
        incoming.mkdir()
        body = self._download(latest, incoming / "manifest.json")
        new, digest = json.loads(body.read_bytes()), latest.hashes["sha256"]
        if digest == old_digest:
            return False
        self._must_follow(new, old, old_digest)
        for file in FILES:
            self._take(new, file, incoming)
        self._must_be_whole(new, incoming)
        if folder is not None and new["sequence"] == old["sequence"] + 1:
            must_add_up(folder / "block.txt", incoming)
        self._put_into_place(incoming, f"{new['sequence']:06d}-{digest[:16]}")
        return True

    def _must_follow(self, new: dict[str, Any], old: dict[str, Any], old_digest: str) -> None:
        """The manifest is ours and comes after the one we have."""
        if new.get("format") != FORMAT or new.get("operator") != self.operator:
            raise Refused(f"the manifest is not for {self.operator}")
        expected = "{}/{}/{}-v{}".format(self.operator, new["period"], new["kind"], new["version"])
        if new["folder"] != expected or not isinstance(new["sequence"], int):
            raise Refused("the manifest contradicts itself")
        if not old:
            return
        if new["sequence"] <= old["sequence"]:
            raise Refused("sequence {} after {}: rolled back".format(new["sequence"], old["sequence"]))
        if new["sequence"] == old["sequence"] + 1 and new["previous"]["sha256"] != old_digest:
            raise Refused("the list does not follow the one in use")

    def _take(self, manifest: dict[str, Any], file: str, folder: Path) -> None:
        info = self.updater.get_targetinfo(manifest["folder"] + "/" + file)
        said = manifest["files"][file]
        if info is None or info.length != said["size"] or info.hashes["sha256"] != said["sha256"]:
            raise Refused(f"manifest and repository differ about {file}")
        self._download(info, folder / file)

    def _download(self, info: Any, path: Path) -> Path:
        self.updater.download_target(info, str(path))
        with path.open("rb") as file:
            os.fsync(file.fileno())
        return path

    def _must_be_whole(self, manifest: dict[str, Any], folder: Path) -> None:
        for part in ("block", "added", "removed"):
            count = sum(1 for _ in numbers(folder / (part + ".txt")))
            if count != manifest["counts"][part]:
                raise Refused(f"{part}.txt has {count} numbers, not {manifest['counts'][part]}")

    def _put_into_place(self, incoming: Path, name: str) -> None:
        """The folder gets its name, then the link is switched in one step."""
        final = self.state / "lists" / name
        shutil.rmtree(final, ignore_errors=True)
        sync(incoming)
        incoming.rename(final)
        sync(final.parent)
        link = self.state / "current.new"
        if link.is_symlink():
            link.unlink()
        link.symlink_to(Path("lists") / name)
        link.replace(self.state / "current")
        sync(self.state)
        for old in sorted((self.state / "lists").iterdir())[:-3]:
            if old.name != name:
                shutil.rmtree(old)

    def tell(self, command: str) -> bool:
        """Run the operator's own command for a list that it has not taken yet, then report its answers."""
        folder, manifest, digest = self.current()
        done = self.state / "taken"
        if folder is None or (done.exists() and done.read_text() == digest):
            return True
        outcomes = self.state / "incoming" / "outcomes.csv"
        if outcomes.exists():
            outcomes.unlink()
        if command:
            environment = dict(
                os.environ,
                ADUAN_LIST=str(folder),
                ADUAN_DIGEST=digest,
                ADUAN_SEQUENCE=str(manifest["sequence"]),
                ADUAN_OUTCOMES=str(outcomes),
            )
            if subprocess.run(["/bin/sh", "-c", command], env=environment).returncode != 0:
                return False
            if outcomes.exists() and not self.report(outcomes):
                return False
        temporary = self.state / "taken.new"
        temporary.write_text(digest)
        temporary.replace(done)
        return True

    def report(self, outcomes: Path) -> bool:
        """Send what was done, about the list in use. The same file twice changes nothing there."""
        _folder, manifest, digest = self.current()
        name = "{}-{}-v{}".format(manifest["period"], manifest["kind"], manifest["version"])
        headers = {
            "Authorization": "Bearer " + self.key,
            "Content-Type": "text/csv",
            "X-List-Digest": digest,
            "Content-Length": str(outcomes.stat().st_size),
        }
        with outcomes.open("rb") as body:
            request = urllib.request.Request(
                self.url + "lists/" + name + "/outcomes", data=body, headers=headers, method="POST"
            )
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                    return bool(200 <= answer.status < 300)
            except urllib.error.HTTPError as error:
                say("report refused: {} {}".format(error.code, error.read(2000).decode("utf-8", "replace")))
                error.close()
                return False
            except (OSError, http.client.HTTPException) as error:
                say(f"report not sent: {error}")
                return False


def numbers(path: Path) -> Iterator[bytes]:
    """The numbers of a list, in order. Raises Refused at the first line that is not canonical."""
    before = b""
    with path.open("rb") as file:
        for line in file:
            number = line[:-1]
            if line[-1:] != b"\n" or not number.isdigit() or number[:1] == b"0" or number <= before:
                raise Refused(f"{path.name} is not canonical")
            before = number
            yield number


def must_add_up(old: Path, new: Path) -> None:
    """new = old + added - removed, read side by side without holding any of them in memory."""
    added, removed = numbers(new / "added.txt"), numbers(new / "removed.txt")
    end = b"~"  # sorts after every digit
    came, gone = next(added, end), next(removed, end)
    here = numbers(old)
    stays, wanted = next(here, end), numbers(new / "block.txt")
    for number in wanted:
        while stays == gone != end:
            stays, gone = next(here, end), next(removed, end)
        if number == came and came != stays:
            came = next(added, end)
        elif number == stays:
            stays = next(here, end)
        else:
            raise Refused("the list is not the one before plus what was added")
    while stays == gone != end:
        stays, gone = next(here, end), next(removed, end)
    if (came, gone, stays) != (end, end, end):
        raise Refused("the list is not the one before minus what was removed")


def sync(folder: Path) -> None:
    descriptor = os.open(str(folder), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def say(text: str) -> None:
    print("aduan-nomor: " + text, file=sys.stderr)


def age_hours(state: Path) -> float:
    """Hours since the repository last proved to be fresh."""
    word = state / "last-word"
    return (time.time() - word.stat().st_mtime) / 3600 if word.exists() else float("inf")


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", required=True, help="the address of the API, ending in /api/v1/")
    parser.add_argument("--operator", required=True, help="your operator's code")
    parser.add_argument("--root", required=True, help="the root.json that you verified by a safe way")
    parser.add_argument("--state", required=True, help="the folder for lists and trust")
    parser.add_argument("--key-file", help="a file with the access key (or set ADUAN_KEY)")
    parser.add_argument("--series", choices=("block", "inbound"), default="block")
    parser.add_argument("--on-change", default="", help="a shell command to run for each new list")
    parser.add_argument("--max-age", type=float, default=26, help="hours without a fresh word until exit 4")
    parser.add_argument("--timeout", type=float, default=30)
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    state = Path(options.state)
    state.mkdir(parents=True, exist_ok=True)
    key = os.environ.get("ADUAN_KEY", "")
    if options.key_file:
        key = Path(options.key_file).read_text(encoding="ascii").strip()
    with (state / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another run is at work")
            return OK
        return run(options, key, state)


def run(options: argparse.Namespace, key: str, state: Path) -> int:
    try:
        client = Client(options, key)
        if client.update():
            say("new list: {}".format(client.current()[1]["folder"]))
        return OK if client.tell(options.on_change) else NOT_REPORTED
    except ExpiredMetadataError as error:
        say(f"STALE, the old list stays: {error}")
        return STALE
    except (DownloadHTTPError, DownloadError) as error:
        if isinstance(error.__cause__, RepositoryError) or "Length" in type(error).__name__:
            say(f"REFUSED, the old list stays: {error}")
            return REFUSED
        say(f"not reachable, the old list stays: {error}")
        return STALE if age_hours(state) > options.max_age and (state / "last-word").exists() else UNREACHABLE
    except (Refused, RepositoryError, ValueError, KeyError, TypeError) as error:
        say(f"REFUSED, the old list stays: {type(error).__name__}: {error}")
        return REFUSED


if __name__ == "__main__":
    sys.exit(main())
