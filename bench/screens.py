"""Draws screens as phones show them, with what is on them: chats, SMS, call logs. No browser, nothing real.

Numbers are random; each comes from the dice of its screen, so that a printed seed repeats a run.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

from bench.screen_pen import BLACK, BLUE, DARK, GREEN, LIGHT, NIGHT, PLAIN, Pen

KINDS_OF_CALL: Final = ("Masuk", "Tak terjawab", "Keluar")
WIDTHS: Final = (432, 540, 720, 828, 1080, 1170, 1284, 1440)
PREFIXES: Final = (
    "811",
    "812",
    "813",
    "821",
    "822",
    "852",
    "853",
    "857",
    "858",
    "878",
    "877",
    "895",
    "896",
    "881",
)
BANKS: Final = {"BCA": 10, "BRI": 15, "BNI": 10, "Mandiri": 13, "SeaBank": 12, "BSI": 10}
HOSTS: Final = ("paket-ulang", "hadiah-resmi", "klaim-dana", "cek-resi", "verifikasi-akun", "bansos-cair")
TLDS: Final = ("com", "xyz", "site", "online", "id", "top")
NAMES: Final = ("Budi Kurir", "Mama", "CS Gudang", "Pak RT", "Dina", "Admin Lowongan", "Sari Kantor")
HOLDERS: Final = ("RINA WATI", "AGUS SALIM", "PT GUDANG JAYA", "DEWI LESTARI")
OURS: Final = (
    "Ini siapa ya?",
    "Paket yang mana?",
    "Sudah saya transfer kak",
    "Kok minta uang lagi?",
    "Baik, tunggu sebentar",
)
THEIRS: Final = (
    "Selamat siang Kak, paket Kakak tertahan di gudang karena alamat kurang lengkap.",
    "Selamat! Nomor Anda terpilih sebagai pemenang undian berhadiah.",
    "Halo, kami dari bagian kredit. Pinjaman Anda jatuh tempo hari ini.",
    "Lowongan kerja paruh waktu, cukup like dan follow, gaji harian.",
    "Mohon segera diproses ya Kak, kalau lewat hari ini paket hangus.",
    "Silakan hubungi admin kami untuk pencairan.",
)
MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
    "November", "Desember",
)  # fmt: skip


@dataclass
class Screen:
    """A picture and what a person reads on it. `number` is empty where only a contact's name is shown."""

    kind: str
    picture: bytes = b""
    width: int = 0
    number: str = ""  # E.164
    named: bool = False
    channel: str = ""
    account: str = ""
    link: str = ""
    amount: int = 0
    date: tuple[int, int, int] | None = None
    said: list[tuple[bool, str]] = field(default_factory=list)  # (ours, text)


def draw(kind: str, dice: random.Random) -> Screen:
    """One screen of `whatsapp`, `business`, `telegram`, `sms`, `calls`, `call`."""
    screen = Screen(kind, width=dice.choice(WIDTHS))
    screen.number = (
        "+62" + dice.choice(PREFIXES) + "".join(dice.choices("0123456789", k=dice.choice((7, 8, 8, 9))))
    )
    screen.channel = {"sms": "sms", "calls": "call", "call": "call", "telegram": "telegram"}.get(
        kind, "whatsapp"
    )
    pen = Pen(screen.width, dice, _colours(kind, dice))
    if kind in {"calls", "call"}:
        _calls(pen, screen, dice)
    else:
        _conversation(screen, dice)
        _chat(pen, screen, dice)
    screen.picture = pen.encoded(dice)
    return screen


def spelled(number: str, dice: random.Random) -> str:
    """A number as a phone's head line shows it."""
    rest = number[3:]
    apart = f"{rest[:3]}-{rest[3:7]}-{rest[7:]}"
    spellings = (
        f"+62 {apart}",
        f"+62 {apart}",
        "0" + rest,
        number,
        f"0{apart}",
        "0" + apart.replace("-", " "),
    )
    return dice.choice(spellings)


def _colours(kind: str, dice: random.Random) -> dict[str, str]:
    if kind in {"whatsapp", "business"}:
        return dice.choice((LIGHT, GREEN, DARK))
    return dice.choice((BLUE, NIGHT)) if kind == "telegram" else dice.choice((PLAIN, BLACK))


def _conversation(screen: Screen, dice: random.Random) -> None:
    day = (2026, dice.randint(1, 11), dice.randint(1, 28))
    screen.date = day if dice.random() < 0.7 else None
    lines = [(False, dice.choice(THEIRS))]
    if dice.random() < 0.6:
        bank = dice.choice(list(BANKS))
        screen.account = str(dice.randint(1, 9)) + "".join(dice.choices("0123456789", k=BANKS[bank] - 1))
        screen.amount = dice.choice((18_500, 150_000, 250_000, 1_500_000, 3_250_000))
        shown = f"{screen.amount:,}".replace(",", ".")
        lines.append((True, dice.choice(OURS)))
        lines.append((False, dice.choice((
            f"Transfer ke {bank} {screen.account} a.n. {dice.choice(HOLDERS)} sebesar Rp {shown} ya Kak",
            f"Rek {bank}: {screen.account} an {dice.choice(HOLDERS)}, Rp{shown}",
        ))))  # fmt: skip
    if dice.random() < 0.6:
        path = "".join(dice.choices("abcdefghkmnprtuvwxyz23456789", k=4))
        screen.link = f"{dice.choice(HOSTS)}{dice.randint(2, 99)}.{dice.choice(TLDS)}/{path}"
        lines.append((False, f"{dice.choice(('Klik', 'Cek di sini', 'Isi data di'))} https://{screen.link}"))
    lines.append((True, dice.choice(OURS)))
    if dice.random() < 0.5:
        lines.append((False, dice.choice(THEIRS)))
    screen.said = lines * (3 if dice.random() < 0.1 else 1)  # now and then a scrolled screenshot


def _status(pen: Pen, dice: random.Random, ink: str) -> None:
    pen.text(16, 5, f"{dice.randint(0, 23):02}.{dice.randint(0, 59):02}", 12, ink)
    pen.text(pen.right - 16, 5, f"{dice.randint(5, 99)}%", 12, ink, anchor="ra")
    if dice.random() < 0.3:
        pen.box(pen.right / 2 - 6, 6, pen.right / 2 + 6, 18, 6, "#000000")  # the notch
    pen.text(pen.right - 80, 5, dice.choice(("4G", "5G", "LTE")), 11, ink)


def _head(pen: Pen, screen: Screen, dice: random.Random) -> None:
    colours = pen.colours
    ink, soft = colours.get("head_ink", colours["ink"]), colours.get("head_ink", colours["soft"])
    pen.box(0, 0, pen.right, 80, 0, colours["head"])
    _status(pen, dice, ink)
    pen.text(14, 42, "<", 18, ink)
    pen.box(38, 34, 74, 70, 18, "#8d9bc4")
    title = dice.choice(NAMES) if screen.named else spelled(screen.number, dice)
    under = {"business": "Akun bisnis", "telegram": "terakhir dilihat baru-baru ini"}.get(screen.kind, "")
    if screen.kind == "whatsapp" and dice.random() < 0.5:
        under = dice.choice(("online", "ketuk di sini untuk info kontak", "mengetik..."))
    pen.text(84, 36 if under else 43, title, 17, ink)
    if under:
        pen.text(84, 57, under, 12, soft)
    pen.y = 90


def _chat(pen: Pen, screen: Screen, dice: random.Random) -> None:
    screen.named = dice.random() < 0.12
    _head(pen, screen, dice)
    if screen.date:
        year, month, day = screen.date
        text = dice.choice(
            (
                f"{day} {MONTHS[month - 1]} {year}",
                f"{day} {MONTHS[month - 1][:3]} {year}",
                f"{day}/{month}/{year}",
            )
        )
        if screen.kind == "sms":
            pen.text(
                pen.right / 2,
                pen.y,
                f"{text} • {dice.randint(0, 23)}.{dice.randint(10, 59)}",
                12,
                pen.colours["soft"],
                anchor="ma",
            )
        else:
            half = pen.font(12).getlength(text) / pen.scale / 2 + 10
            pen.box(pen.right / 2 - half, pen.y, pen.right / 2 + half, pen.y + 22, 8, pen.colours["theirs"])
            pen.text(pen.right / 2, pen.y + 4, text, 12, pen.colours["soft"], anchor="ma")
        pen.y += 32
    if screen.kind == "whatsapp" and dice.random() < 0.4:
        for line in pen.wrapped(
            "Pesan dan panggilan terenkripsi secara end-to-end. Tidak seorang pun dapat membacanya.",
            12,
            pen.right - 100,
        ):
            pen.text(pen.right / 2, pen.y, line, 12, pen.colours["soft"], anchor="ma")
            pen.y += 16
        pen.y += 10
    hour, minute = dice.randint(6, 21), dice.randint(0, 40)
    for ours, said in screen.said:
        minute += dice.randint(0, 1)
        _bubble(pen, said, ours=ours, time="" if screen.kind == "sms" else f"{hour:02}.{minute:02}")
    pen.y += 14
    pen.box(10, pen.y, pen.right - 64, pen.y + 44, 22, pen.colours["theirs"])
    pen.text(26, pen.y + 13, "Ketik pesan" if screen.kind != "sms" else "Pesan teks", 15, pen.colours["soft"])
    pen.box(pen.right - 56, pen.y, pen.right - 10, pen.y + 44, 22, "#8d9bc4")
    pen.y += 60


def _bubble(pen: Pen, said: str, *, ours: bool, time: str) -> None:
    lines = pen.wrapped(said, 15.5, pen.right * 0.72)
    width = max(pen.font(15.5).getlength(line) for line in lines) / pen.scale + 24
    width = min(max(width, 90), pen.right - 24)
    left = pen.right - 10 - width if ours else 10
    height = len(lines) * 20 + (30 if time else 18)
    pen.box(left, pen.y, left + width, pen.y + height, 10, pen.colours["ours" if ours else "theirs"])
    for number, line in enumerate(lines):
        pen.text(left + 12, pen.y + 7 + number * 20, line, 15.5, pen.colours["ink"])
    if time:
        pen.text(
            left + width - 10,
            pen.y + height - 18,
            time + (" //" if ours else ""),
            11,
            pen.colours["soft"],
            anchor="ra",
        )
    pen.y += height + 8


def _calls(pen: Pen, screen: Screen, dice: random.Random) -> None:
    colours = pen.colours
    _status(pen, dice, colours["ink"])
    screen.said = []
    if screen.kind == "call":
        pen.box(pen.right / 2 - 40, 60, pen.right / 2 + 40, 140, 40, "#8d9bc4")
        pen.text(pen.right / 2, 156, spelled(screen.number, dice), 22, colours["ink"], anchor="ma")
        pen.text(
            pen.right / 2,
            190,
            dice.choice(("Indonesia", "Ponsel", "Telkomsel")),
            13,
            colours["soft"],
            anchor="ma",
        )
        pen.y = 236
        screen.date = (2026, dice.randint(1, 11), dice.randint(1, 28))
        _year, month, day = screen.date
        for _turn in range(dice.randint(1, 5)):
            minutes = dice.randint(1, 59)
            pen.text(
                56, pen.y, dice.choice(("Panggilan masuk", "Panggilan tak terjawab")), 15, colours["ink"]
            )
            pen.text(
                56,
                pen.y + 21,
                f"{day} {MONTHS[month - 1]} {dice.randint(8, 20):02}.{minutes:02}, {minutes % 9} mnt 12 dtk",
                12,
                colours["soft"],
            )
            pen.y += 56
        screen.date = None
        return
    pen.text(20, 46, "Terbaru", 24, colours["ink"])
    pen.y = 96
    rows = dice.randint(4, 8)
    shown = dice.randrange(rows)  # one unknown number among names
    for row in range(rows):
        title = spelled(screen.number, dice) if row == shown else dice.choice(NAMES)
        pen.box(16, pen.y, 56, pen.y + 40, 20, "#8d9bc4")
        pen.text(72, pen.y, title, 16, colours["ink"])
        pen.text(
            72,
            pen.y + 22,
            f"{dice.choice(KINDS_OF_CALL)} • {dice.randint(1, 23)}.{dice.randint(10, 59)}",
            12,
            colours["soft"],
        )
        pen.y += 62
