"""What makes the complaint form quick changes nothing that it accepts or shows."""

from __future__ import annotations

import copy
from itertools import chain
from typing import Any

import pytest
from django import forms

from portal.public.forms import ComplaintForm
from portal.public.quick_forms import OneOf


def _codes_of(field: forms.ChoiceField) -> set[str]:
    choices: Any = field.choices
    pairs = [pair[1] if isinstance(pair[1], list | tuple) else [pair] for pair in choices]
    return {str(code) for code, _words in chain.from_iterable(pairs)} - {""}


@pytest.mark.parametrize("name", ["channel", "category"])
def test_the_codes_are_those_of_the_choices(name):
    field = ComplaintForm().fields[name]
    assert isinstance(field, OneOf)
    codes = _codes_of(field)
    assert len(codes) > 3
    assert all(field.valid_value(code) for code in codes)
    assert not any(field.valid_value(code + "x") for code in codes)
    assert set(field._codes()) == codes


def test_a_form_copies_what_django_would_copy():
    for name, field in ComplaintForm.base_fields.items():
        ours, theirs = ComplaintForm().fields[name], copy.deepcopy(field)
        assert type(ours) is type(theirs)
        assert vars(ours).keys() == vars(theirs).keys()
        assert vars(ours.widget).keys() == vars(theirs.widget).keys()
        for kept in ("required", "label", "help_text", "initial", "error_messages", "validators", "disabled"):
            assert getattr(ours, kept) == getattr(theirs, kept)
        assert ours.widget.attrs == theirs.widget.attrs


def _refuses(_value: Any) -> None:
    raise forms.ValidationError("no")


def test_what_one_form_changes_no_other_form_has():
    one, other = ComplaintForm(), ComplaintForm()
    for name, field in one.fields.items():
        field.widget.attrs["class"] = "is-invalid"
        field.error_messages["required"] = "changed"
        field.validators.append(_refuses)
        field.required = not field.required
        field.label = "changed"
        assert not isinstance(field.widget, forms.MultiWidget)  # it would share its parts
        for kept in (other.fields[name], ComplaintForm.base_fields[name], ComplaintForm().fields[name]):
            assert "class" not in kept.widget.attrs
            assert kept.error_messages.get("required") != "changed"
            assert _refuses not in kept.validators
            assert kept.required is not field.required
            assert kept.label != "changed"
    del one.fields["link"]
    assert "link" in ComplaintForm().fields


def _all_of(fields: dict[str, forms.Field]) -> dict[str, Any]:
    return {
        name: (dict(vars(field)), dict(vars(field.widget)), dict(field.widget.attrs), [*field.validators])
        for name, field in fields.items()
    }


@pytest.mark.parametrize(
    "sent", [{}, {"number": "0812-3456-7890", "channel": "sms", "loss": "x", "zone": "?"}]
)
def test_validation_leaves_the_fields_of_the_class_as_they_are(sent: dict[str, str]):
    before = _all_of(ComplaintForm.base_fields)
    form = ComplaintForm(sent)
    assert not form.is_valid()
    assert form["key"].errors
    assert _all_of(ComplaintForm.base_fields) == before


def test_the_page_of_a_refused_form_has_fields_of_its_own():
    form = ComplaintForm({"narrative": "p"})
    assert not form.is_valid()
    for name, field in ComplaintForm.base_fields.items():
        assert form[name].field is form.fields[name] is form.fields.get(name)
        assert form[name].field is not field
        assert form[name].field.widget is not field.widget
    assert [one.field for one in form] == list(form.fields.values())
