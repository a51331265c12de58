"""Find the numbers in a pasted SMS or chat, and tell them from accounts, amounts, dates and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseResult, dial
from aduan.numbers.parsing import countries, grouping, non_numbers, payment_accounts, vocabulary
from aduan.numbers.parsing.candidates import PHONE_KINDS
from aduan.numbers.parsing.compact_dates import compact_dates
from aduan.numbers.parsing.figures import Figure, figures, leave_out
from aduan.numbers.parsing.letters import harmless_before
from aduan.numbers.parsing.stretches import RUN, Stretch, cut

CONTEXT: Final = 64  # characters before and behind a run that are looked at
_FEWEST_DIGITS: Final = 8
_DIGIT: Final = re.compile(r"[0-9]")
_STRONG_LABEL: Final = re.compile(
    r"(?<![^\W\d_])(?:w\.?a|wh?ats?\s?app|wasap|te?lp?n?|tel|te?le?pon|hp|h\.p|hape|ponsel|nope|nomo?r|nomer|hub(?:ungi)?|cs|cp"
    r"|admin|adm|kontak|contact|call|chat|sms|dari|nelpon|ditelpon|boss|bos|agen|mentor|hr|hrd|manager|officer|wechat|viber|signal|imo|telegram|tele|tg)"
    r"(?:nya)?(?:\s(?:[^\W\d_]{2,12}))?[\s:.;=(*_~`'-]*$",
    re.IGNORECASE,
)
_CODE_NOUN: Final = (
    r"kode|resi|awb|invoice|referensi|reff?|perkara|surat|seri|sn|token|rekam\smedis|nim|nisn?|nip|nuptk|nop|nopol|idpel"
    r"|(?:id|no\.?)\s?pel(?:anggan)?|no\.?\sid|customer\sid|user\sid|stt|md5|sha1|va|imei|isbn|siup|nib|npwp|nik|kk|ktp"
)
# With "no" before or behind these name a number; without, they only say where to call.
_OTHER_NOUN: Final = (
    r"pengajuan|registrasi|reg|pendaftaran|kontrak|pelanggan|peserta|kartu|anggota|member|tiket|booking|order(?:an)?|pesanan"
    r"|transaksi|laporan|meter(?:an)?|pinjaman|id"
)
_FILLERS: Final = (
    r"(?:nya|mu)?(?:[\s*_]{1,3}"
    r"(?:anda|saya|kamu|kakak|ibu|bapak|pln|bpjs|jnt|jne|adalah|ini|atas\snama)){0,3}"
)
_NAMED_NUMBER: Final = re.compile(
    rf"(?<![^\W\d_])(?:(?:{_CODE_NOUN}){_FILLERS}(?:\s(?:no|nomor))?"
    rf"|(?:{_OTHER_NOUN}){_FILLERS}[\s*_]{{1,3}}(?:no|nomor|nmr)\b"
    rf"|(?:no|nomor|nmr|kode)\b[.\s*_]{{1,3}}(?:{_OTHER_NOUN}){_FILLERS})[\s:.=#*_~`'/-]*$",
    re.IGNORECASE,
)
# "Order: 0870…", "pesanan ke …" say where to order; "no order 0870…" is a code.
_ORDER: Final = re.compile(
    r"(?<!no\s)(?<!no\.)(?<!nomor\s)(?<![^\W\d_])(?:pemesanan|order(?:an)?|pesanan)(?:\ske)?\s?:\s?$",
    re.IGNORECASE,
)
# A landline in one piece may be an account; these words say that it called, or is to be called.
_CALLED: Final = re.compile(
    r"(?<![^\W_])(?:nel(?:e)?pon|(?:di)?tel(?:e)?pon|(?:di)?telp|hub(?:ungi)?|panggilan|missed|call(?:ed)?|penipu|(?:di)?tipu|nipu|wa|hp|nomor(?:nya)?|no"
    r"|kantor|info)(?![^\W_])|^\W*$",
    re.IGNORECASE,
)
_THOUSANDS: Final = re.compile(r"62(?:\.[0-9]{3}){3,4}")  # an amount, unless a label says otherwise
_ANY_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,4}")  # an amount before "rupiah"
# "FT-0812-0000-77", "08120000-7001-4a2b-8c3d-0812…"
_CODE_GLUED: Final = re.compile(r"(?<![^\W_])[^\W\d_]{1,8}-$|(?=[0-9-]{0,9}[a-f])-[0-9a-f]{4}-[0-9a-f]{4}-$")
_ITEM: Final = re.compile(r"[1-9][0-9]? (?=[0-9]{8})")
_TIMES: Final = re.compile(r"[xX][1-9][0-9]?(?!\w)")  # "0812…x2"
_MARKS_BEFORE, _MARKS_BEHIND = re.compile(r"[*_~`]{1,4}$"), re.compile(r"[*_~`]{1,4}")


class SpanReading(NamedTuple):
    """What a run of digits at `text[start:end]` is: readings of a number, and digits of an account."""

    start: int
    end: int
    readings: tuple[tuple[NumberKind, str], ...]
    account: str = ""


def read_run(text: str, start: int, end: int, named: frozenset[str]) -> list[SpanReading]:
    """A run of digits in a folded text → numbers and accounts. `named`: codes of the countries it names."""
    low, high = _edges(text, start, end)
    window, first, last = text[low:high], start - low, end - low
    account = _account(window, first, last)
    if account is not None:
        return [account._replace(start=account.start + low, end=account.end + low)]
    beside = [figure for figure in figures(window) if not _begins_a_number(window, figure, first, last)]
    rest = leave_out(window, beside) if beside else window
    found: list[SpanReading] = []
    for run in RUN.finditer(rest, first, last):
        if len(_DIGIT.findall(run[0])) >= _FEWEST_DIGITS - 1:
            read = _numbers(rest, run.start(), run.end(), named)
            found += [_with_figure(window, rest, beside, one) for one in read] if beside else read
    return [one._replace(start=one.start + low, end=one.end + low) for one in found]


def _with_figure(window: str, rest: str, beside: list[Figure], one: SpanReading) -> SpanReading:
    """ "0812 345 678 90 kali": a figure that goes on the groups of the number may be part of it."""
    if len(one.readings) != 1:
        return one
    kind, canonical = one.readings[0]
    start = one.start + len(window[one.start : one.end]) - len(window[one.start : one.end].lstrip("+("))
    joined = grouping.joined_with_figure(window, rest, beside, start, ParseResult(kind, canonical))
    return one._replace(readings=(*one.readings, (joined.kind, joined.canonical))) if joined else one


def _begins_a_number(window: str, figure: Figure, start: int, end: int) -> bool:
    """Whether what looks like a labelled code is only the first group of a whole number."""
    if figure.code == "date" or figure.code == "amount" or figure.end <= start or figure.end >= end:
        return False
    return any(
        figure.start <= start + stretch.start < figure.end < start + stretch.end
        for stretch in cut(window[start:end], bare=False)
    )


def _edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the words around a run begin and end: whole words, on the line of the run and the one before."""
    low, high = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    if low > 0:
        space = re.compile(r"\s").search(text, low, start)
        low = space.start() if space else low
    line = text.find("\n", end, high)
    if line != -1:
        high = line
    elif high < len(text):
        space_at = text.rfind(" ", end, high)
        high = space_at if space_at != -1 else high
    return low, high


def _account(window: str, start: int, end: int) -> SpanReading | None:
    """The run as a bank or wallet account; a wallet's telephone number is found as a number, too."""
    before, run, after = window[:start], window[start:end], window[end:]
    label = payment_accounts.label_before(before)
    behind = "" if label else payment_accounts.label_behind(before, after)
    if not (label or behind) or vocabulary.AMOUNT.fullmatch(run.strip(" ()-.")):
        return None
    start = _start_of_account(before, run)
    stop = _end_of_account(window, start, end)
    digits = payment_accounts.account_digits(window[start:stop])
    if payment_accounts.is_card(before, digits):
        return None
    if not payment_accounts.FEWEST <= len(digits) <= payment_accounts.MOST:
        return None
    readings: tuple[tuple[NumberKind, str], ...] = ()
    if "wallet" in (label, behind) or run.startswith("+"):
        found = dial(digits, plus=run.lstrip("(").startswith("+"))
        if isinstance(found, ParseResult) and found.kind is NumberKind.MOBILE:
            readings = ((found.kind, found.canonical),)
        elif label == "" or len(digits) < 10:
            return None
    elif "bank" in (label, behind) and _rather_a_number(before, window[start:stop], after, digits):
        return None
    return SpanReading(start, stop, readings, digits)


def _rather_a_number(before: str, run: str, after: str, digits: str) -> bool:
    """ "Hubungi Bank BCA 0811…": a telephone number whose length the bank does not use for accounts."""
    found = dial(digits, plus=run.lstrip("(").startswith("+"))
    if (
        not isinstance(found, ParseResult)
        or found.kind not in PHONE_KINDS
        or not re.match(r"\(?(?:0|62|\+)", run)
    ):
        return False
    return not payment_accounts.is_for_transfers(before, after, len(digits))


def _start_of_account(before: str, run: str) -> int:
    """Behind the number of the row in a table: "1⇥1234567890⇥BCA"."""
    item = None if before.rpartition("\n")[2].strip() else _ITEM.match(run)
    return len(before) + (item.end() if item else 0)


def _end_of_account(window: str, start: int, end: int) -> int:
    """Before a figure that is plainly something else, and before two spaces."""
    wide = re.compile(r"[0-9](?=\s{2})").search(window, start, end)
    stop = wide.end() if wide else end
    for figure in figures(window):
        if start < figure.start < stop and window[figure.start - 1] == " ":
            return len(window[: figure.start].rstrip(" (-."))
    return stop


def _numbers(text: str, start: int, end: int, named: frozenset[str]) -> Iterator[SpanReading]:
    line = text[max(0, start - CONTEXT) : start].rsplit("\n", 1)[-1]
    labelled = _STRONG_LABEL.search(line) is not None
    run = text[start:end]
    bare = labelled or bool(named)
    for stretch in cut(run, bare=bare):
        begin, stop = start + stretch.start, start + stretch.end
        before = text[max(0, begin - CONTEXT) : begin].rsplit("\n", 1)[-1]
        after = text[stop : stop + CONTEXT]
        readings = _readings(stretch, run[stretch.start], labelled=labelled, named=named)
        core = run[stretch.start : stretch.end]
        if readings and _may_be_a_number(before, core, after, readings[0][0]):
            yield SpanReading(begin, stop, readings)


def _readings(
    stretch: Stretch, first: str, *, labelled: bool, named: frozenset[str]
) -> tuple[tuple[NumberKind, str], ...]:
    """Without 0 or plus, a foreign country that the text names decides; else all readings stay."""
    every = tuple((_kind(canonical), canonical) for canonical in stretch.readings)
    abroad = tuple(pair for pair in every if countries.is_named(pair[1], named))
    if first in "+(0":
        return every
    return abroad or (every if labelled or first == "6" else ())


def _kind(canonical: str) -> NumberKind:
    if not canonical.startswith("+62"):
        return NumberKind.FOREIGN
    return NumberKind.MOBILE if canonical.startswith("+628") else NumberKind.LANDLINE


def _may_be_a_number(before: str, core: str, after: str, kind: NumberKind) -> bool:
    """Whether the words around let the digits be a telephone number."""
    if kind not in PHONE_KINDS or _cut_off(before, core, after):
        return False
    bare = core.strip(" ()")
    if compact_dates(bare) and not _STRONG_LABEL.search(before):
        return False  # "081225 0930"
    if vocabulary.DATE.fullmatch(bare) or _is_amount(bare, after):
        return False
    if _THOUSANDS.fullmatch(bare) and not _STRONG_LABEL.search(before):
        return False
    if _NAMED_NUMBER.search(before) and not bare.startswith("+"):
        return False
    if (
        not _ORDER.search(before)
        and non_numbers.around(before or " ", bare.lstrip("+("), after, sum(map(str.isdigit, bare)))
        is not None
    ):
        return False
    labelled = vocabulary.ENDS_WITH_LABEL.search(before.rstrip(" :.=;'-(*_~`")) is not None
    if kind is NumberKind.LANDLINE:
        return (
            labelled
            or _CALLED.search(before) is not None
            or re.match(r"\+62|\(?0[0-9]{2,3}\)?[ -]", bare) is not None
        )
    return True


def _is_amount(bare: str, after: str) -> bool:
    """ "1.500.000", and "08.950.000.111 rupiah" however it begins."""
    if vocabulary.AMOUNT.fullmatch(bare):
        return True
    return _ANY_THOUSANDS.fullmatch(bare) is not None and vocabulary.AMOUNT_AFTER.match(after) is not None


def _cut_off(before: str, core: str, after: str) -> bool:
    """Digits that are masked, or stand inside a link, a code or a word."""
    before, after = _without_marks(before, after)
    if re.match(r"(?![xX][1-9][0-9]?(?!\w))[ ]?[xX\u2026]{1,3}(?![^\W\d_xX])|\*\*|\?\S|\.{2}|@\w", after):
        return True
    if after[:1].isalpha() and not _word_behind(after) and not _TIMES.match(after):
        return True
    if before[-1:].isalpha() and not harmless_before(before, core):
        return True
    if _CODE_GLUED.search(before) and not vocabulary.ENDS_WITH_LABEL.search(before[:-1]):
        return True
    if before.endswith("#") and not before[-2:-1].strip():  # "#0812…", a tag
        return False
    return (
        re.search(r"[*#][0-9*]{0,20}$|[\w./-]{2,60}\.(?:[^\W\d_]{2,6}|[0-9]{1,3})/\S{0,100}$", before)
        is not None
    )


def _without_marks(before: str, after: str) -> tuple[str, str]:
    """Without the marks of bold, italic and struck text that stand directly around the digits."""
    opening, closing = _MARKS_BEFORE.search(before), _MARKS_BEHIND.match(after)
    if opening is None:
        return before, after
    if closing is not None and closing[0] == opening[0][::-1]:
        return before[: opening.start()], after[closing.end() :]
    return (before[: opening.start()], after) if len(opening[0]) == 1 else (before, after)


def _word_behind(after: str) -> bool:
    """Any word may be glued behind a whole number, but for one letter that could be a digit."""
    word = re.match(r"[^\W\d_]+", after)
    return vocabulary.TAIL_LABEL.match(after) is not None or (word is not None and len(word[0]) >= 3)
