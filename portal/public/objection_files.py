"""Files of a person who objects: taken in as those of a complaint."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile

from aduan.appeals.models import Objection
from aduan.complaints import services as complaints
from aduan.complaints.evidence import acceptance
from aduan.core.errors import DomainError
from portal.public import staging

if TYPE_CHECKING:
    from django.http import HttpRequest

WAITING = (Objection.State.UNPROVEN, Objection.State.OPEN)


def add_files(request: HttpRequest, found: Objection, at: dt.datetime) -> bool:
    """Whether something was added. What is refused is said on the next page, and costs no other file."""
    files = [file for file in request.FILES.getlist("evidence") if isinstance(file, UploadedFile)]
    taken, refusals = acceptance.sort_out([staging.upload_of(file) for file in files])
    said: list[DomainError] = [*refusals]
    if taken:
        try:
            complaints.add_objection_files(found.uid, case_id=found.case_id, uploads=taken, at=at)
        except DomainError as refusal:
            said, taken = [*said, refusal], []
    for one in said:
        messages.error(request, str(one.message))
    return bool(taken)
