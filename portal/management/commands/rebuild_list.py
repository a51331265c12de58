"""`manage.py rebuild_list N`.

Make list N again from the database and compare every byte with what was signed.
"""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aduan.blocklists.models import BlockList
from aduan.blocklists.services import file_store


class Command(BaseCommand):
    help = "Prove that a list can be made again from the database, byte for byte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("list", type=int, help="the list's number (id)")
        parser.add_argument("--repair", action="store_true", help="put the remade files into place")

    def handle(self, *args: Any, **options: Any) -> None:
        block_list = BlockList.objects.filter(pk=options["list"]).exclude(digest="").first()
        if block_list is None:
            raise CommandError(f"There is no list {options['list']}.")
        try:
            folder = file_store.ListFiles(block_list).rebuild()
        except file_store.NotReproducible as difference:
            raise CommandError(f"DIFFERENT: {difference}") from difference
        for file in block_list.files.exclude(signature=None).order_by("name"):
            self.stdout.write(f"{file.sha256}  {file.name}")
        if options["repair"]:
            file_store.ListFiles(block_list).restore()
        shutil.rmtree(folder, ignore_errors=True)
        self.stdout.write(f"{block_list.folder}: the same, byte for byte.")
