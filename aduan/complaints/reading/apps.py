"""Which app a screen belongs to, by the words that it shows around the messages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from aduan.complaints.reading.layout import Bubble, Side, TextLine
from aduan.complaints.types import Channel

_CALLS: Final = re.compile(
    r"panggilan\s(?:masuk|keluar|(?:tak|tidak)\sterjawab|ditolak|suara)|riwayat\spanggilan|log\spanggilan|missed\scall"
    r"|incoming\scall|outgoing\scall|call\s(?:history|log)|(?:tak|tidak)\sterjawab|(?:masuk|keluar)\s.{0,3}[0-9]{1,2}[.:][0-9]{2}$"
    r"|(?<![0-9])[0-9]{1,4}\s?(?:mnt|menit|min)\.?\s[0-9]{1,4}\s?(?:dtk|detik|sec)",
    re.IGNORECASE,
)
_WHATSAPP: Final = re.compile(
    r"whats\s?app|end-?to-?end|terenkripsi|akun\sbisnis|business\saccount|info\skontak|contact\sinfo|ketik\spesan|(?<!\w)online$"
    r"|blokir\s.{0,12}laporkan|sedang\smengetik|mengetik\.\.\.",
    re.IGNORECASE,
)
_TELEGRAM: Final = re.compile(
    r"telegram|baru-baru\sini|last\sseen\srecently|terakhir\sterlihat\sbaru|t\.me/|tambahkan\skontak|subscribers?$",
    re.IGNORECASE,
)
_SMS: Final = re.compile(
    r"pesan\steks|text\smessage|\bsms\b|\brcs\b|imessage|kirim\spesan\steks|laporkan\sspam|report\sspam",
    re.IGNORECASE,
)
# A proof of payment, a letter: no chat, though it may name an app. Its lines belong together.
_PAPERS: Final = re.compile(
    r"bukti\s(?:transfer|pembayaran|transaksi|kirim|setor)|m-transfer|(?:transfer|transaksi|pembayaran)\s(?:berhasil|sukses)"
    r"|^\W*berhasil\W*$|\bno(?:mor)?\W{0,2}ref(?:erensi)?\b|rekening\s(?:tujuan|penerima|sumber|asal)|^\W*penerima\b"
    r"|sumber\sdana|kepada\s?:?\s?yth|dengan\shormat|perihal\s?:|transfer\ssuccess|reference\sn(?:o|umber)\b",
    re.IGNORECASE,
)


def is_paper(lines: Sequence[TextLine]) -> bool:
    """Whether the lines are a proof of payment or a letter; no message on it has a time stamp."""
    return all(line.side is not Side.STAMP for line in lines) and _most(
        _PAPERS, [line.text for line in lines]
    )


def channel_of(lines: Sequence[TextLine], bubbles: Sequence[Bubble]) -> str:
    """The channel that a screen shows, or nothing where it does not say."""
    around = [line.text for line in lines if line.side is not Side.OURS]
    first = next(
        (index for index, line in enumerate(lines) if line.side in {Side.THEIRS, Side.OURS}), len(lines)
    )
    head = [line.text for line in lines[:first]]
    if _most(_CALLS, around) and not any(bubble.side is Side.OURS for bubble in bubbles):
        return Channel.CALL
    if _most(_TELEGRAM, head):
        return Channel.TELEGRAM
    for pattern, channel in (
        (_WHATSAPP, Channel.WHATSAPP),
        (_SMS, Channel.SMS),
        (_TELEGRAM, Channel.TELEGRAM),
    ):
        if _most(pattern, around):
            return channel
    return ""


def _most(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return any(pattern.search(text) for text in texts)
