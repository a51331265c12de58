"""A text of 100,000 characters counts against a limit as what it costs: a hundred of the usual ones.

On 673d926f it counted once: reading one took up to 0.2 s of processor time, so that one network, within its
limit of ten requests a second, kept two processors busy. Now it keeps a fiftieth of one busy.
"""

from __future__ import annotations

import pytest
from django.test import Client

from portal.public import rate_limits

pytestmark = pytest.mark.django_db
LONG = "a.b 0812 " * 11_000
READS = [
    ("/lapor/nomor/", "text"),
    ("/lapor/nomor/", "number"),
    ("/lapor/baca/", "text"),
    ("/cek/", "number"),
]


@pytest.mark.parametrize(("address", "field"), READS)
def test_long_texts_are_counted_by_their_length(
    client: Client, monkeypatch: pytest.MonkeyPatch, address: str, field: str
) -> None:
    for name in ("PARSE_NUMBER", "CHECK"):
        monkeypatch.setattr(
            rate_limits, name, rate_limits.Limit(f"{name} of long texts {address} {field}", 60, 600)
        )
    origin = f"10.{READS.index((address, field))}.77.9"
    for _turn in range(40):  # a person who types, and pastes a message now and then
        answer = client.post(address, {field: "0812-3456-7890"}, REMOTE_ADDR=origin)
        assert answer.status_code == 200
    assert client.post(address, {field: LONG}, REMOTE_ADDR=origin).status_code == 429


def test_a_pasted_chat_of_a_page_counts_a_few_times() -> None:
    assert [rate_limits.reading_of("x" * length) for length in (0, 20, 999, 3_000)] == [1, 1, 1, 4]
