"""Promise: of a screen that shows a number, that number is offered (97 %), and what else is on it (95 %).

Screens of two generators that know nothing of each other: `bench.screens` and the one that draws the
pictures of the sample. Read in the sandbox, as in production. `make bench PROMISE=reading SIZE=200`.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from PIL import Image

from aduan.complaints import reading
from aduan.complaints.evidence import processing
from aduan.complaints.reading import OfferKind
from aduan.numbers.parsing import Refused, parse
from bench import screens
from bench.outcome import Outcome
from sample import pictures as sample_pictures

SIZES = (200,)
NUMBERS, CONTENTS = 0.97, 0.95
MOST_SECONDS, MOST_MEMORY = 1.0, 150  # of processor time a screen; megabytes
KINDS = ("whatsapp", "business", "telegram", "sms", "calls", "call")
TODAY = dt.date(2026, 11, 27)
SPEAKS_EVERY = 30  # seconds: a busy machine takes ten of them for a screen, and silence looks like a hang
TEXTS = (
    "Selamat Bapak/Ibu, paket tertahan. Bayar biaya kirim Rp 25.000 ke rekening {bank} {account}. Cek {link}",
    "Anda dapat hadiah undian! Klik {link} lalu transfer admin ke {bank} {account} an Rina.",
    "Pinjaman Anda lewat jatuh tempo, buka {link} sekarang juga.",
)


@dataclass
class Score:
    """How many of what was on the screens were offered."""

    right: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)

    def count(self, what: str, held: bool, note: str = "") -> None:
        self.shown[what] += 1
        self.right[what] += held
        if not held:
            self.missed.append(f"{what} {note}")

    def share(self, what: str) -> float:
        return self.right[what] / self.shown[what] if self.shown[what] else 1.0


def measure(size: int) -> Outcome:
    seed = int(os.environ.get("BENCH_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
    score, seconds, most, memory = Score(), 0.0, 0.0, 0
    spoke = time.monotonic()
    for index in range(size):
        dice = random.Random(f"{seed}:{index}")
        screen = screens.draw(KINDS[index // 2 % len(KINDS)], dice) if index % 2 else _of_sample(dice)
        before = _spent()
        read, resident = _read(screen)
        used = _spent() - before
        seconds, most, memory = seconds + used, max(most, used), max(memory, resident)
        _judge(screen, read, score, f"{seed}:{index} {screen.kind} {screen.width} {screen.number}")
        if time.monotonic() - spoke >= SPEAKS_EVERY:
            spoke = time.monotonic()
            _say_how_far(index + 1, size, seed, score)
    kept = (
        score.share("number") >= NUMBERS
        and min(score.share("account"), score.share("link")) >= CONTENTS
        and seconds / size <= MOST_SECONDS
        and 0 < memory <= MOST_MEMORY
    )
    rows = [
        (what, f"{score.right[what]} of {shown} ({score.share(what):.1%})")
        for what, shown in score.shown.items()
    ]
    rows += [
        ("seed", str(seed)),
        ("processor seconds a screen", f"{seconds / size:.2f}, at most {most:.2f}"),
        ("memory of a reading, at most", f"{memory} MB"),
        *(("missed", text) for text in score.missed[:20]),
    ]
    return Outcome(
        "reading screens", size, score.share("number"), 1.0, NUMBERS, "least", rows, also_holds=kept
    )


def _say_how_far(done: int, size: int, seed: int, score: Score) -> None:
    """How far it is, so that a run that is broken off leaves a figure, too."""
    so_far = ", ".join(f"{what} {score.right[what]} of {shown}" for what, shown in score.shown.items())
    print(f"seed {seed}: {done} of {size} screens read; {so_far}", file=sys.stderr, flush=True)


def _read(screen: screens.Screen) -> tuple[reading.Reading, int]:
    """What was read, and the megabytes that the child says it had at most."""
    found = processing.read_picture(screen.picture)
    if not found.ok:
        return reading.Reading(), 0
    sizes = [(page.width, page.height) for page in found.pages]
    memory = -(-found.peak_memory // 2**20)
    return reading.offers_of_picture(found.words, sizes, today=TODAY), memory


def _judge(screen: screens.Screen, read: reading.Reading, score: Score, note: str) -> None:
    offered = {_canonical(offer.value) for offer in read.of(OfferKind.NUMBER)}
    if screen.named:
        score.count("asks for the number", read.asks_number, note)
    else:
        first = read.of(OfferKind.NUMBER)[:1]
        score.count("number", screen.number in offered, note)
        score.count("number first", [_canonical(one.value) for one in first] == [screen.number], note)
    if screen.account:
        score.count(
            "account",
            screen.account in {one.value.rpartition(" ")[2] for one in read.of(OfferKind.ACCOUNT)},
            note,
        )
    if screen.link:
        score.count(
            "link", screen.link in {one.value for one in read.of(OfferKind.LINK)}, f"{note} {screen.link}"
        )
    if screen.amount:
        score.count("amount", str(screen.amount) in {one.value for one in read.of(OfferKind.AMOUNT)}, note)
    if screen.date:
        score.count(
            "date", dt.date(*screen.date).isoformat() in {one.value for one in read.of(OfferKind.DATE)}, note
        )
    if screen.channel:
        score.count(
            "channel",
            [one.value for one in read.of(OfferKind.CHANNEL)] == [screen.channel],
            note,
        )


def _canonical(text: str) -> str:
    try:
        return parse(text).canonical
    except Refused:
        return ""


def _of_sample(dice: random.Random) -> screens.Screen:
    """A chat as the sample draws it, at another width, half of them as a poor JPEG."""
    screen = screens.Screen("sample", width=dice.choice(screens.WIDTHS))
    screen.number = "+62" + dice.choice(screens.PREFIXES) + "".join(dice.choices("0123456789", k=8))
    bank = dice.choice(list(screens.BANKS))
    text = dice.choice(TEXTS)
    account = str(dice.randint(1, 9)) + "".join(dice.choices("0123456789", k=screens.BANKS[bank] - 1))
    host = f"{dice.choice(screens.HOSTS)}{dice.randint(2, 99)}.{dice.choice(screens.TLDS)}"
    link = f"{host}/{dice.randint(10, 99)}"
    screen.account = account if "{account}" in text else ""
    screen.link = link
    data = sample_pictures.chat(
        screens.spelled(screen.number, dice),
        text.format(bank=bank, account=account, link=f"https://{link}"),
        dice,
    )
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture = picture.resize(
        (screen.width, round(picture.height * screen.width / picture.width)), Image.Resampling.LANCZOS
    )
    target = io.BytesIO()
    if dice.random() < 0.5:
        picture.save(target, "JPEG", quality=40)
    else:
        picture.save(target, "PNG")
    screen.picture = target.getvalue()
    return screen


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
