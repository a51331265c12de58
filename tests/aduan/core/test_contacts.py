"""Two ways to write an address that reach one mailbox are one, here and in the database."""

from __future__ import annotations

import pytest

from aduan.core.contacts import mailbox_of

SAME = [
    ("Budi@Aduan.example", "budi@aduan.example"),
    ("budi+kedua@aduan.example", "budi@aduan.example"),
    ("budi+a+b@aduan.example", "budi@aduan.example"),
    ("  budi@aduan.example ", "budi@aduan.example"),
    ("ｂｕｄｉ@aduan.example", "budi@aduan.example"),
    ("Budi.Santoso+x@gmail.com", "budisantoso@gmail.com"),
    ("b.u.d.i.s.a.n.t.o.s.o@googlemail.com", "budisantoso@gmail.com"),
]
OTHER = [
    ("budi.santoso@aduan.example", "budisantoso@aduan.example"),  # dots count everywhere else
    ("budi@aduan.example", "budi@aduan.test"),
    ("budi@gmail.com.example", "b.udi@gmail.com.example"),
]


@pytest.mark.parametrize(("one", "mailbox"), SAME)
def test_spellings_of_one_mailbox_are_one(one: str, mailbox: str) -> None:
    assert mailbox_of(one) == mailbox == mailbox_of(mailbox)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_mailboxes_stay_apart(one: str, other: str) -> None:
    assert mailbox_of(one) != mailbox_of(other)
