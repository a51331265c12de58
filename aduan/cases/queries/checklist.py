"""What has to be true before a line is cut, as a list that people can tick with their eyes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aduan.cases.models import Case


@dataclass(frozen=True, slots=True)
class Check:
    """`ok` is None where only a person can judge; `must` marks what the services refuse a block without."""

    code: str
    text: str | Promise
    ok: bool | None
    must: bool = False


def checklist_of(case: Case) -> tuple[Check, ...]:
    return (
        Check("operator", _("An operator that must act is known"), case.operator_id is not None),
        Check("not_protected", _("The number is not protected"), not case.protected, must=True),
        Check(
            "blockable",
            _("It is a subscriber's line, not a sender name or a service"),
            case.number_kind in ("mobile", "landline"),
            must=True,
        ),
        Check("evidence", _("At least one evidence item shows the number"), case.evidence_count > 0),
        Check(
            "contact",
            _("At least one complainant confirmed a contact, or two are independent"),
            case.confirmed_count > 0 or case.independent_count > 1,
        ),
        Check(
            "answerable",
            _("Somebody can be reached at the number: it was not only shown on a screen (spoofing)"),
            False if case.suspected_spoofing else None,
        ),
        Check("objection", _("The owner has no open objection"), case.objection_since is None, must=True),
        Check(
            "unlike_official",
            _("It is not easily taken for an official number"),
            not case.resembles_protected,
        ),
        Check("purpose", _("The story is fraud under the rules in force, not a quarrel or a debt"), None),
    )
