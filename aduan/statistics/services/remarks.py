"""What an operator or platform says beside its row of a month, written before the row is public."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid, WrongState
from aduan.core.periods import local_date
from aduan.operators.alerts import notify_managers
from aduan.statistics.datasets import DATASETS
from aduan.statistics.drafts import names_an_address
from aduan.statistics.models import LONGEST_REMARK, Remark
from aduan.statistics.queries import asked_in, receivers
from aduan.statistics.remarks import closes_on, open_month
from aduan.statistics.services.counting import answers_now
from aduan.statistics.services.naming import name_snapshots
from aduan.statistics.services.releasing import last_day_of
from aduan.statistics.services.snapshots import make_snapshot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aduan.operators.actors import Actor
    from aduan.operators.models import Operator


@transaction.atomic
def write_remark(*, text: str, actor: Actor, at: dt.datetime) -> Remark:
    """A sentence to the row that becomes public next; the newest counts. Raises WrongState otherwise."""
    by, text = actor.must_manage(), text.strip()
    month = open_month(local_date(at))
    if month is None:
        raise WrongState("no_open_month", _("No row waits for its publication now."))
    if not text:
        raise Invalid("text_missing", _("Write a sentence."), field="text")
    if len(text) > LONGEST_REMARK:
        raise Invalid("text_too_long", _("At most %(n)d characters.") % {"n": LONGEST_REMARK}, field="text")
    if names_an_address(text):
        raise Invalid("names_an_address", _("A sentence holds no number, link or account."), field="text")
    remark = Remark.objects.create(
        receiver=actor.operator, month=month, text=text, written_by=by, written_at=at
    )
    audit_log.record(
        AuditAction.REMARK_WRITE, actor=f"user:{by.pk}", subject=f"operator:{actor.operator.pk}", at=at
    )
    return remark


def own_row(operator: Operator, month: dt.date) -> Mapping[str, Mapping[str, int]]:
    """Column → value → how many, of all that the receiver was sent in this month, as it stands now."""
    dataset = DATASETS[asked_in(operator.kind)]
    columns: dict[str, dict[str, int]] = {"promise": {}, "answer": {}}
    found = answers_now(dataset, operator.code, first=month, last=last_day_of(month))
    for key, count in found.items():
        for column, value in zip(dataset.columns, key, strict=True):
            if column in columns:
                columns[column][value] = columns[column].get(value, 0) + count
    return columns


def publish_figures(*, at: dt.datetime) -> None:
    """The snapshot of yesterday, named in TUF, and letters to those whose rows are next."""
    make_snapshot(at=at)
    name_snapshots(at=at)
    announce_rows(at=at)


def announce_rows(*, at: dt.datetime) -> int:
    """A letter to each operator and platform that its row can be seen; once a month. Returns how many."""
    today = local_date(at)
    if (month := open_month(today)) is None:
        return 0
    with translation.override("id"):
        texts = {"month": date_format(month, "F Y"), "closes": date_format(closes_on(month), "j F Y")}
    return sum(
        notify_managers(one, "row_to_see", once=f"{one.pk}:{month:%Y-%m}", at=at, **texts)
        for one in receivers(day=today)
    )
