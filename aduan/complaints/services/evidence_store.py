"""Whether the evidence store that is mounted here is the one that this database's rows speak of.

A folder that is not mounted, a second node's own disk or another installation's bucket looks like a store
without the files. What is judged there would be lost for ever, so a marker in the store proves whose it is,
and without that proof nothing is written, judged or deleted.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Final

from django.utils.translation import gettext_lazy as _

from aduan.complaints.evidence import storage
from aduan.complaints.models import Evidence
from aduan.complaints.services.evidence_refusal import refuse
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, WrongState

_logger = logging.getLogger(__name__)
CONSOLE: Final = "console"
_SAMPLE: Final = 5


class StoreAway(DomainError):
    """The store does not answer, or is not proven to be ours. A complaint can come without its files.

    The files are as good as before: it is we who cannot take them, so it is no Invalid.
    """

    status = 503

    def __init__(self) -> None:
        super().__init__(
            "evidence_store_away",
            _("Files cannot be taken at the moment. Send the complaint without them, or try again later."),
            field="evidence",
        )


def require_store() -> None:
    """Raises StoreAway, with an alarm in the log, unless the store is proven to be ours.

    A store of a database without evidence is marked at once; so is one that holds the newest files of this
    database, which an earlier version filled.
    """
    why = store_trouble()
    if why:
        _logger.error("evidence store is %s: nothing is judged, swept or taken in there", why)
        raise StoreAway


def store_trouble() -> str:
    """Why the store cannot be trusted: `unreachable`, `foreign`, `unmarked`; empty when it is ours."""
    try:
        marker = storage.read_marker()
        if marker is None and _may_be_marked():
            storage.write_marker()
            return ""
    except Exception:  # every driver has errors of its own, and all of them mean the same here
        _logger.exception("evidence store cannot be read")
        return "unreachable"
    if marker is None:
        return "unmarked"
    return "" if marker == storage.own_marker() else "foreign"


def adopt_store(*, at: dt.datetime) -> None:
    """The operator of the machine says that the store mounted now is this database's, whatever it says."""
    storage.write_marker()
    audit_log.record(AuditAction.EVIDENCE_STORE_ADOPT, actor=CONSOLE, subject="evidence_store", at=at)


def missing_files(*, limit: int = 1000) -> list[Evidence]:
    """Files in quarantine whose ciphertext the proven store does not hold. Raises StoreAway."""
    require_store()
    store = storage.evidence_storage()
    waiting = Evidence.objects.filter(state=Evidence.State.QUARANTINED, attempts__gt=0).order_by("pk")
    return [row for row in waiting[:limit] if not store.exists(row.original)]


def declare_lost(row: Evidence, *, at: dt.datetime) -> None:
    """After every backup was looked through: the file counts no more and its key goes. No process decides it.

    Raises StoreAway, and WrongState when the file is there or was judged meanwhile.
    """
    require_store()
    if storage.evidence_storage().exists(row.original):
        raise WrongState("evidence_there", _("The file is there."))
    if refuse(row, Evidence.Refusal.LOST, at) != Evidence.State.REFUSED:
        raise WrongState("evidence_judged", _("The file was judged meanwhile."))
    audit_log.record(AuditAction.EVIDENCE_DECLARE_LOST, actor=CONSOLE, subject=f"evidence:{row.uid}", at=at)


def _may_be_marked() -> bool:
    """Whether nothing in the database contradicts that this unmarked store is ours."""
    named = Evidence.objects.exclude(original="", derivative="").exclude(state=Evidence.State.REFUSED)
    names = named.order_by("-pk").values_list("original", "derivative")[:_SAMPLE]
    store = storage.evidence_storage()
    return all(store.exists(original or derivative) for original, derivative in names)
