"""`manage.py keys …`: make, change and watch the keys that lists are trusted by. See docs/operations.md."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from aduan.blocklists import queries, services, signing, tuf_facts, tuf_metadata
from aduan.blocklists.models import SignatureRequest
from aduan.blocklists.services import keys, tuf_repository
from aduan.core import jobs
from aduan.core.errors import DomainError
from portal.management import ceremony

_ORDER = {tuf_metadata.ROOT: 0, tuf_metadata.TARGETS: 1}  # a page is judged by the root before it


def _page(path: Path) -> Any:
    try:
        return tuf_metadata.read(path.read_bytes())
    except (OSError, tuf_metadata.NotMetadata) as error:
        raise CommandError(f"{path} is not there, or no page that `keys request` wrote: {error}") from error


class Command(BaseCommand):
    help = "Keys of the block lists: make, change, renew and watch them, sign with them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        create = acts.add_parser("create", help="make the keys that do not exist yet, and the first root")
        create.add_argument("--role", choices=sorted(keys.COUNTS), help="one key for its holder, with --to")
        create.add_argument("--number", type=int, default=1)
        create.add_argument("--to", help="a folder on the holder's carrier; needs no database")
        add = acts.add_parser("add-public", help="take over public keys that holders made elsewhere")
        add.add_argument("files", nargs="+")
        acts.add_parser("list", help="which keys are known, and which are on this machine")
        rotate = acts.add_parser("rotate", help="replace one key; clients follow by themselves")
        rotate.add_argument("role", choices=sorted(keys.COUNTS))
        rotate.add_argument("number", type=int, nargs="?", default=1)
        rotate.add_argument("--public", help="the public file of the new key, made elsewhere by its holder")
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
        sign.add_argument("pages", nargs="+")
        give = acts.add_parser("import", help="take over the signatures on a page that was signed elsewhere")
        give.add_argument("pages", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        act = getattr(self, "_" + options["act"].replace("-", "_"))
        try:
            act(options)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _create(self, options: dict[str, Any]) -> None:
        if options["role"] or options["to"]:
            self._create_elsewhere(options)
            return
        for path in keys.create(roles=keys.ONLINE if settings.PRODUCTION else tuple(keys.COUNTS)):
            self.stdout.write(f"made {path}")
        if missing := keys.missing_public():
            self.stdout.write(ceremony.missing(missing))
            return
        tuf_repository.prepare(at=jobs.now())
        self._list(options)
        if SignatureRequest.objects.filter(closed_at=None).exists():
            self.stdout.write(ceremony.SIGNING)

    def _create_elsewhere(self, options: dict[str, Any]) -> None:
        if not (options["role"] and options["to"]):
            raise CommandError("--role and --to belong together: which key, and its holder's folder.")
        private, public = keys.create_elsewhere(
            options["role"], options["number"], to=Path(options["to"]).resolve()
        )
        value = signing.fingerprint(signing.load_public(public.read_bytes()))
        self.stdout.write(ceremony.made(private, public, value))

    def _add_public(self, options: dict[str, Any]) -> None:
        for name in options["files"]:
            self.stdout.write(f"{Path(name).name}  {keys.add_public(Path(name))}")

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
        public = Path(options["public"]) if options["public"] else None
        done = services.rotate(options["role"], options["number"], at=jobs.now(), public_file=public)
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
        key = signing.load_private(Path(options["key"]).read_bytes())
        for path in map(Path, options["pages"]):
            page = _page(path)
            self._show(page, Path(options["before"]) if options["before"] else None)
            self.stdout.write(f"with the key {signing.fingerprint(key.public_key())}")
            if sys.stdin.isatty() and input("Sign this? Write yes: ").strip() != "yes":
                raise CommandError("Not signed.")
            tuf_metadata.sign(page, [key])
            path.write_bytes(tuf_metadata.as_bytes(page))
            self.stdout.write(f"{len(page.signatures)} signatures on {path}")

    def _show(self, page: Any, before: Path | None) -> None:
        """What a holder is about to sign, or how it differs from the page that it replaces."""
        facts = tuf_facts.page_facts(page)
        if before is None:
            self.stdout.write("\n".join(["This page says:", *facts]))
            return
        known = tuf_facts.page_facts(_page(before))
        gone = [f"- {fact}" for fact in known if fact not in facts]
        come = [f"+ {fact}" for fact in facts if fact not in known]
        self.stdout.write("\n".join([f"Against {before.name}:", *gone, *come]))

    def _import(self, options: dict[str, Any]) -> None:
        """Each page by itself: one that was replaced meanwhile is signed anew, and keeps no other."""
        pages = [(tuf_metadata.role_of_file(path.name), path) for path in map(Path, options["pages"])]
        refused = []
        for role, path in sorted(pages, key=lambda page: _ORDER.get(page[0], len(_ORDER))):
            try:
                self.stdout.write(f"{path.name}: {self._take_over(role, path)}")
            except (DomainError, CommandError) as refusal:
                refused.append(f"{path.name}: {refusal}")
        if refused:
            raise CommandError("\n".join(["Not taken over; see: keys request", *refused]))

    def _take_over(self, role: str, path: Path) -> str:
        request = SignatureRequest.objects.filter(role=role, closed_at=None).first()
        if request is None:
            raise CommandError(f"Nobody asked for signatures on {role}.")
        complete = services.add_signatures(request, path.read_bytes(), at=jobs.now())
        return "complete" if complete else "taken over; more signatures are needed"
