"""Holds in a wanted state, reached through services; the policy as the owner of the tables writes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.accounts.models import ApprovalRequest, User
from aduan.blocklists.models import BlockList, ListSeries, ListType
from aduan.cases import services
from aduan.cases.models import Case, Hold, HoldGrounds, HoldPolicy
from aduan.cases.services.hold_policies import FIGURES
from aduan.complaints.models import Complaint
from aduan.core.periods import local_date
from aduan.operators.models import LegalReference, Operator
from tests.database import as_administrator
from tests.factories import cases as make
from tests.factories.accounts import past_triggers, step_up

EVER = DateRange(dt.date(2020, 1, 1), None)


def legal_reference(code: str = "tahan-uji", valid: DateRange = EVER) -> LegalReference:
    """A rule of law that would allow holds."""
    return LegalReference.objects.get_or_create(
        code=code,
        defaults={"title_id": "Aturan uji", "title_en": "A rule for tests", "valid": valid, "source": "test"},
    )[0]


def hold_rules(**figures: Any) -> HoldPolicy:
    """The policy in force, for ever unless `valid` is given."""
    given: dict[str, Any] = {"valid": EVER, "legal_reference": legal_reference(), **figures}
    with as_administrator():
        return HoldPolicy.objects.create(**given)


def policy_requested(*, by: User, at: dt.datetime, reason: str = "UU 1/2027", **more: Any) -> ApprovalRequest:
    """Rules of holds from today on, which one person asked for."""
    usual = HoldPolicy()
    figures = {name: getattr(usual, name) for name in FIGURES}
    given: dict[str, Any] = {
        "law": legal_reference(),
        "since": local_date(at),
        "until": None,
        "step_up": step_up(by, at),
        **more,
    }
    return services.request_hold_policy(figures, reason=reason, by=by, at=at, **given)


def candidate(
    operator: Operator,
    *,
    at: dt.datetime,
    grounds: HoldGrounds = HoldGrounds.EVIDENCE,
    founded: bool = False,
    **facts: Any,
) -> Case:
    """An open case of a new number that fulfils a criterion; `founded`: for the loop that looks, too."""
    case = make.make_case(operator, at=at, confirmed=True, **facts)
    if founded:
        make.make_evidence(case)
        Complaint.objects.filter(case=case).update(email_confirmed_at=at)
    services.note_hold_grounds(case, grounds=grounds, at=at)
    return case


def proposed_hold(case: Case, *, by: User, at: dt.datetime, **more: Any) -> Hold:
    """A hold that waits for its second person, over the contents of now."""
    given: dict[str, Any] = {
        "seen_digest": Case.objects.get(pk=case.pk).contents_digest,
        "reason": "Sedang berlangsung",
        "step_up": step_up(by, at),
        **more,
    }
    return services.propose_hold(case, by=by, at=at, **given)


def confirmed_hold(hold: Hold, *, by: User, at: dt.datetime, **more: Any) -> Hold:
    """The hold with its second signature, over the contents of now."""
    seen = Case.objects.get(pk=hold.case_id).contents_digest
    given: dict[str, Any] = {"seen_digest": seen, "step_up": step_up(by, at), **more}
    return services.confirm_hold(hold, by=by, at=at, **given)


def held(operator: Operator, *, first: User, second: User, at: dt.datetime, **facts: Any) -> Hold:
    """A number that two people hold since `at`. Needs `hold_rules()` before."""
    case = candidate(operator, at=at - dt.timedelta(minutes=5), **facts)
    hold = proposed_hold(case, by=first, at=at - dt.timedelta(minutes=1))
    return confirmed_hold(hold, by=second, at=at)


def listed(hold: Hold, *, at: dt.datetime) -> BlockList:
    """A published hold list that carries this hold, as a restored backup would bring it."""
    assert hold.ends_at is not None
    with past_triggers(), connection.cursor() as cursor:
        made = BlockList.objects.create(
            operator=hold.operator,
            period=at.date().replace(day=1),
            kind=ListType.HOLD,
            series=ListSeries.HOLD,
            version=BlockList.objects.filter(series=ListSeries.HOLD).count() + 1,
            sequence=BlockList.objects.filter(series=ListSeries.HOLD).count() + 1,
            state=BlockList.State.PUBLISHED,
            as_of=at,
            count=1,
            published_at=at,
        )
        part = f"blocklists_blocklistentry_{made.pk}"
        cursor.execute(
            f"CREATE TABLE {part} PARTITION OF blocklists_blocklistentry FOR VALUES IN ({made.pk})"
        )
        cursor.execute(
            "INSERT INTO blocklists_blocklistentry (list_id, digits, since, until, category, case_id, is_new,"
            " ends_at) VALUES (%s, %s, %s, %s, %s, %s, true, %s)",
            [
                made.pk, hold.digits, at.date(), hold.ends_at.date() + dt.timedelta(days=1), hold.category,
                hold.case_id, hold.ends_at,
            ],
        )  # fmt: skip
    return made
