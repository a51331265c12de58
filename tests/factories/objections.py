"""Objections as they stand after the owner of a number has proved that it is theirs."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from aduan.appeals.models import Objection
from aduan.appeals.services.possession_verification import sign_proof
from aduan.cases.models import Case


def proven_objection(case: Case, *, at: dt.datetime, filed_at: dt.datetime, **more: Any) -> Objection:
    """Filed then, proved by a code at `at`; open unless `more` has it answered."""
    made = Objection.objects.create(uid=uuid.uuid4(), case=case, number=case.number, filed_at=filed_at)
    for name, value in {"proof": Objection.Proof.CODE, "proven_at": at, "state": "open", **more}.items():
        setattr(made, name, value)
    sign_proof(made)
    made.save()
    return made
