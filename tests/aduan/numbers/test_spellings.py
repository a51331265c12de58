"""Every way of writing a number that we know of reads as it should."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aduan.numbers.kinds import REMEDIES, NumberKind, Remedy
from aduan.numbers.parsing import Refused, format_number, parse

HERE = Path(__file__).parent
OURS = [json.loads(line) for line in (HERE / "spellings.jsonl").read_text("utf-8").splitlines()]
DATA = HERE.parents[1] / "data"
VARIANTS = [json.loads(line) for line in (DATA / "number_variants.jsonl").read_text("utf-8").splitlines()]


def test_there_are_more_than_150_spellings_of_our_own():
    assert len({row["raw"] for row in OURS}) >= 150


@pytest.mark.parametrize("row", OURS, ids=lambda row: ascii(row["raw"])[:40])
def test_our_spelling_reads_as_expected(row):
    try:
        answer: dict[str, object] = {"reads": parse(row["raw"]).canonical}
    except Refused as refused:
        answer = {"refused": refused.code}
        if refused.suggestions:
            answer["suggests"] = list(refused.suggestions)
    assert {"raw": row["raw"], **answer} == row


@pytest.mark.parametrize("row", VARIANTS, ids=lambda row: ascii(row["raw"])[:40])
def test_a_variant_of_writing_reads_as_expected(row):
    expected = row["expected"]
    either_way = row["raw"] == "0248147033" or row["case"].startswith(("protected", "spoof"))
    try:
        number = parse(row["raw"]).e164
    except Refused as refused:
        number = refused.reading.e164 if refused.reading else None
    if expected.startswith("+"):
        assert number == expected
    else:
        assert number is None or either_way


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("081234567890", "+62 812-3456-7890"),
        ("0811234567", "+62 811-2345-67"),
        ("0215551234", "+62 21 5551234"),
        ("+44 7911 123456", "+447911123456"),
        ("1500888", "1500888"),
        ("Bank-BCA", "BANK-BCA"),
        ("https://t.me/Penipu_ID", "Telegram @penipu_id"),
        ("nomor pribadi", "Private number"),
    ],
)
def test_a_number_is_shown_so_that_it_reads_back_as_itself(raw, shown):
    parsed = parse(raw)
    assert format_number(parsed) == parsed.display == shown
    assert parse(shown) == parsed


def test_the_letter_o_is_offered_as_a_zero_and_never_taken_for_one():
    with pytest.raises(Refused) as refusal:
        parse("0812 3456 789O")
    assert refusal.value.code == "letters_for_digits"
    assert refusal.value.position == 13
    assert refusal.value.suggestions == ("+6281234567890",)
    assert refusal.value.status == 400


def test_the_position_counts_invisible_characters_too():
    with pytest.raises(Refused) as refusal:
        parse("\u202a08\u200b12 3456 789O\u202c")
    assert refusal.value.position == 15


def test_the_message_quotes_what_was_typed():
    with pytest.raises(Refused) as refusal:
        parse("0812😀34567890")
    assert "😀" in str(refusal.value.message)


@pytest.mark.parametrize(
    ("raw", "remedy"),
    [
        ("081234567890", Remedy.BLOCK_AT_OPERATOR),
        ("0215551234", Remedy.BLOCK_AT_OPERATOR),
        ("+447911123456", Remedy.FILTER_INBOUND),
        ("BANK-BCA", Remedy.FILTER_INBOUND),
        ("@penipu_id", Remedy.REFER_TO_PLATFORM),
        ("1500888", Remedy.RECORD_ONLY),
        ("3636", Remedy.RECORD_ONLY),
        ("No Caller ID", Remedy.RECORD_ONLY),
    ],
)
def test_each_kind_says_what_can_be_done_about_it(raw, remedy):
    assert REMEDIES[parse(raw).kind] == remedy


def test_digits_are_the_e164_digits_as_lists_hold_them():
    parsed = parse("0812-3456-7890")
    assert (parsed.e164, parsed.digits, parsed.national) == ("+6281234567890", 6281234567890, "081234567890")
    assert parse("3636").digits is None


def test_a_hint_widens_what_counts_as_a_name():
    with pytest.raises(Refused):
        parse("promo20245jp")
    assert parse("promo20245j", hint=NumberKind.SENDER_ID).canonical == "sender:PROMO20245J"
    assert parse("budi.penipu", hint=NumberKind.OTT_HANDLE).canonical == "telegram:@budi.penipu"


def test_the_same_number_spelled_differently_is_equal():
    assert parse("0812-3456-7890") == parse("wa.me/6281234567890") == parse("٠٨١٢٣٤٥٦٧٨٩٠")
