"""Categories speak people's words in both languages."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from aduan.complaints import categories
from aduan.core.errors import Invalid


def test_every_category_has_words_and_a_group_in_both_languages():
    known = categories.all_categories()
    assert len(known) == 26
    for category in known.values():
        assert category.words_id
        assert category.words_en
        assert category.group in categories.GROUPS
        assert len(category.code) <= 20


def test_choices_follow_the_language_of_the_reader():
    choice = dict(categories.choices())["BELANJA"]
    with override("id"):
        assert str(choice) == "Saya bayar barang, barangnya tidak dikirim"
    with override("en"):
        assert str(choice) == "I paid for goods that never came"
        assert categories.label_of("BELANJA") == "Online shopping scam"


def test_groups_hold_every_category_once():
    grouped = [code for _heading, members in categories.grouped_choices() for code, _words in members]
    assert sorted(grouped) == sorted(categories.all_categories())


def test_an_unknown_code_is_refused_and_an_old_one_still_shown():
    with pytest.raises(Invalid):
        categories.named("NOPE")
    assert categories.label_of("OLD_CODE") == "OLD_CODE"
