"""Imported by Django's admin autodiscovery: registers every page and model page of the staff site."""

from portal.staff import (  # noqa: F401  # each module registers its pages when it is imported
    account_changes,
    admin,
    audit,
    background_jobs,
    bulk_actions,
    calibration,
    campaigns,
    case_actions,
    case_page,
    change_requests,
    contact_access,
    dashboard,
    evidence,
    holds,
    incidents,
    keyboard_shortcuts,
    list_settings,
    lists,
    objections,
    people,
    queue,
    reconciliation,
    referrals,
    reveal,
)
from portal.staff.register import importing, protected_numbers, ranges  # noqa: F401
