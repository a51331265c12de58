"""How fast texts are searched: an exported chat, and 100 KB of what is worst for the patterns."""

from __future__ import annotations

import time

from aduan.numbers.parsing import read_text

LEAST_SPEED = 2.0  # megabytes a second of an exported chat
MOST_SECONDS = 0.100  # for 100 KB of anything
_LENGTH = 100_000
_SAID = (
    "iya kak", "baik", "kok bisa pak? saya sudah transfer tadi pagi tapi belum ada kabar", "terima kasih ya",
    "ok siap besok jam 8 saya ke kantor dulu", "Gambar tidak disertakan",
    "tf ke BRI 0012-01-000123-53-9 an Fiktif Rp 1.250.000 ya", "cek resi di https://resi-fiktif.com/cek?id=00123",
    "konfirmasi ke 0812-0000-7001 sblm 17.00",
)  # fmt: skip
WORST_TEXTS = {
    "numbers": " ".join(f"0812345{index:05}" for index in range(7_700)),
    "figures": " ".join(f"1234567{index:05}" for index in range(7_700)),
    "separators": "0-" * 50_000,
    "hosts": "a." * 50_000,
    "defanged hosts": "a[.]" * 25_000,
    "mails": "a.b@c.d" * 14_000,
    "contact links": " ".join(f"wa.me/0{index:05}" for index in range(7_600)),
    "accounts": "bca 0812345678 " * 6_600,
}


def exported_chat() -> str:
    """100 KB as a phone exports a chat: stamps, senders, and some of what is looked for."""
    lines, size = [], 0
    for turn in range(_LENGTH):
        who = ("Ratna", f"+62 812-0000-{turn % 7:04}", "Saya", "~ Coach Fiktif")[turn % 4]
        lines.append(
            f"{turn % 28 + 1:02}/11/25 {turn % 24:02}.{turn % 60:02} - {who}: {_SAID[turn * 7 % len(_SAID)]}"
        )
        size += len(lines[-1]) + 1
        if size >= _LENGTH:
            break
    return "\n".join(lines)


def fastest_search(text: str, *, tries: int = 7) -> float:
    """Seconds of processor time for one text, the best of some tries: the machine is shared."""
    best = float("inf")
    for _ in range(tries):
        start = time.process_time()
        read_text(text)
        best = min(best, time.process_time() - start)
    return best


def chat_speed() -> float:
    """Megabytes of an exported chat that are searched in a second."""
    chat = exported_chat()
    return len(chat.encode()) / fastest_search(chat) / 1e6


def worst_text() -> tuple[str, float]:
    """The slowest of the worst cases, and its seconds."""
    timed = {name: fastest_search(text, tries=5) for name, text in WORST_TEXTS.items()}
    slow = max(timed, key=lambda name: timed[name])
    return slow, timed[slow]
