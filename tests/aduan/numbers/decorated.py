"""Numbers with figures around them that are something else, as people and phones put them, made at random."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final, NamedTuple

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
Maker = Callable[[random.Random], str]


class Decorated(NamedTuple):
    kind: str
    text: str
    number: str  # the E.164 that is meant


def _digits(maker: random.Random, count: int) -> str:
    return "".join(maker.choice("0123456789") for _ in range(count))


def mobile(maker: random.Random) -> tuple[str, str]:
    """A mobile number of 10 to 13 digits, spelled in one of the usual ways, and its E.164."""
    prefix = "8" + maker.choice("1235789") + maker.choice("123456789")
    rest = _digits(maker, maker.choice((6, 7, 7, 8, 8, 8, 8, 9, 9)))
    begin = maker.choice(("0", "0", "0", "+62 ", "+62", "62", "+62-"))
    mark = maker.choice(("", "", "-", "-", " ", "."))
    cut = maker.choice((3, 4, 4))
    groups = [prefix, rest[:cut], rest[cut:]]
    return begin + mark.join(group for group in groups if group), f"+62{prefix}{rest}"


def landline(maker: random.Random) -> tuple[str, str]:
    area, length = maker.choice((("21", 7), ("21", 8), ("22", 7), ("31", 7), ("274", 6), ("361", 6)))
    rest = maker.choice("23456789") + _digits(maker, length - 1)
    spelled = maker.choice(("0{}-{}", "(0{}) {}", "0{}{}", "+62 {} {}", "0{} {}")).format(area, rest)
    return spelled, f"+62{area}{rest}"


def date(maker: random.Random) -> str:
    day, month, year = maker.randint(1, 28), maker.randint(1, 12), maker.randint(2019, 2026)
    return maker.choice(("{:02}-{:02}-{}", "{:02}/{:02}/{}", "{}/{}/{}", "{:02}.{:02}.{}")).format(
        day, month, year
    )


def spoken_date(maker: random.Random) -> str:
    year = maker.choice(("", " 2025", " 2026"))
    return f"{maker.randint(1, 28)} {maker.choice(MONTHS)}{year}"


def clock(maker: random.Random) -> str:
    hour, minute = maker.randint(0, 23), maker.randint(0, 59)
    forms = ("{:02}:{:02}", "{:02}.{:02} WIB", "jam {:02}.{:02}", "pukul {}.{:02}", "{}:{:02}:07")
    return maker.choice(forms).format(hour, minute)


def stamp(maker: random.Random) -> str:
    day, month = maker.randint(1, 28), maker.randint(1, 12)
    return f"[{day:02}/{month:02}/25 {maker.randint(0, 23):02}.{maker.randint(0, 59):02}.33]"


# What is named in the contract. Each stands behind, before or on both sides.
BEHIND: Final[dict[str, Maker]] = {
    "call count": lambda m: f" ({m.randint(2, 99)})",
    "call count, glued": lambda m: f"({m.randint(2, 29)})",
    "call count, square": lambda m: f" [{m.randint(2, 9)}]",
    "missed calls": lambda m: f" {m.randint(1, 30)} panggilan tak terjawab",
    "missed calls, English": lambda m: f" {m.randint(2, 30)} missed calls",
    "opening hours": lambda m: m.choice((" 24 jam", " 24 Jam", " (24 jam)", " 24/7")),
    "time span": lambda m: f" {m.randint(1, 90)} {m.choice(('jam', 'menit', 'hari', 'detik'))}",
    "amount": lambda m: f" {m.randint(1, 90)} {m.choice(('juta', 'jt', 'ribu', 'rb'))}",
    "amount, glued": lambda m: f" {m.randint(1, 900)}{m.choice(('rb', 'jt', 'juta', 'k'))}",
    "amount, Rp": lambda m: f" Rp {m.randint(1, 900)}.000",
    "times": lambda m: m.choice((" x{}", " {}x", " (x{})", " ×{}", " {} kali")).format(m.randint(2, 20)),
    "PIN": lambda m: f" PIN{m.choice((' ', ': '))}{_digits(m, m.choice((4, 6)))}",
    "OTP": lambda m: f" {m.choice(('OTP', 'kode', 'Kode OTP'))} {_digits(m, 6)}",
    "date": lambda m: " " + date(m),
    "date, labelled": lambda m: " tgl " + date(m),
    "date in words": lambda m: " " + spoken_date(m),
    "time": lambda m: " " + clock(m),
    "date and time": lambda m: f" {date(m)} {clock(m)}",
    "order number": lambda m: (
        f" {m.choice(('order', 'pesanan', 'invoice', 'ref'))} {m.choice(('', '#'))}{_digits(m, 5)}"
    ),
    "network": lambda m: f" {m.choice('345')}{m.choice('Gg')}",
    "day and month": lambda m: f" {m.randint(1, 28):02}/{m.randint(1, 12):02}",
    "one more": lambda m: f" (+{m.randint(1, 9)})",
    "others": lambda m: m.choice((" dan {} lainnya", " & {} lagi")).format(m.randint(2, 9)),
    "ordinal": lambda m: m.choice((" ke-{}", " ke {}", " yang ke-{}", " #{}", " km {}")).format(
        m.randint(2, 9)
    ),
    "rating": lambda m: m.choice((" 4.5 bintang", " 4,5/5", " {} bintang", " {} laporan")).format(
        m.randint(2, 5)
    ),
    "how long ago": lambda m: f" {m.randint(1, 23)}{m.choice(('j lalu', 'h ago', 'd ago', 'w'))}",
    "telephone": lambda m: m.choice((" WA{}", " hp {}", " kartu {}", " SIM {} 10:15")).format(
        m.randint(1, 2)
    ),
    "parcel number": lambda m: f" resi JP{_digits(m, 10)}",
}
BEFORE: Final[dict[str, Maker]] = {
    "list number": lambda m: f"{m.randint(1, 60)}{m.choice(('. ', ') '))}",
    "list number, brackets": lambda m: f"({m.randint(1, 60)}) ",
    "PIN before": lambda m: f"PIN {m.choice('123456789')}{_digits(m, 3)} ",
    "date before": lambda m: date(m) + " ",
    "date in words before": lambda m: spoken_date(m) + " ",
    "time before": lambda m: clock(m) + " ",
    "stamp before": lambda m: stamp(m) + " ",
    "amount before": lambda m: f"{m.randint(1, 900)}{m.choice(('rb', ' ribu', 'jt'))} ke ",
    "credit before": lambda m: f"tolong pulsa {m.choice((5, 10, 20, 25, 50, 100))} ",
    "label with a count": lambda m: m.choice(("WA1: ", "CS 2: ", "Admin 3 ", "HP 1: ", "No. 1 ", "SIM 2: ")),
    "code before": lambda m: f"282F{m.randint(1, 9)}C55 ",
    "order number before": lambda m: f"order #{m.choice('123456789')}{_digits(m, 4)}, ",
    "item": lambda m: m.choice(("{}] ", "{}: ", "{}.) ", "#{} ", "#{}: ", "ke-{} ")).format(m.randint(1, 9)),
    "times before": lambda m: f"{m.randint(2, 9)}x ",
}  # fmt: skip
# Digits that may be the last ones of the number, or nothing says what they are: to be asked about.
UNCLEAR: Final[dict[str, Maker]] = {
    "a lone digit": lambda m: f" {m.randint(1, 9)}",
    "two digits": lambda m: f" {m.randint(10, 99)}",
    "a dash and a digit": lambda m: f"-{m.randint(1, 9)}",
    "a year": lambda m: f" {m.randint(2019, 2026)}",
    "a short word": lambda m: f" {m.choice(('7B', '2A', 'B2', '12s'))}",
    "a raised digit": lambda m: m.choice(("²", "①", " ③", "❷")),
    "a plus": lambda m: f" +{m.randint(1, 9)}",
    "a day and month with a dash": lambda m: f" {m.randint(10, 28)}-{m.randint(10, 12)}",
    "a large amount without a unit": lambda m: f" {m.randint(1, 9)}.{m.choice('1234')}00.000",
    "an amount without a unit": lambda m: f" {m.randint(10, 99)}.000",
}


def decorated(maker: random.Random) -> Decorated:
    """A number with one or two figures of the named kinds around it."""
    spelled, number = landline(maker) if maker.random() < 0.1 else mobile(maker)
    place = maker.random()
    behind, before = maker.choice(list(BEHIND)), maker.choice(list(BEFORE))
    if place < 0.5:
        return Decorated(behind, spelled + BEHIND[behind](maker), number)
    if place < 0.8:
        return Decorated(before, BEFORE[before](maker) + spelled, number)
    return Decorated(f"{before} + {behind}", BEFORE[before](maker) + spelled + BEHIND[behind](maker), number)
