"""A lower room cannot look up, not even through the ORM."""

import pytest
from django.apps import apps
from django.db.models import Field, ForeignObject, ManyToManyField, Model

# From the lowest to the highest.
ROOMS = [
    "core",
    "notifications",
    "accounts",
    "operators",
    "numbers",
    "cases",
    "blocklists",
    "appeals",
    "complaints",
]
BLIND = {"blocklists", "appeals", "complaints"}

RELATIONS = [
    field
    for room in ROOMS
    for model in apps.get_app_config(room).get_models()
    for field in model._meta.get_fields()
    if isinstance(field, ForeignObject | ManyToManyField)
]


def room_of(model: type[Model]) -> str:
    return model._meta.app_label


def faults(field: "Field[object, object]") -> list[str]:
    here, there = room_of(field.model), room_of(field.related_model)  # type: ignore[arg-type]
    if here == there or there not in ROOMS:
        return []
    found = []
    if ROOMS.index(there) > ROOMS.index(here) or {here, there} <= BLIND:
        found.append(f"{field} points up to {there}")
    if field.remote_field.related_name != "+":  # type: ignore[union-attr]
        found.append(f"{field} leaves its room without related_name='+'")
    return found


def test_every_room_is_known() -> None:
    of_ours = {config.label for config in apps.get_app_configs() if config.name.startswith("aduan.")}
    assert of_ours == set(ROOMS)


@pytest.mark.parametrize("field", RELATIONS, ids=str)
def test_a_foreign_key_points_down_and_leaves_no_way_back(field: "Field[object, object]") -> None:
    assert faults(field) == []


def test_a_key_that_points_up_is_caught() -> None:
    """The rule bites: seen from the other side, a lawful key is unlawful."""
    lawful = next(field for field in RELATIONS if room_of(field.model) == "cases" and not _within(field))
    below = [room for room in ROOMS if room != room_of(lawful.related_model)]
    turned = [*below, room_of(lawful.related_model)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.ROOMS", turned)
        assert any("points up" in fault for fault in faults(lawful))


def _within(field: "Field[object, object]") -> bool:
    return room_of(field.model) == room_of(field.related_model)  # type: ignore[arg-type]
