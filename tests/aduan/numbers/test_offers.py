"""A refusal offers the sensible reading, never only one with a digit too many, and brackets are asked."""

from __future__ import annotations

import pytest

from aduan.numbers.parsing import Refused, parse

BOTH = ["+628571234567", "+62857124567"]


@pytest.mark.parametrize(
    ("text", "code", "offered"),
    [
        ("+62 62 812-3456-7890", "doubled_country_code", ["+6281234567890"]),
        ("+62-62-812-3456-7890", "doubled_country_code", ["+6281234567890"]),
        ("+62 (62) 812-3456-7890", "doubled_country_code", ["+6281234567890"]),
        ("6262812-3456-7890", "doubled_country_code", ["+6281234567890"]),
        ("62 62 0812-3456-7890", "doubled_country_code", ["+6281234567890"]),
        ("081234567890 7B", "letters", ["+6281234567890"]),
        ("2A 081234567890", "letters", ["+6281234567890"]),
        ("0812 3456 789 O1", "letters", ["+628123456789", "+62812345678901"]),
        ("081234567890\u00b2", "unreadable_character", ["+6281234567890", "+62812345678902"]),
        ("081234567890 \u2460", "unreadable_character", ["+6281234567890"]),
        ("\U0001f5341 0812-3456-7890", "unreadable_character", ["+6281234567890"]),
        ("\U0001f5341 +62812-3456-7890", "unreadable_character", ["+6281234567890"]),
        ("0812345678\u2b55", "unreadable_character", []),
        ("0812 3456 7890 +1", "extra_digits", ["+6281234567890"]),
        ("81234567890 (+62)", "extra_digits", ["+6281234567890"]),
        ("0877-6308-11225 1.500.000", "extra_digits", ["+62877630811225"]),
        ("3, +62 897-3132-33629", "extra_text", ["+62897313233629"]),
        ("081234567890 \U0001f534 2", "unreadable_character", ["+6281234567890"]),
        ("081234567890 \u2b552", "unreadable_character", ["+6281234567890"]),
        ("0812-3456-7890 \u25cf", "unreadable_character", ["+6281234567890"]),
        ("\U0001f534 2 081234567890", "unreadable_character", ["+6281234567890"]),
        ("081234567890 2 \U0001f534", "unreadable_character", ["+6281234567890", "+62812345678902"]),
        ("0812 345 678 9 x", "extra_digits", ["+62812345678", "+628123456789"]),
        ("0857 12(3)4567", "extra_digits", BOTH),
        ("0857 12 (3) 4567", "extra_digits", BOTH),
        ("0857 12[3]4567", "extra_digits", BOTH),
    ],
)
def test_a_refusal_offers_what_is_meant(text, code, offered):
    with pytest.raises(Refused) as caught:
        parse(text)
    assert (caught.value.code, list(caught.value.suggestions)) == (code, offered)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("08123456789 4G", "+628123456789"),
        ("081234567890 3 x", "+6281234567890"),
        ("0812-3456-7890 10 X", "+6281234567890"),
        ("081234567890 3 x sehari", "+6281234567890"),
        ("2 x 0812-3456-7890", "+6281234567890"),
        ("0896 7000 123 x 3", "+628967000123"),
        ("0896 7000 123 tahun 2025", "+628967000123"),
        ("081234567890 12/05", "+6281234567890"),
        ("+62 812 3456 7890 (+1)", "+6281234567890"),
        ("(+62) 81234567890", "+6281234567890"),
        ("(+1) 202 555 0123", "+12025550123"),
        ("+62894-5202-105 4.5 bintang", "+628945202105"),
        ("+62 (812) 3456-7890", "+6281234567890"),
        ("+62 (0)(812) 3456 7890", "+6281234567890"),
        ("0857 (1234) 5678", "+6285712345678"),
        ("021 (5555) 1234", "+622155551234"),
        ("0857(12)34567", "+628571234567"),
        ("HP 812 3456 789", "+628123456789"),
    ],
)
def test_what_stands_beside_or_in_brackets_is_no_reason_to_ask(text, number):
    assert parse(text).canonical == number
