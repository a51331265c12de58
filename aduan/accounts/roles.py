"""Roles and what they may do. In code, so that a review of a change is a review of power."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    REVIEWER = "reviewer", _("Reviewer")
    APPROVER = "approver", _("Approver")
    LIST_MANAGER = "list_manager", _("List manager")
    LEAD = "lead", _("Lead")
    AUDITOR = "auditor", _("Auditor")
    OPERATOR_PERSON = "operator_person", _("Operator's staff")
    ADMINISTRATOR = "administrator", _("Administrator")


class Permission(StrEnum):
    """`<package>.<verb>`: the names that `User.has_perm` answers to. Never stored, never shown."""

    VIEW_CASES = "cases.view"
    DECIDE = "cases.decide"
    SIGN_OFF = "cases.sign_off"
    REVEAL = "complaints.reveal"
    READ_CONTACT_ACCESS = "complaints.read_contact_access"
    ASSIGN = "cases.assign"  # gives cases to people, and marks people away
    STOP_URGENT = "cases.stop_urgent"
    EDIT_REASONS = "cases.edit_reasons"
    VIEW_DASHBOARD = "cases.view_dashboard"
    SET_LIMITS = "cases.set_limits"
    SET_RANKING = "cases.set_ranking"  # the order of the queue, which decides nothing
    LEAD_HOLDS = "cases.lead_holds"  # signs above the quota of holds, and ends any hold
    CALIBRATE = "cases.calibrate"
    VIEW_LISTS = "blocklists.view"
    RELEASE_LISTS = "blocklists.release"
    VIEW_REGISTER = "operators.view"
    EDIT_REGISTER = "operators.edit"
    MANAGE_PEOPLE = "accounts.manage"
    READ_AUDIT_LOG = "core.read_audit_log"
    MANAGE_BACKGROUND_JOBS = "core.manage_background_jobs"
    VIEW_INCIDENTS = "monitoring.view"
    FETCH_LISTS = "operators.fetch_lists"
    REPORT_OUTCOMES = "operators.report_outcomes"


_P = Permission

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.REVIEWER: frozenset({_P.VIEW_CASES, _P.DECIDE, _P.SIGN_OFF, _P.REVEAL, _P.VIEW_REGISTER}),
    Role.APPROVER: frozenset(
        {_P.VIEW_CASES, _P.SIGN_OFF, _P.CALIBRATE, _P.REVEAL, _P.EDIT_REASONS, _P.VIEW_REGISTER}
    ),
    Role.LIST_MANAGER: frozenset(
        {
            _P.VIEW_LISTS,
            _P.RELEASE_LISTS,
            _P.VIEW_REGISTER,
            _P.EDIT_REGISTER,
            _P.VIEW_DASHBOARD,
            _P.VIEW_INCIDENTS,
        }
    ),
    Role.LEAD: frozenset(
        {
            _P.VIEW_CASES,
            _P.ASSIGN,
            _P.LEAD_HOLDS,
            _P.SET_LIMITS,
            _P.SET_RANKING,
            _P.VIEW_DASHBOARD,
            _P.VIEW_LISTS,
            _P.STOP_URGENT,
            _P.EDIT_REASONS,
            _P.VIEW_REGISTER,
            _P.READ_CONTACT_ACCESS,
            _P.VIEW_INCIDENTS,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            _P.VIEW_CASES,
            _P.VIEW_LISTS,
            _P.VIEW_REGISTER,
            _P.VIEW_DASHBOARD,
            _P.READ_AUDIT_LOG,
            _P.READ_CONTACT_ACCESS,
            _P.VIEW_INCIDENTS,
        }
    ),
    Role.OPERATOR_PERSON: frozenset({_P.FETCH_LISTS, _P.REPORT_OUTCOMES}),
    Role.ADMINISTRATOR: frozenset(
        {
            _P.MANAGE_PEOPLE,
            _P.SET_LIMITS,
            _P.VIEW_REGISTER,
            _P.EDIT_REGISTER,
            _P.READ_AUDIT_LOG,
            _P.MANAGE_BACKGROUND_JOBS,
            _P.VIEW_INCIDENTS,
        }
    ),
}

# Roles that decide, manage lists or grant: their signatures count only after a waiting time.
WAITING_ROLES = frozenset({Role.REVIEWER, Role.APPROVER, Role.LIST_MANAGER, Role.ADMINISTRATOR})
MINISTRY_ROLES = frozenset(Role.values) - {Role.OPERATOR_PERSON}


def permissions_of(roles: list[str]) -> frozenset[str]:
    """The union of what these roles may do; an unknown role may do nothing."""
    return frozenset().union(*(PERMISSIONS.get(role, frozenset()) for role in roles))
