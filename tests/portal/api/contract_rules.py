"""What a refusal of described data may be: a rule that no description can state, by its code.

Loaded by schemathesis (SCHEMATHESIS_HOOKS). Its own check of accepted data knows only statuses; this one
fails when data that fits the description are refused for their form.
"""

from __future__ import annotations

import json
import re
from typing import Any

import schemathesis
from schemathesis.openapi.checks import RejectedPositiveData

_TABLE = {"header_unknown", "file_not_utf8", "file_not_csv", "file_is_workbook", "file_empty", "no_rows"}
# Rules about one list, one number, one day or one answer together with another.
RULES = {
    "list_changes": {"since_unknown"},
    "report_outcomes": {"digest_mismatch", "rows_refused", *_TABLE},
    "notice": {"rows_refused"},
    "in_use_since": {"unused_prefix", "unknown_area_code", "since_out_of_range"},
    "answer_trace": {"note_missing", "note_unreadable"},
    "answer_referral": {"note_missing", "acted_at_unlikely"},
}


def _headers_fit(case: Any) -> bool:
    """Whether each header has the form described for it.

    The boundary phase of schemathesis 4.32 writes headers of letters and digits alone: what is described
    with a space in it becomes "0", and is still called fitting.
    """
    patterns = {
        header.name: header.definition["schema"].get("pattern", "") for header in case.operation.headers
    }
    return all(re.search(patterns.get(name, ""), value) for name, value in (case.headers or {}).items())


@schemathesis.check
def refusals_are_rules(_context: Any, response: Any, case: Any) -> None:
    """Data that fit the description are refused by a rule about their meaning, or not at all."""
    if response.status_code != 400 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if not _headers_fit(case):
        return
    operation = case.operation.definition.raw["operationId"]
    code = json.loads(response.content)["code"]
    if code not in RULES.get(operation, ()):
        raise RejectedPositiveData(
            operation=case.operation.label,
            message=f"{operation} refused what fits its description: {response.content.decode()}",
            status_code=400,
            allowed_statuses=[],
        )
