"""What is done with the second person's approval, by the kind of what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aduan.accounts import services as accounts
from aduan.accounts.models import ApprovalRequest
from aduan.blocklists import services as blocklists
from aduan.cases import services as cases
from aduan.complaints.services import record_conflicts_of
from aduan.operators import members
from aduan.referrals import services as referrals
from portal.common import signin
from portal.common.owner import ministry_contact

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

_KIND = ApprovalRequest.Kind


def _invite_first(asked: ApprovalRequest, **given: Any) -> None:
    signin.send_invitation(members.approve_first(asked, **given).user)


def _reach_platform(asked: ApprovalRequest, *, at: dt.datetime, **given: Any) -> None:
    platform = referrals.approve_platform(asked, at=at, **given)
    referrals.mail_what_waits(platform, ministry=ministry_contact(), at=at)


def _change_phone(asked: ApprovalRequest, **given: Any) -> None:
    record_conflicts_of(accounts.approve_phone(asked, **given))


def _set_limits(asked: ApprovalRequest, **given: Any) -> None:
    if asked.subject == cases.PACE_SUBJECT:
        cases.approve_pace_limits(asked, **given)
    else:
        cases.approve_hold_policy(asked, **given)


APPROVING: Final[Mapping[str, Callable[..., Any]]] = {
    _KIND.INBOUND: blocklists.approve_list_change,
    _KIND.CANARY_ADD: blocklists.approve_list_change,
    _KIND.CANARY_END: blocklists.approve_list_change,
    _KIND.REGISTER: cases.approve_register_change,
    _KIND.HOLDER: cases.approve_register_change,
    _KIND.LIMITS: _set_limits,
    _KIND.PLATFORM: _reach_platform,
    _KIND.CONTACT: _reach_platform,
    _KIND.PHONE: _change_phone,
    _KIND.FIRST_PERSON: _invite_first,
}
