"""What the invented citizens tell. The stories are data (stories.csv), written for this project."""

from __future__ import annotations

import csv
import functools
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SOURCE: Final = Path(__file__).parent / "stories.csv"
_NAMES: Final = (
    "Andika",
    "Bagas",
    "Ratna",
    "Hendra",
    "Yuni",
    "Fajar",
    "Rina",
    "Agung",
    "Siska",
    "Doni",
    "Wulan",
)
_BANKS: Final = ("Bank Nusa", "Bank Sejahtera", "Bank Bahari", "Dompet Kilat", "Bank Pelita", "Bank Cendana")
_SHOPS: Final = ("Toko Serba Ada 88", "Gadget Murah Jaya", "Sepatu Ori", "Grosir Makmur", "Elektronik Kita")
_CITIES: Final = ("Bekasi", "Surabaya", "Medan", "Semarang", "Makassar", "Palembang", "Bandung", "Denpasar")
_LINKS: Final = (
    "bit-ly.example/k4rtu",
    "verifikasi-akun.example",
    "cek-paket.example/id",
    "klaim-hadiah.example",
)


@dataclass(frozen=True, slots=True)
class Story:
    category: str
    channel: str
    cost: bool
    text: str


@dataclass(frozen=True, slots=True)
class FilledStory:
    """A story with its blanks filled in."""

    category: str
    channel: str
    text: str
    loss: int | None
    link: str
    account: str


@functools.cache
def stories() -> tuple[Story, ...]:
    with _SOURCE.open(encoding="utf-8", newline="") as rows:
        return tuple(
            Story(row["category"], row["channel"], row["loss"] == "1", row["text"])
            for row in csv.DictReader(rows)
        )


def fill_story(story: Story, dice: random.Random) -> FilledStory:
    """The story as one person would tell it: own amount, names, hour."""
    amount = dice.choice((75, 150, 250, 500, 850, 1200, 2500, 4000, 7500, 15000)) * 1000
    bank, link = dice.choice(_BANKS), dice.choice(_LINKS)
    shown = f"Rp {amount:,}".replace(",", ".")
    text = story.text.format(
        nama=dice.choice(_NAMES),
        bank=bank,
        toko=dice.choice(_SHOPS),
        kota=dice.choice(_CITIES),
        jumlah=shown,
        jam=f"{dice.randrange(7, 22):02d}.{dice.randrange(6)}0",
        tautan=link,
    )
    return FilledStory(
        category=story.category,
        channel=story.channel,
        text=text,
        loss=amount if story.cost else None,
        link=f"https://{link}" if "{tautan}" in story.text else "",
        account=f"{bank} {dice.randrange(10**9, 10**10)}" if story.cost and "{bank}" in story.text else "",
    )
