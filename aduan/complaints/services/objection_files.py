"""Files of a person who objects to the block or hold of their number: taken in and examined as a complaint's.

They count for no case: no complaint, no grounds of a hold and no checklist sees them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.complaints.models import Evidence
from aduan.complaints.services import quarantine
from aduan.complaints.services.complainant_updates import MAX_FILES
from aduan.complaints.types import Upload
from aduan.core.errors import WrongState


def add_objection_files(
    objection: uuid.UUID, *, case_id: int, uploads: Sequence[Upload], at: dt.datetime
) -> list[Evidence]:
    """Seals the files that are not here yet. `objection` is the `uid` of one that waits for its answer.

    Raises Invalid for what is not taken, WrongState beyond what a complaint may have, StoreAway.
    """
    here = Evidence.objects.filter(objection=objection)
    known = set(here.exclude(refusal=Evidence.Refusal.LOST).values_list("sha256", flat=True))
    files = [file for file in quarantine.read_uploads(uploads) if file.sha256 not in known]
    if len(known) + len(files) > MAX_FILES:
        raise WrongState("full", _("This objection holds as many files as it can."))
    rows = quarantine.keep(files, at=at)
    try:
        with transaction.atomic():
            quarantine.attach(rows, case_id=case_id, objection=objection)
    except BaseException:
        quarantine.discard(rows)
        raise
    return rows
