#!/usr/bin/env python3
"""Fetch one operator's block list from Aduan Nomor, verify it, and put it into place. For a cron line.

    fetch_block_list.py --url https://aduannomor.example/api/v1/ --operator telkomsel \
        --root root.json --key-file key.txt --state /var/lib/aduan-nomor [--on-change ./load.sh]

Needs Python 3.10 or newer and `tuf` (pip install tuf). `root.json` is the only thing to be got by a safe way;
its fingerprint is compared on the telephone (`--show-trust` prints it). All else is verified from there, by
The Update Framework.

What blocks is `STATE/in-force/block.txt` (one number a line, digits only, sorted): a link that is switched
in one step, to a folder that was verified whole. It is `STATE/current`, the list as it was published, without
the rows whose hour (`ends_at`) is over: this client takes them out by itself, at each run, also when it
reaches no server, and of a damaged copy. On any doubt the list that is there stays; the exit status says why:

    0  a new list is in place, or the one in place is the newest
    2  REFUSED: something is wrong, forged, mixed or rolled back
    3  the server could not be reached
    4  STALE: no fresh word for longer than --max-age, what is served has expired, or another run hangs
    5  the list is in place, but --on-change failed or ran out of time, or rows of the report were refused
    6  this machine: disk full, a file cannot be read or written, wrong clock, unknown --operator or key
    7  NO LIST: nothing is in place: the ministry has published none of this series for this operator, or
       another run is still fetching the first

No run lasts longer than --minutes, whatever the server, the disk or --on-change does.

`--watch` stays and asks every few seconds whether there is something new: for a small file of versions that
is answered by 304 as long as nothing is, so holds and removals are in place within seconds. That file only
says when to look: each poll is a run as above, and one is made every minute whatever the file says.

Two roles publish without waiting for the ministry's key holders, and this client holds them to what they may
do. `removal`: a list that takes numbers off the one in use; every row of it must be there already. `hold`
(`--series hold`): each row needs an end, none later than the hours signed in `targets`, no more rows than
signed there, and no number is held longer than the first list with it said.

`--on-change` gets in its environment ADUAN_LIST (the folder, without the rows that are over), ADUAN_DIGEST,
ADUAN_SEQUENCE, ADUAN_ADDED and ADUAN_REMOVED (files: what to block and what to lift since what the command
took last, also when lists in between were missed) and ADUAN_OUTCOMES. If it writes a CSV
(`number,answer,acted_at,reason`) to the file ADUAN_OUTCOMES, that is reported back. Rows that the ministry
refuses are named, kept in `STATE/refused-rows.csv`, and the others are reported without them.
"""

import argparse
import base64
import calendar
import contextlib
import csv
import email.utils
import fcntl
import filecmp
import hashlib
import http.client
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

OK, REFUSED, UNREACHABLE, STALE, NOT_REPORTED, THIS_MACHINE, NO_LIST = 0, 2, 3, 4, 5, 6, 7

try:
    from tuf.api.exceptions import DownloadError, DownloadHTTPError, ExpiredMetadataError, RepositoryError
    from tuf.ngclient import Updater, UpdaterConfig
    from tuf.ngclient.fetcher import FetcherInterface
except ImportError as missing:
    print(f"aduan-nomor: this machine: {missing}; pip install tuf", file=sys.stderr)
    raise SystemExit(THIS_MACHINE) from None

FORMAT = "aduan-nomor-list/1"
HOLD, REMOVAL = "hold", "removal"  # the roles that are signed online, each for a folder of its own
FILES = ("block.txt", "block.csv", "added.txt", "removed.txt")
CHUNK = 1 << 20
MAX_MANIFEST = 1 << 20
END = b"~"  # sorts after every digit
CLOCK_SLACK = 3600  # seconds that this clock and the ministry's may differ
FRESH_FOR = 48 * 3600  # seconds; a timestamp is signed for a day, so more is a clock that is behind
GRACE = 15  # seconds after the end of a run in which it may still put things away
SERIES_OF = {"monthly": "block", "interim": "block"} | {
    kind: kind for kind in ("hold", "referral", "inbound")
}
KINDS_OF = {HOLD: ("hold",), REMOVAL: ("interim",)}  # what an online role may publish
DAMAGED = "of-a-damaged-copy"
NEVER = "9999"  # sorts after every hour
SIGNED_FOR = 24 * 3600  # seconds for which the ministry signs its timestamp
EVERY = 3.0  # seconds between two questions of --watch
POLL_AFTER = 60.0  # seconds after which --watch makes a whole run, whatever the small file says
SECOND = "%Y-%m-%dT%H:%M:%SZ"
HOUR = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
RAW_TO_DER = bytes.fromhex("302a300506032b6570032100")  # what stands before an Ed25519 key in its DER form


class Refused(Exception):
    """The list that was offered must not be used; the old one stays."""


class LocalError(OSError):
    """This machine is the cause (disk, key, clock): its administrator acts, not the ministry."""


class OutOfTime(BaseException):
    """The run has lasted --minutes. Not an Exception, so that nothing on the way takes it for its own."""


class NoList(Exception):
    """There is no list of this series for this operator, and none is in use."""


class Offer:
    """The newest list of a role, as its verified manifest says it. `role` is empty for the operator's own."""

    def __init__(self, role: str, body: Path) -> None:
        self.role, self.body = role, body
        self.manifest: dict[str, Any] = json.loads(body.read_bytes())
        self.digest = sha256(body.read_bytes())
        if not isinstance(self.manifest.get("sequence"), int):
            raise Refused("the manifest contradicts itself")
        if role and self.manifest.get("kind") not in KINDS_OF[role]:
            raise Refused(f"the role {role} may not publish this list")
        if not role and self.manifest.get("kind") in KINDS_OF[HOLD]:
            raise Refused("holds are published by a role of their own")

    @property
    def sequence(self) -> int:
        return int(self.manifest["sequence"])

    @property
    def name(self) -> str:
        return "{period}-{kind}-v{version}".format(**self.manifest)

    def folder(self, operator: str) -> str:
        """Where the repository names its files."""
        return f"{operator}/{self.role}/{self.name}" if self.role else str(self.manifest["folder"])


class Deadline:
    """The end of the whole run: an alarm that interrupts whatever waits; GRACE later the process ends.

    The second is for what no exception can interrupt: a name server, a disk that does not answer.
    """

    def __init__(self, minutes: float) -> None:
        self.seconds = minutes * 60
        self._until = time.monotonic() + self.seconds
        self._last = threading.Timer(self.seconds + GRACE, self._end)
        self._last.daemon = True
        self._main = threading.current_thread() is threading.main_thread()
        self.group = 0  # the process group of --on-change, while it runs

    @property
    def left(self) -> float:
        return max(0.0, self._until - time.monotonic())

    def __enter__(self) -> "Deadline":
        self._last.start()
        if self._main:
            self._before = signal.signal(signal.SIGALRM, self._ring)
        self._set_alarm(self.left)
        return self

    def _set_alarm(self, seconds: float) -> None:
        if self._main:
            signal.setitimer(signal.ITIMER_REAL, seconds)

    @contextlib.contextmanager
    def waited_for(self, group: int) -> Iterator[None]:
        """While --on-change runs there is no alarm: it would come while the command is being ended."""
        self._set_alarm(0)
        self.group = group
        try:
            yield
        finally:
            self.group = 0
            self._set_alarm(max(self.left, 0.001))

    def __exit__(self, *_error: object) -> None:
        self._set_alarm(0)
        if self._main:
            signal.signal(signal.SIGALRM, self._before)
        self._last.cancel()

    def _ring(self, _number: int, _frame: Any) -> None:
        raise OutOfTime

    def _end(self) -> None:
        say("out of time and nothing can be interrupted any more: this run ends itself")
        self.end_command()
        os._exit(STALE)

    def end_command(self) -> None:
        """End --on-change and everything that it started."""
        if self.group:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.group, signal.SIGKILL)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """The lists are at the configured address only; a redirect would send the key elsewhere."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


OPENER = urllib.request.build_opener(NoRedirect)


class Fetcher(FetcherInterface):
    """Plain HTTPS with the key. TUF says how long each file may be; one byte more ends the transfer.

    `skew` is by how many seconds this machine's clock is ahead of the `Date` of the server's last answer.
    """

    def __init__(self, key: str, *, timeout: float, deadline: Deadline) -> None:
        self._headers = {"User-Agent": "aduan-nomor-client/1"}
        if key:
            self._headers["Authorization"] = "Bearer " + key
        self._timeout, self._deadline = timeout, deadline
        self.skew = 0.0

    def _fetch(self, url: str) -> Iterator[bytes]:
        request = urllib.request.Request(url, headers=self._headers)
        try:
            with OPENER.open(request, timeout=self._timeout) as answer:
                self._compare_clocks(answer.headers)
                announced, got = answer.headers.get("Content-Length", ""), 0
                while chunk := answer.read1(64 * 1024):
                    got += len(chunk)
                    yield chunk
                    if not self._deadline.left:
                        raise DownloadError(f"{url}: too slow, given up after {got} bytes")
                if announced.isdigit() and got < int(announced):
                    raise DownloadError(f"{url}: cut off after {got} of {announced} bytes")
        except urllib.error.HTTPError as error:
            self._compare_clocks(error.headers)
            raise DownloadHTTPError(f"{url}: {answered(error)}", error.code) from error
        except (OSError, http.client.HTTPException) as error:
            raise DownloadError(f"{url}: {error}") from error

    def _compare_clocks(self, headers: Any) -> None:
        with contextlib.suppress(TypeError, ValueError, OverflowError):
            there = email.utils.parsedate_to_datetime(headers["Date"]).timestamp()
            self.skew = time.time() - there

    def clock_must_be_right(self) -> None:
        """Raises LocalError when this clock and the server's are further apart than CLOCK_SLACK."""
        if abs(self.skew) > CLOCK_SLACK:
            where = "ahead" if self.skew > 0 else "behind"
            hours = f"{abs(self.skew) / 3600:.1f} hours off the server's"
            raise LocalError(f"the clock is {where}: {hours}. It says {instant(time.time())}")


def answered(error: urllib.error.HTTPError) -> str:
    """Why the server said no, in its own words where it has some."""
    if 300 <= error.code < 400:
        return "redirected to {}, which is not followed".format(error.headers.get("Location"))
    problem = problem_of(error)
    if "code" in problem and "detail" in problem:
        return "{} {}: {}".format(error.code, problem["code"], problem["detail"])
    return f"{error.code} {error.reason}"


def problem_of(error: urllib.error.HTTPError) -> dict[str, Any]:
    """The server's explanation (RFC 9457); empty where it has none."""
    with error:
        try:
            problem = json.loads(error.read(1 << 20))
        except (OSError, http.client.HTTPException, ValueError):
            return {}
    return problem if isinstance(problem, dict) else {}


class Client:
    """One operator's state folder: `trust/` for TUF, `lists/<sequence>-<digest>/`, and links to lists.

    `current` is the newest one, `in-force` what is left of it now, and `taken` the last one that --on-change
    and the report were done for (`taken.txt`: the numbers that it had then).
    """

    def __init__(self, options: argparse.Namespace, deadline: Deadline) -> None:
        self.operator, self.series = options.operator, options.series
        self.state = Path(options.state)
        self.url = options.url.rstrip("/") + "/"
        self.timeout, self.deadline = options.timeout, deadline
        self.is_up_to_date, self.damaged = False, ""
        for name in ("trust", "lists", "incoming", "seen", "left"):
            (self.state / name).mkdir(parents=True, exist_ok=True)

    def connect(self, options: argparse.Namespace) -> None:
        """What fetching needs; what ends by itself ends also while the key or the root is missing."""
        self.key = key_of(options)
        self.fetcher = Fetcher(self.key, timeout=self.timeout, deadline=self.deadline)
        self.updater = Updater(
            str(self.state / "trust"),
            self.url + "tuf/metadata/",
            target_base_url=self.url + "tuf/targets/",
            fetcher=self.fetcher,
            config=UpdaterConfig(targets_max_length=20_000_000),
            bootstrap=Path(options.root).read_bytes(),
        )

    def current(self) -> tuple[Path | None, dict[str, Any], str]:
        """The folder in use, its manifest and the manifest's digest; nothing before the first list."""
        link = self.state / "current"
        if not link.exists():
            return None, {}, ""
        folder, body = link.resolve(), (link / "manifest.json").read_bytes()
        digest = hashlib.sha256(body).hexdigest()
        if not folder.name.endswith("-" + digest[:16]):
            raise LocalError(f"{link}/manifest.json is damaged: remove {link} and run again")
        return folder, json.loads(body), digest

    def copy_must_be_whole(self) -> None:
        """Raises LocalError when what is in place is no longer what was verified: a disk, or a hand.

        `damaged` says what it was, for `settle`.
        """
        self.damaged = "manifest.json"
        folder, manifest, _digest = self.current()
        for name in ("block.txt", "block.csv") if folder else ():
            self.damaged, file = name, self.state / "current" / name
            if not file.exists() or file_digest(file) != manifest["files"][name]["sha256"]:
                raise LocalError(f"{file} is damaged: remove {self.state}/current and run again")
        self.damaged, left = "in-force", (self.state / "in-force").resolve()
        if folder and left.parent.name == "left" and of_list(left) == folder.name:
            rows = left.name.split(".")[1]
            with (left / "block.txt").open("rb") as lines:
                if rows != str(sum(1 for _line in lines)):
                    raise LocalError(f"{left} is damaged: remove {self.state}/in-force and run again")
        self.damaged = ""

    def update(self) -> bool:
        """True when a new list was put into place.

        Raises Refused, NoList, LocalError, RepositoryError or DownloadError.
        """
        self.updater.refresh()
        self.fetcher.clock_must_be_right()
        self._timestamp_must_be_of_today()
        (self.state / "last-word").touch()
        offers = self._offers()
        folder, _old, _digest = self.current()
        if not offers:
            if folder is not None:
                raise Refused(f"the repository no longer knows a list for {self.operator}")
            raise NoList
        old = self._counting(self.current()[1])
        newest = max(offer.sequence for offer in offers)
        if old and newest < old["sequence"]:
            raise Refused("sequence {} after {}: rolled back".format(newest, old["sequence"]))
        took = [self._take_list(offer) for offer in offers]  # the operator's own first
        if not self.current()[0]:
            raise NoList
        return any(took)

    def _take_list(self, offer: Offer) -> bool:
        """Put a list into place, unless it is the one in use or one that this list has come after."""
        folder, old, old_digest = self.current()
        if offer.digest == old_digest:
            return False
        new, known = offer.manifest, self._counting(old)
        if (known and offer.sequence < known["sequence"]) or (offer.role == REMOVAL and folder is None):
            return False
        must_be_of_series(new, self.series, old)
        self._must_follow(new, known, old_digest if known is old else "")
        incoming = self.state / "incoming" / "list"
        shutil.rmtree(incoming, ignore_errors=True)
        incoming.mkdir()
        shutil.copyfile(offer.body, incoming / "manifest.json")
        for file in FILES:
            self._take(new, file, incoming, offer.folder(self.operator))
        self._must_be_whole(new, incoming)
        if folder is not None and known is old and new["sequence"] == old["sequence"] + 1:
            must_add_up(folder / "block.txt", incoming)
        self._role_must_keep_within(offer, folder, incoming)
        name = f"{new['sequence']:06d}-{offer.digest[:16]}"
        (incoming / "by.json").write_text(json.dumps([offer.role, self._keys_of(offer.role)]))
        self._keep_audit_head(new)
        self._put_into_place(incoming, name)
        return True

    def _keep_audit_head(self, manifest: dict[str, Any]) -> None:
        """`STATE/audit-heads.txt`, one line a list: what proves that the ministry's audit log was not cut."""
        head, heads = audit_head_of(manifest), self.state / "audit-heads.txt"
        if head and not (heads.exists() and heads.read_text(encoding="ascii").endswith(f" {head}\n")):
            with heads.open("a", encoding="ascii") as file:
                file.write(f"{instant(time.time())} {head}\n")

    def _role_must_keep_within(self, offer: Offer, folder: Path | None, incoming: Path) -> None:
        if offer.role == REMOVAL and folder is not None:
            must_only_remove(folder, incoming)
        if offer.role == HOLD:
            must_keep_limits(offer.manifest, incoming, self._limits())

    def _counting(self, old: dict[str, Any]) -> dict[str, Any]:
        """The manifest that sequences are compared with.

        What an online role did ends with the change of its key: a thief cannot have used up our sequences.
        """
        said = self.state / "current" / "by.json"
        if not old or not said.exists():
            return old
        role, keys = json.loads(said.read_bytes())
        if not role or set(keys) & set(self._keys_of(role)):
            return old
        own = self.state / "seen" / "own.json"
        if role == HOLD or not own.exists():
            return {}
        return {**old, "sequence": json.loads(own.read_bytes())["sequence"] - 1}

    def _offers(self) -> list[Offer]:
        """The newest manifest of each role that publishes this series, the operator's own role first.

        Raises LocalError for an operator that there is not.
        """
        known = self._known_operators()
        if self.operator not in known:
            raise LocalError(f"--operator {self.operator} is not known. There are: {', '.join(known)}")
        roles = [HOLD] if self.series == HOLD else [""]
        if self.series in ("", "block"):
            roles.append(REMOVAL)
        return [offer for role in roles if (offer := self._offer(role)) is not None]

    def _offer(self, role: str) -> Offer | None:
        latest = f"latest-{self.series}.json" if self.series and not role else "latest.json"
        try:
            info = self.updater.get_targetinfo("/".join(filter(None, (self.operator, role, latest))))
        except DownloadHTTPError as error:
            if error.status_code == 404:
                raise LocalError(
                    f"the access key opens nothing of {self.operator}: it is another operator's"
                ) from error
            raise
        if info is None:
            return None
        if info.length > MAX_MANIFEST:
            raise Refused("the manifest is too long")
        body = self.state / "seen" / f"{role or 'own'}.json"
        if not body.exists() or sha256(body.read_bytes()) != info.hashes["sha256"]:
            self._download(info, self.state / "incoming" / "manifest.json").replace(body)
        return Offer(role, body)

    def _targets_page(self) -> dict[str, Any]:
        page: dict[str, Any] = json.loads((self.state / "trust" / "targets.json").read_bytes())["signed"]
        return page

    def _keys_of(self, role: str) -> list[str]:
        """Ids of the keys by which the verified `targets` knows a role of this operator."""
        name = f"{self.operator}.{role}" if role else self.operator
        roles = self._targets_page().get("delegations", {}).get("roles", [])
        return [key for one in roles if one["name"] == name for key in one["keyids"]]

    def _limits(self) -> dict[str, int]:
        """What holds may do at most, from the verified `targets`."""
        limits = self._targets_page().get("custom", {}).get(HOLD)
        if not limits:
            raise Refused("the repository signs no limits for holds")
        return {name: int(limits[name]) for name in ("longest_hours", "most_entries", "again_after_days")}

    def _known_operators(self) -> list[str]:
        """Codes for which the verified metadata name a role of their own."""
        names = [role["name"] for role in self._targets_page().get("delegations", {}).get("roles", [])]
        return sorted(name for name in names if "." not in name)

    def _timestamp_must_be_of_today(self) -> None:
        """The signed half of the comparison of clocks: a `Date` can be left out on the way."""
        page = json.loads((self.state / "trust" / "timestamp.json").read_bytes())["signed"]
        if page["expires"] > instant(time.time() + FRESH_FOR):
            end = "what was signed for a day ends at {}".format(page["expires"])
            raise LocalError(f"the clock is behind: {end}. It says {instant(time.time())}")

    def keep_public_key(self) -> None:
        """`STATE/lists.pem`: the key of the detached signatures, for verify.sh. It follows by itself."""
        path = self.state / "lists.pem"
        try:
            info = self.updater.get_targetinfo("lists.pem")
            if info is None or (path.exists() and sha256(path.read_bytes()) == info.hashes["sha256"]):
                return
            fresh = self._download(info, self.state / "incoming" / "lists.pem")
        except (DownloadError, RepositoryError) as error:
            say(f"the public key of the lists was not fetched, the list does not need it: {error}")
            return
        if path.exists():
            say(f"the key of the lists has changed, its fingerprint is {fingerprint_of_pem(fresh)}")
        fresh.replace(path)

    def _must_follow(self, new: dict[str, Any], old: dict[str, Any], old_digest: str) -> None:
        """The manifest is ours and comes after the one we have."""
        if new.get("format") != FORMAT or new.get("operator") != self.operator:
            raise Refused(f"the manifest is not for {self.operator}")
        where = "{period}/{kind}-v{version}" if new["kind"] != HOLD else "hold/{period}-{kind}-v{version}"
        if new["folder"] != f"{self.operator}/{where.format(**new)}":
            raise Refused("the manifest contradicts itself")
        if new["selected_at"] > instant(time.time() + CLOCK_SLACK):
            raise LocalError("the clock is behind: the list was made at " + new["selected_at"])
        if not old:
            return
        if new["sequence"] <= old["sequence"]:
            raise Refused("sequence {} after {}: rolled back".format(new["sequence"], old["sequence"]))
        if old_digest and new["sequence"] == old["sequence"] + 1 and new["previous"]["sha256"] != old_digest:
            raise Refused("the list does not follow the one in use")

    def _take(self, manifest: dict[str, Any], file: str, folder: Path, named: str) -> None:
        info = self.updater.get_targetinfo(named + "/" + file)
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
        must_name_the_same(folder)

    def _put_into_place(self, incoming: Path, name: str) -> None:
        """The folder gets its name, then the link is switched in one step."""
        final = self.state / "lists" / name
        shutil.rmtree(final, ignore_errors=True)
        (incoming / "first-end").write_text(self._remembered(incoming))
        sync(incoming)
        incoming.rename(final)
        sync(final.parent)
        self._point("current", final)
        taken = (self.state / "taken").resolve().name
        for old in sorted((self.state / "lists").iterdir())[:-3]:
            if old.name not in (name, taken):
                shutil.rmtree(old)

    def _point(self, link: str, folder: Path) -> None:
        """Switches a link to a list in one step."""
        fresh = self.state / (link + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path(folder.parent.name) / folder.name)
        fresh.replace(self.state / link)
        sync(self.state)

    def now(self) -> str:
        """This machine's time, or the last that the ministry signed: a clock that is behind keeps no hold."""
        floor = 0.0
        with contextlib.suppress(FileNotFoundError, ValueError, KeyError, TypeError):  # none yet, or damaged
            page = json.loads((self.state / "trust" / "timestamp.json").read_bytes())
            floor = calendar.timegm(time.strptime(page["signed"]["expires"], SECOND)) - SIGNED_FOR
        return instant(max(time.time(), floor))

    def _remembered(self, folder: Path) -> str:
        """The first hour at which a row of a list ends. For holds, each number's first known end counts.

        A number is not held twice within the signed days, so a later list never lengthens a hold.
        """
        if self.series != HOLD:
            return min((end for _number, end in rows_of(folder)), default=NEVER)
        known, said = self._first_ends(), list(rows_of(folder))
        for number, end in said:
            known[number] = min(end, known.get(number, end))
        limits = self._limits()
        kept = limits["again_after_days"] * 24 - limits["longest_hours"]
        oldest = instant(time.time() - 3600 * kept)
        now_listed = {number for number, _end in said}
        lines = [f"{n},{e}\n" for n, e in sorted(known.items()) if e > oldest or n in now_listed]
        replace_text(self.state / "first-ends.csv", "".join(lines))
        return min((known[number] for number in now_listed), default=NEVER)

    def _first_ends(self) -> dict[str, str]:
        file = self.state / "first-ends.csv"
        lines = file.read_text(encoding="ascii").split() if self.series == HOLD and file.exists() else []
        return dict(line.split(",", 1) for line in lines)

    def settle(self) -> Path | None:
        """Point `in-force` at what is left of the newest list; the folder, None before the first list.

        What has ended stays ended, also when this clock is set back.
        """
        if self.damaged:
            return self._settle_damaged()
        folder, _manifest, _digest = self.current()
        if folder is None:
            return None
        link, now = self.state / "in-force", self.now()
        here = link.resolve() if link.exists() else None
        before = here if here is not None and is_left_of(here, folder) else folder
        if first_end(before) <= now:
            before = self._without_ended(folder, before, now)
        if before != here:
            self._point("in-force", before)
            for old in (self.state / "left").iterdir():
                if old != before:
                    shutil.rmtree(old)
        return before

    def _settle_damaged(self) -> Path | None:
        """The same of a damaged copy, until a person repairs it: out goes each number that a row calls ended.

        A number without a row stays where only the rows are damaged, but no hold stays without an end.
        """
        here = (self.state / "in-force").resolve()
        if not (here / "block.txt").exists():
            return None
        ends = self._first_ends()
        for number, end in readable_ends(here).items():
            ends[number] = min(end, ends.get(number, end))
        stays = self.series != HOLD and self.damaged == "block.csv"
        now, without = self.now(), NEVER if stays else ""
        listed = (here / "block.txt").read_text(encoding="ascii", errors="replace").split()
        left = [number for number in listed if is_in_force(ends.get(number, without), now)]
        if left == listed:
            return here
        fresh = self.state / "incoming" / "left"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(here, fresh)
        (fresh / "block.txt").write_text("".join(f"{number}\n" for number in left), encoding="ascii")
        (fresh / "first-end").write_text(min((ends.get(number, NEVER) for number in left), default=NEVER))
        (fresh / DAMAGED).touch()
        gone = len(listed) - len(left)
        say(f"{gone} numbers of the damaged copy have ended, or lost their end, and are out of force")
        final = self._kept(fresh, f"{of_list(here)}.{len(left)}")
        self._point("in-force", final)
        return final

    def _without_ended(self, folder: Path, before: Path, now: str) -> Path:
        """A folder like the list's, without the rows that are over."""
        fresh = self.state / "incoming" / "left"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        known, first, left, gone = self._first_ends(), NEVER, 0, 0
        with (before / "block.csv").open() as lines, (fresh / "block.csv").open("w") as rows:
            head = next(lines)
            rows.write(head)
            with (fresh / "block.txt").open("w") as numbers_left:
                for line in lines:
                    number, end = number_and_end(line, head)
                    end = min(end, known.get(number, end))
                    if not is_in_force(end, now):
                        gone += 1
                        continue
                    rows.write(line)
                    numbers_left.write(number + "\n")
                    first, left = min(first, end), left + 1
        for name in ("manifest.json", "added.txt", "removed.txt"):
            shutil.copyfile(folder / name, fresh / name)
        (fresh / "first-end").write_text(first)
        say(f"{gone} numbers have ended and are out of force")
        return self._kept(fresh, f"{folder.name}.{left}")

    def _kept(self, fresh: Path, name: str) -> Path:
        """What is left of a list, where `in-force` can point to it."""
        sync(fresh)
        final = self.state / "left" / name
        shutil.rmtree(final, ignore_errors=True)
        fresh.rename(final)
        sync(final.parent)
        return final

    def tell(self, command: str) -> bool:
        """Run the operator's own command for what it has not taken yet, then report its answers."""
        self.is_up_to_date = True
        in_force = self.settle()
        folder, manifest, digest = self.current()
        taken, base = self.state / "taken", self.state / "taken.txt"
        known = taken.resolve() if taken.is_symlink() and taken.exists() else None
        if folder is None or in_force is None:
            return True
        if not base.exists() and known is not None:
            shutil.copyfile(known / "block.txt", base)
        numbers_now = in_force / "block.txt"
        if known == folder and filecmp.cmp(base, numbers_now, shallow=False):
            return True
        complete = True
        if command:
            outcomes = self.state / "incoming" / "outcomes.csv"
            outcomes.unlink(missing_ok=True)
            if not self._run(command, base if base.exists() else None, in_force, outcomes):
                return False
            if outcomes.exists() and known != folder:  # what ended by itself is reported with the next list
                report = Report(self, manifest, digest)
                if not report.send(outcomes):
                    return False
                complete = not report.refused
        fresh = self.state / "taken.txt.new"  # not taken.new: that is the link that a kill may leave behind
        shutil.copyfile(numbers_now, fresh)
        fresh.replace(base)
        self._point("taken", folder)
        return complete

    def _run(self, command: str, known: Path | None, folder: Path, outcomes: Path) -> bool:
        """--on-change, in a process group of its own that ends when this run must."""
        _folder, manifest, digest = self.current()
        added, removed = (self.state / "incoming" / name for name in ("added.txt", "removed.txt"))
        differences(known, folder / "block.txt", added=added, removed=removed)
        environment = dict(
            os.environ,
            ADUAN_LIST=str(folder),
            ADUAN_DIGEST=digest,
            ADUAN_SEQUENCE=str(manifest["sequence"]),
            ADUAN_ADDED=str(added),
            ADUAN_REMOVED=str(removed),
            ADUAN_OUTCOMES=str(outcomes),
        )
        shell = ["/bin/sh", "-c", command]
        with (
            subprocess.Popen(shell, env=environment, start_new_session=True) as process,
            self.deadline.waited_for(process.pid),
        ):
            try:
                status = process.wait(self.deadline.left)
            except subprocess.TimeoutExpired:
                self.deadline.end_command()
                status = process.wait()
                say("--on-change was ended: it had not finished within --minutes")
        if status != 0:
            say(f"--on-change failed ({status}); the next run tries again")
        return status == 0


class Report:
    """What was done about one list, sent back. The same rows twice change nothing there."""

    def __init__(self, client: Client, manifest: dict[str, Any], digest: str) -> None:
        self._client, self._digest = client, digest
        self._audit_head = audit_head_of(manifest)
        self.list = "{}-{}-v{}".format(manifest["period"], manifest["kind"], manifest["version"])
        self.refused: list[dict[str, Any]] = []

    def send(self, outcomes: Path) -> bool:
        """Report all rows that can be taken; `refused` are the others. False when nothing was taken."""
        while bad := self._post(outcomes):
            known = len(self.refused)
            if not self._leave_out(outcomes, bad):
                return True
            if len(self.refused) == known:
                say("report refused: the rows that were named are not in it")
                return False
        return bad is not None

    def _post(self, outcomes: Path) -> list[dict[str, Any]] | None:
        """Rows that are wrong, none when all were taken; None when it failed as a whole."""
        headers = {
            "Authorization": "Bearer " + self._client.key,
            "Content-Type": "text/csv",
            "X-List-Digest": self._digest,
            "Content-Length": str(outcomes.stat().st_size),
        }
        if self._audit_head:
            headers["X-Audit-Head"] = self._audit_head
        url = self._client.url + "lists/" + self.list + "/outcomes"
        with outcomes.open("rb") as body:
            request = urllib.request.Request(url, data=body, headers=headers, method="POST")
            try:
                with OPENER.open(request, timeout=self._client.timeout) as answer:
                    return [] if self._is_taken(answer.read(MAX_MANIFEST)) else None
            except urllib.error.HTTPError as error:
                return self._wrong_rows(error)
            except (OSError, http.client.HTTPException) as error:
                say(f"report not sent: {error}")
                return None

    def _is_taken(self, answer: bytes) -> bool:
        """The ministry names the list that it took the rows for; a proxy's page does not."""
        with contextlib.suppress(ValueError, AttributeError):
            said = json.loads(answer)
            if said.get("list_digest") == self._digest:
                if waiting := said.get("recycled_waiting"):
                    say(f"{waiting} numbers with new holders wait until the ministry has asked you")
                return True
        say("report not sent: what answered is not the ministry's server")
        return False

    def _wrong_rows(self, error: urllib.error.HTTPError) -> list[dict[str, Any]] | None:
        problem = problem_of(error) if error.code == 400 else {}
        named = (row for row in problem.get("errors", []) if isinstance(row, dict))
        rows = [row for row in named if isinstance(row.get("row"), int)]
        if not rows:
            why = "{}: {}".format(problem["code"], problem.get("detail", "")) if "code" in problem else ""
            say("report refused: " + (f"{error.code} {why}" if why else answered(error)))
            return None
        return rows

    def _leave_out(self, outcomes: Path, bad: list[dict[str, Any]]) -> int:
        """Write the file again without the rows that were refused; how many are left. Row 1 is the header."""
        why = {row["row"]: row for row in bad}
        rest, kept = outcomes.with_suffix(".rest"), -1
        how = encoding_of(outcomes)
        with outcomes.open(encoding=how, newline="") as old, rest.open("w", encoding="utf-8") as new:
            head = old.readline()
            kept -= head.strip('"').lower().startswith("sep=")  # a spreadsheet's own first line
            old.seek(0)
            delimiter = max((",", ";", "\t"), key=head.count)
            lines = csv.writer(new)
            for number, cells in enumerate(csv.reader(old, delimiter=delimiter), start=1):
                if number not in why:
                    lines.writerow(cells)
                    kept += any(cells)
                    continue
                self._keep(why[number], cells)
        rest.replace(outcomes)
        return max(kept, 0)

    def _keep(self, row: dict[str, Any], cells: list[str]) -> None:
        """Name a refused row, and keep it with the reason for the person who looks into it."""
        self.refused.append(row)
        said = "{}: {}".format(row.get("code", ""), row.get("message", ""))
        say("row {} refused: {} ({})".format(row["row"], ",".join(cells), said))
        with (self._client.state / "refused-rows.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow([instant(time.time()), self.list, row["row"], said, *cells])


def encoding_of(table: Path) -> str:
    """As spreadsheets write it, and as the ministry reads it."""
    with table.open("rb") as file:
        return "utf-16" if file.read(2) in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def audit_head_of(manifest: dict[str, Any]) -> str:
    """`seq sha256` of the ministry's audit log as the manifest says it; empty for an older manifest."""
    head = manifest.get("audit_head")
    if not isinstance(head, dict) or not isinstance(head.get("seq"), int):
        return ""
    return "{} {}".format(head["seq"], head.get("sha256", ""))


def must_be_of_series(new: dict[str, Any], wanted: str, old: dict[str, Any]) -> None:
    """A list of one series never takes the place of another's."""
    series = SERIES_OF.get(new.get("kind", ""), "unknown")
    if wanted and series != wanted:
        raise Refused(f"the manifest is of the series {series}")
    if old and SERIES_OF.get(old["kind"]) != series:
        raise LocalError(f"this --state holds another series than {series}: give each its own folder")


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


def must_name_the_same(folder: Path) -> None:
    """block.txt blocks, block.csv says until when: a number without a row would never end."""
    with (folder / "block.csv").open("rb") as rows:
        next(rows, b"")
        for number, row in itertools.zip_longest(numbers(folder / "block.txt"), rows, fillvalue=b""):
            if row.split(b",", 1)[0] != number:
                raise Refused("block.csv and block.txt differ")


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


def must_only_remove(old: Path, new: Path) -> None:
    """A list of the role `removal` adds nothing and changes no row of the list in use."""
    if (new / "added.txt").stat().st_size:
        raise Refused("a removal adds numbers")
    here = iter(numbers(old / "block.txt"))
    stays = next(here, END)
    for number in numbers(new / "block.txt"):
        while stays < number:
            stays = next(here, END)
        if stays != number:
            raise Refused("a removal holds a number that is not in use")
    with (old / "block.csv").open() as was, (new / "block.csv").open() as now:
        width = min(len(next(was).split(",")), len(next(now).split(",")))  # a column may be new
        known = (line.rstrip("\n").split(",")[:width] for line in was)
        for line in now:
            row = line.rstrip("\n").split(",")[:width]
            if not any(one == row for one in known):  # goes on where it stopped: both are in order
                raise Refused("a removal changes a row")


def must_keep_limits(manifest: dict[str, Any], folder: Path, limits: dict[str, int]) -> None:
    """A list of the role `hold`: not too many, and each row with an end that is not too late."""
    if manifest["counts"]["block"] > limits["most_entries"]:
        raise Refused("more holds than the {} that are signed for".format(limits["most_entries"]))
    made = calendar.timegm(time.strptime(manifest["selected_at"][:19] + "Z", SECOND))
    latest = instant(made + limits["longest_hours"] * 3600)
    for number, end in rows_of(folder):
        if end == NEVER:
            raise Refused(f"the hold of {number} has no end")
        if end > latest:
            raise Refused(f"the hold of {number} ends later than after {limits['longest_hours']} hours")


def number_and_end(line: str, head: str) -> tuple[str, str]:
    """A row's number and the hour at which it ends; NEVER for a list of before, which has no such column."""
    row, columns = line.rstrip("\n").split(","), head.rstrip("\n").split(",")
    end = row[columns.index("ends_at")] if "ends_at" in columns else NEVER
    if end != NEVER and not HOUR.fullmatch(end):
        raise Refused(f"the end of {row[0]} is no hour")
    return row[0], end


def rows_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Number and end of each row of a list."""
    with (folder / "block.csv").open(encoding="ascii") as lines:
        head = next(lines)
        for line in lines:
            yield number_and_end(line, head)


def first_end(folder: Path) -> str:
    """The first hour at which a row of a folder ends; found again for one that an older client made."""
    file = folder / "first-end"
    return file.read_text() if file.exists() else min((end for _n, end in rows_of(folder)), default=NEVER)


def readable_ends(folder: Path) -> dict[str, str]:
    """What the rows of a damaged list still say; of a number with two of them the first end."""
    ends: dict[str, str] = {}
    with (
        contextlib.suppress(FileNotFoundError),
        (folder / "block.csv").open(encoding="ascii", errors="replace") as lines,
    ):
        head = next(lines, "")
        for line in lines:
            with contextlib.suppress(Refused, IndexError):
                number, end = number_and_end(line, head)
                ends[number] = min(end, ends.get(number, end))
    return ends


def is_left_of(folder: Path, newest: Path) -> bool:
    """Whether a folder is that list or what is left of it; what was saved of a damaged copy is neither."""
    return of_list(folder) == newest.name and not (folder / DAMAGED).exists()


def of_list(folder: Path) -> str:
    """Which list a folder is, or is what is left of."""
    return folder.name.split(".")[0]


def is_in_force(end: str, now: str) -> bool:
    """The rule of every row: in force before its end, no more from that second on."""
    return now < end


def replace_text(file: Path, text: str) -> None:
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)


def differences(old: Path | None, new: Path, *, added: Path, removed: Path) -> None:
    """What there is to do between two lists, whatever came in between. Constant memory."""
    was, now = numbers(old) if old else iter(()), numbers(new)
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


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def file_digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
    return found.hexdigest()


def fingerprint_of_pem(path: Path) -> str:
    lines = path.read_text(encoding="ascii").split("-----")
    return sha256(base64.b64decode(lines[2])) if len(lines) > 2 else "unreadable"


def show_trust(options: argparse.Namespace) -> int:
    """The fingerprints to compare with the ministry by telephone. Asks no server."""
    state = Path(options.state)
    newest = state / "trust" / "root.json"
    files = [("given ", Path(options.root)), *([("newest", newest)] if newest.exists() else [])]
    for name, path in files:
        body = path.read_bytes()
        page = json.loads(body)["signed"]
        print("{}  {}.root.json  {}".format(name, page["version"], sha256(body)))
    for role in ("root", "targets", "snapshot", "timestamp"):
        facts = page["roles"][role]
        for key in facts["keyids"]:
            print_of_key = sha256(RAW_TO_DER + bytes.fromhex(page["keys"][key]["keyval"]["public"]))
            print(f"key     {role:<9}  {print_of_key}  {facts['threshold']} of {len(facts['keyids'])}")
    if (state / "lists.pem").exists():
        print("key     lists.pem  {}".format(fingerprint_of_pem(state / "lists.pem")))
    return OK


def sync(folder: Path) -> None:
    descriptor = os.open(str(folder), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def instant(seconds: float) -> str:
    """As the manifest writes a time, so that texts compare as times do."""
    return time.strftime(SECOND, time.gmtime(seconds))


def say(text: str) -> None:
    """One line, whatever a server put into it."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    print("aduan-nomor: " + line, file=sys.stderr)


def hours_since(path: Path) -> float:
    """Hours since a file was last touched; 0 for one that is not there."""
    return (time.time() - path.stat().st_mtime) / 3600 if path.exists() else 0.0


class Parser(argparse.ArgumentParser):
    """A typing error is this machine's trouble; the 2 of argparse would say that a list is forged."""

    def error(self, message: str) -> NoReturn:
        self.exit(THIS_MACHINE, f"aduan-nomor: this machine: {message}; see --help\n")


def positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = Parser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", required=True, help="the address of the API, ending in /api/v1/")
    parser.add_argument("--operator", required=True, help="your operator's code")
    parser.add_argument("--root", required=True, help="the root.json that you verified by a safe way")
    parser.add_argument("--state", required=True, help="the folder for lists and trust")
    parser.add_argument("--key-file", help="a file with the access key (or set ADUAN_KEY)")
    parser.add_argument(
        "--series", choices=sorted({*SERIES_OF.values()}), default="", help="another than your main one"
    )
    parser.add_argument("--on-change", default="", help="a shell command to run for each new list")
    parser.add_argument(
        "--max-age", type=positive, default=26, help="hours without a fresh word until exit 4"
    )
    parser.add_argument(
        "--timeout", type=positive, default=30, help="seconds to wait for a sign of the server"
    )
    parser.add_argument("--minutes", type=positive, default=60, help="how long one run may take in all")
    parser.add_argument(
        "--watch",
        nargs="?",
        type=positive,
        const=EVERY,
        default=0,
        help=f"stay, and ask so many seconds apart whether there is something new ({EVERY:g})",
    )
    parser.add_argument(
        "--show-trust", action="store_true", help="print the fingerprints of what is trusted, fetch nothing"
    )
    return parser.parse_args(argv)


def key_of(options: argparse.Namespace) -> str:
    key = os.environ.get("ADUAN_KEY", "").strip()
    if options.key_file:
        key = Path(options.key_file).read_text(encoding="utf-8-sig", errors="replace").strip()
    if not key.isascii() or any(sign.isspace() for sign in key):
        raise LocalError("the access key is not one word")
    address = urllib.parse.urlsplit(options.url)
    if address.scheme != "https" and address.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise LocalError("--url must begin with https://, or the key can be read on the way")
    return key


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    if not options.watch or options.show_trust:
        return once(options)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(OK))
    watch(options)
    return OK


def watch(options: argparse.Namespace) -> None:
    """Run when the small file of versions has changed, when a row ends, and at the latest every minute."""
    versions, looked = Versions(options), float("-inf")
    while True:
        changed = versions.have_changed()
        if changed or time.monotonic() - looked >= POLL_AFTER or row_has_ended(Path(options.state)):
            status, looked = once(options), time.monotonic()
            if status not in (OK, NOT_REPORTED, NO_LIST):
                versions.forget()  # so that the next question is answered in full, and the run tried again
                looked += min(POLL_AFTER, 10 * options.watch) - POLL_AFTER
            with contextlib.suppress(OSError):  # a full disk may be written to again: the run has said so
                replace_text(Path(options.state) / "last-exit", f"{status}\n")
        time.sleep(options.watch)


def row_has_ended(state: Path) -> bool:
    """Whether a row of what is in force has reached its hour by this machine's clock."""
    try:
        return not is_in_force(first_end(state / "in-force"), instant(time.time()))
    except OSError:
        return False


class Versions:
    """The small file that changes with each page of the repository: the hint of when to look, and no more."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._url = f"{options.url.rstrip('/')}/tuf/versions/{options.operator}.json"
        self._options, self._etag = options, ""

    def forget(self) -> None:
        self._etag = ""

    def have_changed(self) -> bool:
        """False when the server says so (304), and when it cannot be asked: the run every minute will see."""
        headers = {"User-Agent": "aduan-nomor-client/1", "If-None-Match": self._etag}
        try:
            headers["Authorization"] = "Bearer " + key_of(self._options)
            request = urllib.request.Request(self._url, headers=headers)
            with OPENER.open(request, timeout=self._options.timeout) as answer:
                answer.read(1 << 16)
                seen, self._etag = self._etag, answer.headers.get("ETag", "")
                return bool(self._etag) and self._etag != seen
        except (OSError, http.client.HTTPException):  # also a 304, which urllib takes for an error
            return False


def once(options: argparse.Namespace) -> int:
    """One run: fetch, verify, put into place, have it taken. The exit status."""
    state = Path(options.state)
    try:
        if options.show_trust:
            return show_trust(options)
        state.mkdir(parents=True, exist_ok=True)
        with (state / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                minutes = hours_since(state / ".lock") * 60
                say(f"another run is at work, for {minutes:.0f} minutes")
                if minutes > options.minutes + 1:
                    return STALE
                return OK if (state / "in-force").exists() else NO_LIST
            os.utime(state / ".lock")
            with Deadline(options.minutes) as deadline:
                return run(options, state, deadline)
    except OutOfTime:  # while the last things were put away
        return STALE
    except (RepositoryError, ValueError) as error:
        say(f"this machine: --root or what is kept in {state}/trust cannot be used: {error}")
        return THIS_MACHINE
    except OSError as error:
        say(f"this machine: {error}; the list in use stays")
        return THIS_MACHINE


def run(options: argparse.Namespace, state: Path, deadline: Deadline) -> int:
    client = Client(options, deadline)
    try:
        client.copy_must_be_whole()
    except OSError:
        take_out_ended(client, options)
        raise
    try:
        client.connect(options)
        status = fetched(client, options, state)
    except (OSError, RepositoryError, ValueError):  # this machine's own trouble: no key, no root, disk, clock
        take_out_ended(client, options)
        raise
    if status in (REFUSED, UNREACHABLE, STALE):
        take_out_ended(client, options)
    return status


def take_out_ended(client: Client, options: argparse.Namespace) -> None:
    """What ends by itself ends without the server too."""
    try:
        client.settle()
        taken, current = (client.state / name for name in ("taken", "current"))
        if client.deadline.left and taken.exists() and taken.resolve() == current.resolve():
            client.tell(options.on_change)
    except OutOfTime:
        say("out of time, what has ended is taken out by the next run")


def fetched(client: Client, options: argparse.Namespace, state: Path) -> int:
    """Fetch what is new and have it taken; the exit status."""
    try:
        return follow(client, options)
    except NoList:
        say("NO LIST: the ministry has published no list of this series for " + options.operator)
        return NO_LIST
    except OutOfTime:
        if client.is_up_to_date:
            say("out of time, the report was not sent; the next run tries again")
            return NOT_REPORTED
        say(f"not reachable, the old list stays: too slow, given up after {options.minutes:g} minutes")
    except ExpiredMetadataError as error:
        client.fetcher.clock_must_be_right()
        say(f"STALE, the old list stays: {error}. This machine's clock says {instant(time.time())}.")
        return STALE
    except (DownloadHTTPError, DownloadError) as error:
        if isinstance(error.__cause__, RepositoryError) or "Length" in type(error).__name__:
            say(f"REFUSED, the old list stays: {error}")
            return REFUSED
        say(f"not reachable, the old list stays: {error}")
    except (Refused, RepositoryError, ValueError, KeyError, TypeError) as error:
        say(f"REFUSED, the old list stays: {type(error).__name__}: {error}")
        return REFUSED
    return STALE if hours_since(state / "last-word") > options.max_age else UNREACHABLE


def follow(client: Client, options: argparse.Namespace) -> int:
    """Fetch what is new, then have it taken and report."""
    if client.update():
        say("new list: {}".format(client.current()[1]["folder"]))
    client.keep_public_key()
    return OK if client.tell(options.on_change) else NOT_REPORTED


if __name__ == "__main__":
    sys.exit(main())
