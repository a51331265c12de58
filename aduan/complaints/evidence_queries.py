"""Evidence files as reviewers see them: the gallery, one file with its parts, and what may be handed out."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber

from aduan.cases.models import Case
from aduan.complaints.evidence import KINDS
from aduan.complaints.models import Evidence, EvidencePart


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A clean file as reviewers see it in the gallery. Refused and waiting ones have a state and no name."""

    id: int
    number: int  # within its case, the first that came is 1
    uid: str
    complaint_id: int | None  # none for a file of an objection
    medium: str
    state: str
    state_label: str
    refusal_label: str  # why it could not be used, empty for others
    width: int
    height: int
    size: int
    received_at: dt.datetime
    shown: bool  # whether there is a clean derivative to fetch
    parts: int = 0  # pages, stills and sound tracks
    text_read: str = ""  # on a picture, by machine

    @property
    def opens_alone(self) -> bool:
        """Whether it needs a page of its own: more, or something else, than one picture."""
        return self.parts > 0 or self.medium != Evidence.Medium.IMAGE

    @property
    def has_picture(self) -> bool:
        return self.medium not in {Evidence.Medium.SOUND, Evidence.Medium.TEXT}


def files_of(case: Case, *, limit: int = 60) -> list[EvidenceFile]:
    """The evidence gallery of a case, clean pictures first. One statement."""
    rows = Evidence.objects.filter(case=case, complaint__withdrawn_at__isnull=True, objection=None)
    parts = EvidencePart.objects.filter(evidence=OuterRef("pk")).order_by().values("evidence")
    numbered = rows.annotate(
        number=Window(RowNumber(), order_by="id"),
        part_count=Subquery(parts.annotate(count=Count("*")).values("count")),
    )
    return [_file(row, row.number, row.part_count or 0) for row in numbered.order_by("state", "-id")[:limit]]


def files_of_objections(objections: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[EvidenceFile]]:
    """By objection, the first that came is 1. One statement, none without objections."""
    found: dict[uuid.UUID, list[EvidenceFile]] = {uid: [] for uid in objections}
    for row in Evidence.objects.filter(objection__in=list(found)).order_by("id") if found else ():
        assert row.objection is not None  # noqa: S101 - narrows the type
        found[row.objection].append(_file(row, len(found[row.objection]) + 1, 0))
    return found


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One clean file with its pages, stills and sound, as the reviewer's viewer shows it."""

    file: EvidenceFile
    note: str  # what the derivative leaves out, empty when nothing
    pictures: list[EvidencePart]
    sounds: list[EvidencePart]


def evidence_view(case: Case, uid: str) -> EvidenceView | None:
    """None for what is not clean or not of this case."""
    rows = Evidence.objects.filter(case=case, complaint__withdrawn_at__isnull=True)
    row = rows.filter(uid=uid, state=Evidence.State.CLEAN).first()
    if row is None:
        return None
    number = rows.filter(objection=row.objection, pk__lte=row.pk).count()
    parts = list(row.parts.all())
    return EvidenceView(
        _file(row, number, len(parts)),
        str(row.get_note_display()),
        [part for part in parts if part.role != EvidencePart.Role.SOUND],
        [part for part in parts if part.role == EvidencePart.Role.SOUND],
    )


def part_file(case: Case, uid: str, position: int) -> tuple[str, str, str] | None:
    """Like clean_file, for one part."""
    part = EvidencePart.objects.filter(
        evidence__uid=uid, evidence__case=case, evidence__state=Evidence.State.CLEAN, position=position
    ).first()
    if part is None:
        return None
    kind = KINDS[part.kind]
    return part.file, kind.mime, f"bukti-{str(uid)[:8]}-{position:02}{kind.suffix}"


def clean_file(case: Case, uid: str, *, thumbnail: bool = False) -> tuple[str, str, str] | None:
    """(name in the storage "evidence", MIME type, name for a download) of a clean derivative.

    None for anything else.

    Pictures are always JPEG. Everything is handed out as an attachment.
    """
    row = Evidence.objects.filter(uid=uid, case=case, state=Evidence.State.CLEAN).first()
    if row is None:
        return None
    name = row.thumbnail if thumbnail else row.derivative
    if not name:
        return None
    kind = KINDS[row.kind]
    if thumbnail or kind.family in {"image", "video", "pdf"}:
        kind = KINDS["jpeg"]  # the picture itself, the first page, the first scene
    return name, kind.mime, f"bukti-{str(row.uid)[:8]}{kind.suffix}"


def evidence_backlog() -> int:
    """For the health page."""
    return Evidence.objects.filter(state=Evidence.State.QUARANTINED).count()


def _file(row: Evidence, number: int, parts: int) -> EvidenceFile:
    return EvidenceFile(
        id=row.pk,
        number=number,
        uid=str(row.uid),
        complaint_id=row.complaint_id,
        medium=row.medium,
        state=row.state,
        state_label=str(Evidence.State(row.state).label),
        refusal_label=str(row.get_refusal_display()),
        width=row.width,
        height=row.height,
        size=row.size,
        received_at=row.received_at,
        shown=row.state == Evidence.State.CLEAN and bool(row.derivative),
        parts=parts,
        text_read=row.text_read if row.state == Evidence.State.CLEAN else "",
    )
