"""When two spellings of a contact belong to one person, so that one person cannot act as two. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

_DOTLESS: Final = ("gmail.com", "googlemail.com")  # Gmail delivers s.a.r.i@ and sari@ to one mailbox


def mailbox_of(email: str) -> str:
    """The mailbox behind an address: one form of its letters, small, without a tag, at Gmail without dots.

    `ＳＡＲＩ+Aduan@Example.id` is `sari@example.id`. To compare, never to send to. The trigger
    `proposal_two_people` says the same in SQL.
    """
    name, _at, domain = unicodedata.normalize("NFKC", email).strip().lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in _DOTLESS:
        name, domain = name.replace(".", ""), _DOTLESS[0]
    return f"{name}@{domain}"


def plain_staff_number(text: str) -> str:
    """Letters and digits alone: `P-77` and `ｐ７７` are one. `accounts_plain_number` says the same in SQL."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(character for character in plain if character.isalnum())
