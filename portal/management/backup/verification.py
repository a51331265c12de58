"""What is proven of a restored state: the audit chain, every list's digests, every piece of evidence."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from aduan.blocklists import services as lists
from aduan.blocklists.models import BlockList
from aduan.complaints.evidence import storage
from aduan.complaints.models import Evidence
from aduan.core import audit_log, vault
from aduan.core.hash_chain import heads_in
from portal.management.backup import files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def flaws(*, counts: Counter[str], lost: Collection[int] = ()) -> Iterator[str]:
    """Sentences about what does not hold; `counts` is filled with how much was looked at.

    `lost`: primary keys of evidence that is known to be without its file.
    """
    lists.verify_files()  # what the database can make again is made again; the second reading judges
    for pk, bad in lists.verify_files().items():
        yield from (f"list {pk}: {file} is missing or differs" for file in bad)
    counts["lists"] = BlockList.objects.filter(state=BlockList.State.PUBLISHED).count()
    yield from _evidence(counts, lost)


def unsaved(root: Path) -> Iterator[Evidence]:
    """Evidence that came after the files were saved last and burned with the machine: a loss and no flaw."""
    until = files.saved_until(root)
    for row in Evidence.objects.filter(received_at__gt=until).order_by("pk") if until else ():
        if row.original and not storage.evidence_storage().exists(row.original):
            yield row


def origin(row: Evidence) -> str:
    """Where a person finds whom to ask for the file. Not the ticket: it opens the complaint to any holder."""
    return f"{'a complaint' if row.complaint_id else 'an objection'} of case {row.case_id}"


def audit_flaws(*, heads: Path | None, counts: Counter[str]) -> Iterator[str]:
    """Before anything is replayed: what is written then takes the numbers of the entries that were lost."""
    pages = sorted(heads.glob("*")) if heads else []
    known = [head for path in pages for head in heads_in(path.read_text(encoding="ascii"))]
    end = audit_log.head()
    older = [head for head in known if end and head.seq <= end.seq]  # a later one is what was lost, no flaw
    verdict = audit_log.verify(older)
    counts["audit entries"], counts["audit heads"] = verdict.entries, len(older)
    counts["audit entries known to be lost"] = max(
        [0, *(head.seq - (end.seq if end else 0) for head in known)]
    )
    yield from (f"audit log: entry {flaw.seq} {flaw.kind}" for flaw in verdict.flaws)


def _evidence(counts: Counter[str], lost: Collection[int]) -> Iterator[str]:
    kept = Evidence.objects.exclude(original="").exclude(subject_key=None).exclude(pk__in=lost)
    for row in kept.iterator(chunk_size=500):
        counts["evidence files"] += 1
        try:
            key = vault.unwrap(row.subject_key, aad=row.aad_for("subject_key"))
            data = key.decrypt_bytes(storage.fetch(row.original), aad=row.aad_for("original"))
        except (vault.VaultError, OSError) as error:
            yield f"evidence {row.uid}: {type(error).__name__}"
            continue
        if hashlib.sha256(data).hexdigest() != row.sha256:
            yield f"evidence {row.uid}: its digest differs"
