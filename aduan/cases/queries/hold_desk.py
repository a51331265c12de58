"""What the desk shows of holds: candidates and proposals with their clocks, and the holds in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Q

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.hold_refusals import refusal_text
from aduan.cases.models import Case, Hold, HoldCandidate, HoldGrounds, HoldPolicy
from aduan.cases.queries.holds import above_quota, hold_policy, hold_refusal
from aduan.cases.workflow import IN_QUEUE
from aduan.numbers.parsing import format_number

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_FIRST: Final = 20
_PAST: Final = 5
# A case whose number may not be held is no candidate, whatever its complaints amount to.
_HOLDABLE: Final = """
    c.status = ANY (%(waiting)s)
      AND NOT EXISTS (
        SELECT 1 FROM cases_hold e WHERE e.number_id = c.number_id
          AND e.confirmed_at > %(at)s - make_interval(days => %(again)s))
      AND cases_hold_allowed(%(policy)s, c.number_id, c.id, %(at)s) = ''
"""
_TO_ALERT: Final = f"""
    SELECT n.* FROM cases_holdcandidate n JOIN cases_case c ON c.id = n.case_id
    WHERE n.leads_alerted_at IS NULL AND {_HOLDABLE}
    ORDER BY n.qualified_at, n.case_id LIMIT %(most)s
"""  # noqa: S608 - constants
_WAITING: Final = f"""
    SELECT c.id, c.number_text, o.name, c.category, n.grounds, n.qualified_at, h.id, h.proposed_by_id,
           h.proposed_at, h.needs_leads
    FROM cases_holdcandidate n
    JOIN cases_case c ON c.id = n.case_id
    JOIN operators_operator o ON o.id = c.operator_id
    LEFT JOIN cases_hold h ON h.case_id = c.id AND h.state = 'pending'
    WHERE NOT coalesce(%(viewer)s = ANY (c.conflicted_user_ids), false) AND {_HOLDABLE}
    ORDER BY n.qualified_at, c.id LIMIT %(most)s
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class WaitingHold:
    """A number that a first or a second person should see now. `late`: longer than the policy's minutes."""

    case_id: int
    number_shown: str
    operator: str
    category: str
    grounds: StrOrPromise
    since: dt.datetime
    waited: dt.timedelta
    late: bool
    proposed: bool
    own: bool
    needs_leads: bool


@dataclass(frozen=True, slots=True)
class HoldInForce:
    """A number that is held now. `may_end`: the viewer signed it, or is a lead."""

    hold_id: int
    case_id: int
    number_shown: str
    operator: str
    confirmed_at: dt.datetime
    ends_at: dt.datetime
    left: dt.timedelta
    signers: tuple[str, str]
    became_block: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class HoldOfCase:
    """The hold lane of one case. `refusal` says why its number is not held; `may` are the steps open now.

    `above_quota`: the quota of this hour is used up, and only leads may sign.
    """

    candidate: HoldCandidate | None
    grounds: StrOrPromise
    waited: dt.timedelta | None
    pending: Hold | None
    pending_outdated: bool
    in_force: HoldInForce | None
    past: tuple[Hold, ...]
    refusal: StrOrPromise
    above_quota: bool
    lasts: dt.timedelta | None
    may: frozenset[str]

    @property
    def shown(self) -> bool:
        """Whether the case has anything to do with holds at all."""
        return bool(self.candidate or self.pending or self.in_force or self.past)


def waiting_holds(*, viewer: User, at: dt.datetime, limit: int = _FIRST) -> list[WaitingHold]:
    """Candidates and proposed holds, those that qualified first on top. Two statements, one without rules."""
    if not _works_on_holds(viewer):
        return []
    policy = hold_policy(at=at)
    if policy is None:
        return []
    given = _given(policy, at) | {"viewer": viewer.pk, "most": limit}
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, given)
        return [_waiting(row, viewer, policy, at) for row in cursor.fetchall()]


def _given(policy: HoldPolicy, at: dt.datetime) -> dict[str, Any]:
    waiting = [str(status) for status in IN_QUEUE]
    return {"waiting": waiting, "at": at, "again": policy.again_after_days, "policy": policy.pk}


def holds_now(*, viewer: User, at: dt.datetime, limit: int = 200) -> list[HoldInForce]:
    """The holds in force, those that end first on top."""
    viewer.require(Permission.VIEW_CASES)
    rows = Hold.objects.filter(
        state=Hold.State.CONFIRMED, ended_at=None, confirmed_at__lte=at, ends_at__gt=at
    ).select_related("operator", "proposed_by", "second_by")
    return [_in_force(row, viewer, at) for row in rows.order_by("ends_at", "pk")[:limit]]


def hold_of_case(case: Case, *, ever_held: bool, viewer: User, at: dt.datetime) -> HoldOfCase:
    """No statement for a case that is no candidate and whose number was never held, five at most.

    `case` was read with its `hold_candidate`; `ever_held`: there is a hold of its number, in any state.
    """
    candidate = getattr(case, "hold_candidate", None)
    holds = _newest_of(case) if ever_held else []
    pending = next((one for one in holds if one.state == Hold.State.PENDING and one.case_id == case.pk), None)
    held = next((one for one in holds if one.is_held(at)), None)
    policy = hold_policy(at=at) if candidate or pending else None
    refusal = _refusal(case, policy, at=at) if (candidate or pending) and held is None else ""
    full = policy is not None and held is None and above_quota(policy, [viewer], at=at)
    may = _steps(case, viewer, candidate, pending, held, refused=bool(refusal), full=full, at=at)
    return HoldOfCase(
        candidate=candidate,
        grounds=HoldGrounds(candidate.grounds).label if candidate else "",
        waited=at - candidate.qualified_at if candidate else None,
        pending=pending,
        pending_outdated=pending is not None and pending.seen_digest != case.contents_digest,
        in_force=_in_force(held, viewer, at) if held else None,
        past=tuple(one for one in holds if one.confirmed_at is not None and one is not held),
        refusal=refusal,
        above_quota=full,
        lasts=policy.longest if policy else None,
        may=may,
    )


def _newest_of(case: Case) -> list[Hold]:
    own = Q(case=case) | Q(number_id=case.number_id, confirmed_at__isnull=False)
    people = ("operator", "proposed_by", "second_by")
    return list(Hold.objects.filter(own).select_related(*people).order_by("-pk")[: _PAST + 1])


def _works_on_holds(viewer: User) -> bool:
    wanted = (Permission.DECIDE, Permission.SIGN_OFF, Permission.LEAD_HOLDS)
    return any(viewer.has_permission(one) for one in wanted)


def _waiting(row: tuple[Any, ...], viewer: User, policy: HoldPolicy, at: dt.datetime) -> WaitingHold:
    case_id, number, operator, category, grounds, since, hold_id, proposer, proposed_at, leads = row
    since = proposed_at or since
    waited = max(at - since, dt.timedelta())
    return WaitingHold(
        case_id=case_id,
        number_shown=format_number(number),
        operator=operator,
        category=category,
        grounds=HoldGrounds(grounds).label,
        since=since,
        waited=waited,
        late=waited >= dt.timedelta(minutes=policy.attended_minutes),
        proposed=hold_id is not None,
        own=proposer == viewer.pk,
        needs_leads=bool(leads),
    )


def _in_force(hold: Hold, viewer: User, at: dt.datetime) -> HoldInForce:
    assert hold.confirmed_at is not None and hold.ends_at is not None  # noqa: S101, PT018 - narrows the type
    return HoldInForce(
        hold_id=hold.pk,
        case_id=hold.case_id,
        number_shown=format_number(f"+{hold.digits}"),
        operator=hold.operator.name,
        confirmed_at=hold.confirmed_at,
        ends_at=hold.ends_at,
        left=hold.ends_at - at,
        signers=(str(hold.proposed_by), str(hold.second_by)),
        became_block=hold.became_block_at is not None,
        may_end=hold.may_be_ended_by(viewer),
    )


def _refusal(case: Case, policy: HoldPolicy | None, *, at: dt.datetime) -> StrOrPromise:
    if policy is None:
        return refusal_text("hold_without_legal_reference")
    if code := hold_refusal(case, policy, at=at):
        return refusal_text(code)
    return refusal_text("hold_of_unrouted_number") if case.operator_id is None else ""


def _steps(
    case: Case,
    viewer: User,
    candidate: HoldCandidate | None,
    pending: Hold | None,
    held: Hold | None,
    *,
    refused: bool,
    full: bool,
    at: dt.datetime,
) -> frozenset[str]:
    """Only for showing buttons: the services check again, and decide."""
    if held is not None:
        return frozenset({"end_hold"} if held.may_be_ended_by(viewer) else ())
    if case.has_part(viewer):
        return frozenset()
    lead = viewer.has_permission(Permission.LEAD_HOLDS)
    if pending is None:
        free = not _taken_by_another(case, viewer, at)
        may = (
            candidate
            and free
            and not refused
            and (lead or (viewer.has_permission(Permission.DECIDE) and not full))
        )
        return frozenset({"propose_hold"} if may else ())
    if not lead and not viewer.has_permission(Permission.SIGN_OFF):
        return frozenset()
    if pending.proposed_by_id == viewer.pk:
        return frozenset({"decline_hold"})
    signs = candidate and not refused and (lead or not (full or pending.needs_leads))
    return frozenset({"decline_hold", *(["confirm_hold"] if signs else [])})


def _taken_by_another(case: Case, viewer: User, at: dt.datetime) -> bool:
    return case.held_by_id not in (None, viewer.pk) and bool(case.held_until and case.held_until > at)


def candidates_to_alert(*, at: dt.datetime, policy: HoldPolicy, limit: int = _FIRST) -> list[HoldCandidate]:
    """Candidates that no lead was alerted about, whose number may be held."""
    given = _given(policy, at) | {"most": limit}
    found = HoldCandidate.objects.raw(_TO_ALERT, given)
    return list(found.prefetch_related("case"))
