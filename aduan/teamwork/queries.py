"""The inbox of a person, the notes of a case, and the people of the desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from aduan.accounts.models import User
from aduan.accounts.roles import PERMISSIONS, Permission, Role
from aduan.cases.models import Case
from aduan.cases.workflow import IN_QUEUE, CaseAction
from aduan.core.periods import local_date
from aduan.operators.models import Operator
from aduan.teamwork.mentions import Colleague
from aduan.teamwork.models import Absence, CaseNote, InboxItem, OperatorQuestion, QueueDisplay, SavedView
from aduan.teamwork.models.queue_view import shown_at_first

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

INBOX_LINES: Final = 50
_DESK: Final = sorted(role for role, may in PERMISSIONS.items() if Permission.VIEW_CASES in may)
_WORKERS: Final = sorted(
    role for role, may in PERMISSIONS.items() if may & {Permission.DECIDE, Permission.SIGN_OFF}
)


@dataclass(frozen=True, slots=True)
class MyDesk:
    """What waits for a person, and whether they are marked away."""

    unread: int
    away_until: dt.date | None


@dataclass(frozen=True, slots=True)
class OwnView:
    """A name that a person gave to an address of the queue."""

    key: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class QueueDesk:
    """`MyDesk`, and how this person sees the queue."""

    unread: int
    away_until: dt.date | None
    dense: bool
    columns: tuple[str, ...]
    views: tuple[OwnView, ...]


@dataclass(frozen=True, slots=True)
class InboxLine:
    item_id: int
    case_id: int
    reference: str
    kind: StrOrPromise
    step: StrOrPromise  # the step behind it, where there is one
    by: str
    at: dt.datetime
    unread: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the desk. `cases` are those they hold now."""

    person_id: int
    name: str
    handle: str
    roles: tuple[StrOrPromise, ...]
    cases: int
    away_until: dt.date | None


def desk_people() -> QuerySet[User]:
    """Everyone who sees cases, by name."""
    return User.objects.filter(is_active=True, roles__overlap=_DESK).order_by("name", "pk")


def caseworkers(*, at: dt.datetime) -> QuerySet[User]:
    """Those who can be given a case now: they propose or sign, and are not away."""
    away = absences_now(at).values("person")
    return desk_people().filter(roles__overlap=_WORKERS).exclude(pk__in=away)


def colleagues() -> list[Colleague]:
    """Those whom a note can mention."""
    return [Colleague(*row) for row in desk_people().values_list("pk", "name", "email")]


def absences_now(at: dt.datetime) -> QuerySet[Absence]:
    """Those in force."""
    return Absence.objects.filter(ended_at=None, until__gte=local_date(at))


def mentioned_and_away(case: Case, *, by: User, at: dt.datetime) -> list[tuple[str, dt.date]]:
    """Whom the newest note of this author on the case mentions and who is away, with the last day of that."""
    newest = CaseNote.objects.filter(case=case, author=by).order_by("-pk").values("pk")[:1]
    mentioned = InboxItem.objects.filter(note__in=newest, kind=InboxItem.Kind.MENTION).values("person")
    away = absences_now(at).filter(person__in=mentioned).order_by("person__name", "person")
    return list(away.values_list("person__name", "until"))


def my_desk(viewer: User, *, at: dt.datetime) -> MyDesk:
    """What the head of each page says. One statement."""
    return MyDesk(*User.objects.filter(pk=viewer.pk).values_list(*_waiting_for(at)).get())


def _waiting_for(at: dt.datetime) -> tuple[Any, Any]:
    """Of a person: unread lines of the inbox, the day through which they are away."""
    unread = InboxItem.objects.filter(person=OuterRef("pk"), read_at=None).order_by().values("person")
    return (
        Coalesce(Subquery(unread.annotate(count=Count("pk")).values("count")), 0),
        Subquery(absences_now(at).filter(person=OuterRef("pk")).values("until")[:1]),
    )


def inbox_of(viewer: User, *, limit: int = INBOX_LINES) -> list[InboxLine]:
    """The newest lines, unread before read. One statement."""
    rows = InboxItem.objects.filter(person=viewer).select_related("by", "event", "case")
    return [
        InboxLine(
            item_id=row.pk,
            case_id=row.case_id,
            reference=row.case.reference,
            kind=row.get_kind_display(),
            step=CaseAction(row.event.action).label if row.event else "",
            by=str(row.by) if row.by else "",
            at=row.created_at,
            unread=row.read_at is None,
        )
        for row in rows.order_by("-pk")[:limit]
    ]


def queue_desk(viewer: User, *, at: dt.datetime) -> QueueDesk:
    """`my_desk` with how this person sees the queue. One statement."""
    display = QueueDisplay.objects.filter(person=OuterRef("pk"))
    views = SavedView.objects.filter(person=OuterRef("pk")).order_by("position")
    unread, away_until, dense, columns, own = (
        User.objects.filter(pk=viewer.pk)
        .values_list(
            *_waiting_for(at),
            Subquery(display.values("dense")),
            Subquery(display.values("columns")),
            ArraySubquery(views.values(view=JSONObject(key="pk", name="name", address="address"))),
        )
        .get()
    )
    return QueueDesk(
        unread=unread,
        away_until=away_until,
        dense=True if dense is None else dense,
        columns=tuple(shown_at_first() if columns is None else columns),
        views=tuple(OwnView(**view) for view in own),
    )


def team_members(*, viewer: User, at: dt.datetime) -> list[Member]:
    """The people of the desk with what they hold. Two statements."""
    viewer.require(Permission.VIEW_CASES)
    held = dict(
        Case.objects.filter(held_by__isnull=False, held_until__gt=at, status__in=IN_QUEUE)  # by their index
        .values_list("held_by")
        .annotate(count=Count("pk"))
        .order_by()
    )
    away = Subquery(absences_now(at).filter(person=OuterRef("pk")).values("until")[:1])
    return [
        Member(
            person_id=person.pk,
            name=person.name,
            handle=Colleague(person.pk, person.name, person.email).handle,
            roles=tuple(Role(role).label for role in person.roles),
            cases=held.get(person.pk, 0),
            away_until=vars(person)["away_until"],
        )
        for person in desk_people().annotate(away_until=away)
    ]


def is_away(person: User, *, at: dt.datetime) -> bool:
    """Whether this person is marked away now."""
    return absences_now(at).filter(person=person).exists()


def questions_to_operator(operator: Operator, *, limit: int = INBOX_LINES) -> list[OperatorQuestion]:
    """The operator's own: open ones before answered ones, newest first. One statement."""
    asked = OperatorQuestion.objects.filter(operator=operator).select_related("case")
    return list(asked.order_by(F("answered_at").desc(nulls_first=True), "-pk")[:limit])


def question_to_operator(operator: Operator, key: int) -> OperatorQuestion | None:
    """One of the operator's own; None for anybody else's."""
    return OperatorQuestion.objects.filter(operator=operator, pk=key).select_related("case").first()
