"""`manage.py keys …`: make, change and watch the keys that lists are trusted by. See docs/operations.md."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aduan.blocklists import queries, services, signing, tuf_metadata
from aduan.blocklists.models import SignatureRequest
from aduan.blocklists.services import keys, tuf_repository
from aduan.core import jobs
from aduan.core.errors import DomainError


class Command(BaseCommand):
    help = "Keys of the block lists: make, change, renew and watch them, sign with them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("create", help="make every key that does not exist yet, and the first root")
        acts.add_parser("list", help="which keys are known, and which are on this machine")
        rotate = acts.add_parser("rotate", help="replace one key; clients follow by themselves")
        rotate.add_argument("role", choices=sorted(keys.COUNTS))
        rotate.add_argument("number", type=int, nargs="?", default=1)
        acts.add_parser("renew", help="sign again what runs out soon (the clock does this hourly)")
        acts.add_parser("expire-check", help="exit 1 and say so when something should have been renewed")
        export = acts.add_parser("export-root", help="write the newest root: what a new operator starts from")
        export.add_argument("file", nargs="?", default="-")
        request = acts.add_parser("request", help="write the pages that wait for key holders into a folder")
        request.add_argument("folder")
        request.add_argument(
            "--with-served", action="store_true", help="also the pages they replace, for `sign --before`"
        )
        sign = acts.add_parser("sign", help="sign one such page with a key file (works without a database)")
        sign.add_argument("--key", required=True)
        sign.add_argument("--before", help="the page that this one replaces: shows only what changes")
        sign.add_argument("page")
        give = acts.add_parser("import", help="take over the signatures on a page that was signed elsewhere")
        give.add_argument("page")

    def handle(self, *args: Any, **options: Any) -> None:
        act = getattr(self, "_" + options["act"].replace("-", "_"))
        try:
            act(options)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _create(self, options: dict[str, Any]) -> None:
        for path in keys.create():
            self.stdout.write(f"made {path}")
        tuf_repository.prepare(at=jobs.now())
        self._list(options)

    def _list(self, options: dict[str, Any]) -> None:
        for role, count in keys.COUNTS.items():
            for number, public in enumerate(keys.public(role), start=1):
                here = "here" if keys.path_of(role, number).exists() else "elsewhere"
                self.stdout.write(f"{role}-{number} of {count}: {here}  {signing.fingerprint(public)}")
        for root in queries.trust().roots:
            self.stdout.write(f"{root.name}  {root.value}")

    def _rotate(self, options: dict[str, Any]) -> None:
        if not 1 <= options["number"] <= keys.COUNTS[options["role"]]:
            raise CommandError(f"{options['role']} has keys 1 to {keys.COUNTS[options['role']]}.")
        done = services.rotate(options["role"], options["number"], at=jobs.now())
        self.stdout.write("rotated" if done else "key made; now key holders sign (see: keys request)")

    def _renew(self, options: dict[str, Any]) -> None:
        self.stdout.write("renewed: " + (", ".join(services.renew(at=jobs.now())) or "nothing was due"))

    def _expire_check(self, options: dict[str, Any]) -> None:
        late = services.expiring(at=jobs.now())
        for role, end in late:
            self.stderr.write(f"{role} ends {end:%Y-%m-%d %H:%M} UTC and was not renewed")
        if late:
            sys.exit(1)
        self.stdout.write("everything is renewed in time")

    def _export_root(self, options: dict[str, Any]) -> None:
        root = queries.newest_root()
        if root is None:
            raise CommandError("There is no root yet. Run: manage.py keys create")
        if options["file"] == "-":
            self.stdout.write(root.decode("ascii"))
        else:
            Path(options["file"]).write_bytes(root)
            newest = queries.trust().roots[0]
            self.stdout.write(f"{newest.name}  {newest.value}")

    def _request(self, options: dict[str, Any]) -> None:
        folder = Path(options["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        for request in SignatureRequest.objects.filter(closed_at=None):
            path = folder / tuf_metadata.file_name(request.role, request.version)
            path.write_bytes(bytes(request.body))
            self.stdout.write(str(path))
            served = tuf_repository.newest(request.role)
            if options["with_served"] and served is not None:
                name = tuf_metadata.file_name(served.role, served.version)
                path.with_name(f"served-{name}").write_bytes(bytes(served.body))

    def _sign(self, options: dict[str, Any]) -> None:
        path = Path(options["page"])
        page = tuf_metadata.read(path.read_bytes())
        self._show(page, Path(options["before"]) if options["before"] else None)
        key = signing.load_private(Path(options["key"]).read_bytes())
        self.stdout.write(f"with the key {signing.fingerprint(key.public_key())}")
        if sys.stdin.isatty() and input("Sign this? Write yes: ").strip() != "yes":
            raise CommandError("Not signed.")
        tuf_metadata.sign(page, [key])
        path.write_bytes(tuf_metadata.as_bytes(page))
        self.stdout.write(f"{len(page.signatures)} signatures on {path}")

    def _show(self, page: Any, before: Path | None) -> None:
        """What a holder is about to sign, or how it differs from the page that it replaces."""
        facts = tuf_metadata.described(page)
        if before is None:
            self.stdout.write("\n".join(["This page says:", *facts]))
            return
        known = tuf_metadata.described(tuf_metadata.read(before.read_bytes()))
        gone = [f"- {fact}" for fact in known if fact not in facts]
        come = [f"+ {fact}" for fact in facts if fact not in known]
        self.stdout.write("\n".join([f"Against {before.name}:", *gone, *come]))

    def _import(self, options: dict[str, Any]) -> None:
        path = Path(options["page"])
        role = path.name.split(".")[1]
        request = SignatureRequest.objects.filter(role=role, closed_at=None).first()
        if request is None:
            raise CommandError(f"Nobody asked for signatures on {role}.")
        complete = services.add_signatures(request, path.read_bytes(), at=jobs.now())
        self.stdout.write("complete" if complete else "taken over; more signatures are needed")
