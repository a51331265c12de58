"""A lower package cannot reach up, not even through the ORM."""

import pytest
from django.apps import apps
from django.db.models import Field, ForeignObject, ManyToManyField, Model

# From the lowest to the highest.
PACKAGES = [
    "core",
    "notifications",
    "accounts",
    "operators",
    "numbers",
    "cases",
    "teamwork",
    "recycling",
    "blocklists",
    "appeals",
    "complaints",
    "referrals",
    "monitoring",
    "statistics",
]
BLIND = {"blocklists", "appeals", "complaints"}

RELATIONS = [
    field
    for package in PACKAGES
    for model in apps.get_app_config(package).get_models()
    for field in model._meta.get_fields()
    if isinstance(field, ForeignObject | ManyToManyField)
]


def package_of(model: type[Model]) -> str:
    return model._meta.app_label


def faults(field: "Field[object, object]") -> list[str]:
    here, there = package_of(field.model), package_of(field.related_model)  # type: ignore[arg-type]
    if here == there or there not in PACKAGES:
        return []
    found = []
    if PACKAGES.index(there) > PACKAGES.index(here) or {here, there} <= BLIND:
        found.append(f"{field} points up to {there}")
    if field.remote_field.related_name != "+":  # type: ignore[union-attr]
        found.append(f"{field} leaves its package without related_name='+'")
    return found


def test_every_package_is_known() -> None:
    of_ours = {config.label for config in apps.get_app_configs() if config.name.startswith("aduan.")}
    assert of_ours == set(PACKAGES)


@pytest.mark.parametrize("field", RELATIONS, ids=str)
def test_a_foreign_key_points_down_and_leaves_no_way_back(field: "Field[object, object]") -> None:
    assert faults(field) == []


def test_a_key_that_points_up_is_caught() -> None:
    """The rule bites: seen from the other side, a lawful key is unlawful."""
    lawful = next(field for field in RELATIONS if package_of(field.model) == "cases" and not _within(field))
    below = [package for package in PACKAGES if package != package_of(lawful.related_model)]
    turned = [*below, package_of(lawful.related_model)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.PACKAGES", turned)
        assert any("points up" in fault for fault in faults(lawful))


def _within(field: "Field[object, object]") -> bool:
    return package_of(field.model) == package_of(field.related_model)  # type: ignore[arg-type]
