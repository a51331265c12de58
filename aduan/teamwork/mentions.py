"""Who is meant by an @mention in a note. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_MENTION: Final = re.compile(r"(?<![\w@.\"'“‘`])@([^\W_][\w.\-]{0,119})")
_LINK: Final = re.compile(r"(?<!\S)[^\s@]+\.[a-z]{2,}/\S*", re.IGNORECASE)  # its @name is an account there
_PRICE: Final = re.compile(r"(?:rp\.?)?\d[\d.]*(?:rb|ribu|jt|juta|k)?")  # "3 kali @500.000" is a price each


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person as a mention can name them: by mailbox, by first name, or by names joined with dots."""

    person_id: int
    name: str
    email: str

    @property
    def handle(self) -> str:
        """What names this person and no one else: the mailbox without its domain."""
        return self.email.partition("@")[0].casefold()

    def answers_to(self, mention: str) -> bool:
        """Whether the mention, without "@", could mean this person."""
        joined = ".".join(self.name.casefold().split())
        return mention == joined or joined.startswith(f"{mention}.")


@dataclass(frozen=True, slots=True)
class Mentions:
    """`unclear` are mentions that name no one, or several; each with who could be meant."""

    people: tuple[Colleague, ...]
    unclear: tuple[tuple[str, tuple[Colleague, ...]], ...]


def mentions_in(text: str, colleagues: Iterable[Colleague]) -> Mentions:
    """Read the mentions of a text; a mailbox goes before a name."""
    known = tuple(colleagues)
    found: dict[int, Colleague] = {}
    unclear: list[tuple[str, tuple[Colleague, ...]]] = []
    for written in dict.fromkeys(
        match.rstrip(".-").casefold() for match in _MENTION.findall(_LINK.sub(" ", text))
    ):
        meant = tuple(one for one in known if one.handle == written) or tuple(
            one for one in known if one.answers_to(written)
        )
        if len(meant) == 1:
            found[meant[0].person_id] = meant[0]
        elif meant or not _PRICE.fullmatch(written):
            unclear.append((written, meant))
    return Mentions(tuple(found.values()), tuple(unclear))
