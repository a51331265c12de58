"""No one decides about a case in which they complained themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from aduan.accounts.models import User
from aduan.cases import services as cases
from aduan.cases.models import Case
from aduan.complaints.models import Complaint
from aduan.core import vault
from aduan.core.contacts import mailbox_of


def record_conflicts(case_ids: Iterable[int]) -> int:
    """Compares who complained in these cases with the ministry's people, by keyed digests only.

    Returns how many cases a person may not work on.
    """
    return _record(User.objects.filter(is_active=True), Complaint.objects.filter(case_id__in=list(case_ids)))


def record_conflicts_of(person: User) -> int:
    """The same for a person who is new, came back, or has another phone: asked of all complaints."""
    return _record(User.objects.filter(pk=person.pk), Complaint.objects.all())


def _record(people: QuerySet[User], complaints: QuerySet[Complaint]) -> int:
    owners: dict[bytes, int] = {}
    for key, email, phone in people.values_list("pk", "email", "phone"):
        owners[vault.blind_index("email", mailbox_of(email))] = key
        if phone:
            owners[vault.blind_index("phone", phone)] = key
    own = complaints.filter(Q(email_index__in=list(owners)) | Q(phone_index__in=list(owners)))
    found: defaultdict[int, set[int]] = defaultdict(set)
    for case_id, *indexes in own.values_list("case_id", "email_index", "phone_index"):
        found[case_id] |= {owners[bytes(index)] for index in indexes if index and bytes(index) in owners}
    for case in Case.objects.filter(pk__in=list(found)):
        if not found[case.pk].issubset(case.conflicted_user_ids):
            cases.record_conflicts(case, user_ids=found[case.pk])
    return len(found)
