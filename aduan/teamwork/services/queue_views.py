"""A person's own views of the queue, their columns and density."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core.errors import Invalid, WrongState
from aduan.teamwork.models import QueueColumn, QueueDisplay, SavedView
from aduan.teamwork.models.queue_view import LONGEST_ADDRESS, LONGEST_NAME, MOST_VIEWS


@transaction.atomic
def save_view(*, by: User, name: str, address: str) -> SavedView:
    """Keeps the query string `address` under `name`; a view of that name is replaced.

    Raises Invalid without a name or with a text that is too long, WrongState
    when there are too many.
    """
    by.require(Permission.VIEW_CASES)
    name = " ".join(name.split())
    if not name:
        raise Invalid("view_without_name", _("Give the view a name."), field="name")
    if len(name) > LONGEST_NAME or len(address) > LONGEST_ADDRESS:
        raise Invalid("view_too_long", _("This is too long."), field="name")
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    own = SavedView.objects.filter(person=by)
    if same := own.filter(name__iexact=name).first():
        same.name, same.address = name, address
        same.save(update_fields=["name", "address"])
        return same
    taken = set(own.values_list("position", flat=True))
    free = [position for position in range(1, MOST_VIEWS + 1) if position not in taken]
    if not free:
        raise WrongState(
            "too_many_views", _("Delete one of your views first: you have as many as there can be.")
        )
    return SavedView.objects.create(person=by, position=free[0], name=name, address=address)


def delete_view(key: int, *, by: User) -> None:
    """Deletes one of this person's own views; another's is left alone."""
    SavedView.objects.filter(person=by, pk=key).delete()


def set_queue_display(*, by: User, dense: bool, columns: Collection[str]) -> None:
    """From now on the queue shows these columns to this person. Raises Invalid for one that is none."""
    by.require(Permission.VIEW_CASES)
    if set(columns) - set(QueueColumn.values):
        raise Invalid("column_unknown", _("There is no such column."))
    display = QueueDisplay(person=by, dense=dense, columns=sorted(set(columns)))
    QueueDisplay.objects.bulk_create(
        [display], update_conflicts=True, unique_fields=["person"], update_fields=["dense", "columns"]
    )
