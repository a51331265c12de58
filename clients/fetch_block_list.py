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
    6  this machine: its disk is full, a file cannot be read or written, its clock is wrong

`--on-change` gets in its environment ADUAN_LIST (the folder), ADUAN_DIGEST, ADUAN_SEQUENCE, ADUAN_ADDED and
ADUAN_REMOVED (files: what to block and what to lift since the list that the command took last, also when
lists in between were missed) and ADUAN_OUTCOMES. If it writes a CSV (`number,answer,acted_at,reason`) to the
file ADUAN_OUTCOMES, that is reported back.
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
import urllib.parse
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

OK, REFUSED, UNREACHABLE, STALE, NOT_REPORTED, THIS_MACHINE = 0, 2, 3, 4, 5, 6
FORMAT = "aduan-nomor-list/1"
FILES = ("block.txt", "block.csv", "added.txt", "removed.txt")
CHUNK = 1 << 20
MAX_MANIFEST = 1 << 20
END = b"~"  # sorts after every digit
CLOCK_SLACK = 3600  # seconds


class Refused(Exception):
    """The list that was offered must not be used; the old one stays."""


class LocalError(OSError):
    """This machine is the cause (disk, key, clock): its administrator acts, not the ministry."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The lists are at the configured address only; a redirect would send the key elsewhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


OPENER = urllib.request.build_opener(NoRedirect)


class Fetcher(FetcherInterface):
    """Plain HTTPS with the key. TUF says how long each file may be; one byte more ends the transfer.

    So does the end of the time that a run may take: a server that drips must not hold the lock for ever.
    """

    def __init__(self, key: str, *, timeout: float, minutes: float) -> None:
        self._headers = {"User-Agent": "aduan-nomor-client/1"}
        if key:
            self._headers["Authorization"] = "Bearer " + key
        self._timeout = timeout
        self._until = time.monotonic() + minutes * 60

    def _fetch(self, url: str) -> Iterator[bytes]:
        request = urllib.request.Request(url, headers=self._headers)
        try:
            with OPENER.open(request, timeout=self._timeout) as answer:
                announced, got = answer.headers.get("Content-Length", ""), 0
                while chunk := answer.read1(64 * 1024):
                    got += len(chunk)
                    yield chunk
                    if time.monotonic() > self._until:
                        raise DownloadError(f"{url}: too slow, given up after {got} bytes")
                if announced.isdigit() and got < int(announced):
                    raise DownloadError(f"{url}: cut off after {got} of {announced} bytes")
        except urllib.error.HTTPError as error:
            raise DownloadHTTPError(f"{url}: {answered(error)}", error.code) from error
        except (OSError, http.client.HTTPException) as error:
            raise DownloadError(f"{url}: {error}") from error


def answered(error: urllib.error.HTTPError) -> str:
    """Why the server said no, in its own words where it has some."""
    with error:
        if 300 <= error.code < 400:
            return "redirected to {}, which is not followed".format(error.headers.get("Location"))
        try:
            problem = json.loads(error.read(4096))
            return "{} {}: {}".format(error.code, problem["code"], problem["detail"])
        except (OSError, http.client.HTTPException, ValueError, LookupError, TypeError):
            return f"{error.code} {error.reason}"


class Client:
    """One operator's state folder: `trust/` for TUF, `lists/<sequence>-<digest>/`, and two links to lists.

    `current`, the one in use, and `taken`, the last one that --on-change and the report were done for.
    """

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
            fetcher=Fetcher(key, timeout=options.timeout, minutes=options.minutes),
            config=UpdaterConfig(targets_max_length=20_000_000),
            bootstrap=Path(options.root).read_bytes(),
        )

    def current(self) -> tuple[Path | None, dict[str, Any], str]:
        """The folder in use, its manifest and the manifest's digest; nothing before the first list."""
        link = self.state / "current"
        if not link.exists():
            return None, {}, ""
        body = (link / "manifest.json").read_bytes()
        try:
            return link.resolve(), json.loads(body), hashlib.sha256(body).hexdigest()
        except ValueError as error:
            raise LocalError(f"{link}/manifest.json is damaged: remove {link} and run again") from error

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
        if new["selected_at"] > instant(time.time() + CLOCK_SLACK):
            raise LocalError("the clock is behind: the list was made at " + new["selected_at"])
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
        self._point("current", name)
        taken = (self.state / "taken").resolve().name
        for old in sorted((self.state / "lists").iterdir())[:-3]:
            if old.name not in (name, taken):
                shutil.rmtree(old)

    def _point(self, link: str, name: str) -> None:
        """Switches a link to a list in one step."""
        fresh = self.state / (link + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("lists") / name)
        fresh.replace(self.state / link)
        sync(self.state)

    def tell(self, command: str) -> bool:
        """Run the operator's own command for a list that it has not taken yet, then report its answers."""
        folder, manifest, digest = self.current()
        taken = self.state / "taken"
        known = taken.resolve() if taken.is_symlink() and taken.exists() else None
        if folder is None or known == folder:
            return True
        if command:
            files = {
                name: self.state / "incoming" / name for name in ("added.txt", "removed.txt", "outcomes.csv")
            }
            differences(known, folder, added=files["added.txt"], removed=files["removed.txt"])
            outcomes = files["outcomes.csv"]
            outcomes.unlink(missing_ok=True)
            environment = dict(
                os.environ,
                ADUAN_LIST=str(folder),
                ADUAN_DIGEST=digest,
                ADUAN_SEQUENCE=str(manifest["sequence"]),
                ADUAN_ADDED=str(files["added.txt"]),
                ADUAN_REMOVED=str(files["removed.txt"]),
                ADUAN_OUTCOMES=str(outcomes),
            )
            if subprocess.run(["/bin/sh", "-c", command], env=environment).returncode != 0:
                say("--on-change failed; the next run tries again")
                return False
            if outcomes.exists() and not self.report(outcomes):
                return False
        self._point("taken", folder.name)
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
                with OPENER.open(request, timeout=self.timeout) as answer:
                    return bool(200 <= answer.status < 300)
            except urllib.error.HTTPError as error:
                say("report refused: " + answered(error))
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
    came, gone = next(added, END), next(removed, END)
    here = numbers(old)
    stays, wanted = next(here, END), numbers(new / "block.txt")
    for number in wanted:
        while stays == gone != END:
            stays, gone = next(here, END), next(removed, END)
        if number == came and came != stays:
            came = next(added, END)
        elif number == stays:
            stays = next(here, END)
        else:
            raise Refused("the list is not the one before plus what was added")
    while stays == gone != END:
        stays, gone = next(here, END), next(removed, END)
    if (came, gone, stays) != (END, END, END):
        raise Refused("the list is not the one before minus what was removed")


def differences(old: Path | None, new: Path, *, added: Path, removed: Path) -> None:
    """What there is to do between two lists, whatever came in between. Constant memory."""
    was, now = numbers(old / "block.txt") if old else iter(()), numbers(new / "block.txt")
    before, after = next(was, END), next(now, END)
    with added.open("wb") as come, removed.open("wb") as gone:
        while (before, after) != (END, END):
            if before == after:
                before, after = next(was, END), next(now, END)
            elif before < after:
                gone.write(before + b"\n")
                before = next(was, END)
            else:
                come.write(after + b"\n")
                after = next(now, END)


def sync(folder: Path) -> None:
    descriptor = os.open(str(folder), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def instant(seconds: float) -> str:
    """As the manifest writes a time, so that texts compare as times do."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def say(text: str) -> None:
    """One line, whatever a server put into it."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    print("aduan-nomor: " + line, file=sys.stderr)


def hours_since(path: Path) -> float:
    """Hours since a file was last touched; 0 for one that is not there."""
    return (time.time() - path.stat().st_mtime) / 3600 if path.exists() else 0.0


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
    parser.add_argument("--timeout", type=float, default=30, help="seconds to wait for a sign of the server")
    parser.add_argument("--minutes", type=float, default=60, help="how long one run may fetch")
    return parser.parse_args(argv)


def key_of(options: argparse.Namespace) -> str:
    key = os.environ.get("ADUAN_KEY", "").strip()
    if options.key_file:
        key = Path(options.key_file).read_text(encoding="utf-8").strip()
    if not key.isascii() or any(sign.isspace() for sign in key):
        raise LocalError("the access key is not one word")
    address = urllib.parse.urlsplit(options.url)
    if address.scheme != "https" and address.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise LocalError("--url must begin with https://, or the key can be read on the way")
    return key


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    state = Path(options.state)
    try:
        key = key_of(options)
        state.mkdir(parents=True, exist_ok=True)
        with (state / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                hours = hours_since(state / ".lock")
                say(f"another run is at work, for {hours:.1f} hours")
                return STALE if hours > options.max_age else OK
            os.utime(state / ".lock")
            return run(options, key, state)
    except (OSError, UnicodeDecodeError) as error:
        say(f"this machine: {error}; the list in use stays")
        return THIS_MACHINE


def run(options: argparse.Namespace, key: str, state: Path) -> int:
    try:
        client = Client(options, key)
        if client.update():
            say("new list: {}".format(client.current()[1]["folder"]))
        return OK if client.tell(options.on_change) else NOT_REPORTED
    except ExpiredMetadataError as error:
        say(f"STALE, the old list stays: {error}. This machine's clock says {instant(time.time())}.")
        return STALE
    except (DownloadHTTPError, DownloadError) as error:
        if isinstance(error.__cause__, RepositoryError) or "Length" in type(error).__name__:
            say(f"REFUSED, the old list stays: {error}")
            return REFUSED
        say(f"not reachable, the old list stays: {error}")
        return STALE if hours_since(state / "last-word") > options.max_age else UNREACHABLE
    except (Refused, RepositoryError, ValueError, KeyError, TypeError) as error:
        say(f"REFUSED, the old list stays: {type(error).__name__}: {error}")
        return REFUSED


if __name__ == "__main__":
    sys.exit(main())
