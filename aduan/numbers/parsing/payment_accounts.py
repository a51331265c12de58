"""Bank and wallet accounts in a text, by the bank, the word or the holder's name beside the digits."""

from __future__ import annotations

import re
from typing import Final

_BANK_NAME: Final = (
    r"(?:bca|bri|brimo|britama|briva|bni|btn|bsi|mandiri|livin|cimb(?:\s?niaga)?|niaga|permata|danamon|panin|ocbc(?:\snisp)?"
    r"|maybank|mega|muamalat|jago|sea\s?bank|bukopin|sinarmas|bjb|jenius|btpn|neo(?:\s?commerce|\s?bank)?|bnc|blu|uob|hsbc|dbs"
    r"|allo(?:\s?bank)?|krom|super\s?bank|bpd|nobu|dki|jateng|jatim)"
)
_BANK: Final = rf"(?:{_BANK_NAME}|bank[ ][^\W\d_]{{2,15}}(?:[ ][^\W\d_]{{2,15}}){{0,2}})"
_WALLET_NAME: Final = r"(?:dana|ovo|go-?pay|shopee\s?pay|s-?pay|link\s?aja|sakuku|i\.?saku|doku|astra\s?pay)"
_WALLET: Final = rf"(?:e-?wallet|{_WALLET_NAME}|wallet)"
_ACCOUNT: Final = (
    r"(?:no\.?\s?rek(?:ening)?|nomor\srek(?:ening)?|norek|rek(?:ening)?|acc(?:ount)?|a/c|virtual\s?account|va|v\.a|no\.?\s?va"
    r"|kode\s(?:bayar|pembayaran|va)|nomor\sva|nomor\svirtual\saccount)"
)
_LABEL: Final = re.compile(
    rf"(?<![^\W\d_])(?:(?P<account>{_ACCOUNT})|(?P<bank>{_BANK})|(?P<wallet>{_WALLET}))(?:nya)?(?![^\W\d_])",
    re.IGNORECASE,
)
# Between a label and its digits: names of banks and holders, no word that says "telephone".
_PHONE_WORD: Final = re.compile(
    r"(?<![^\W_])(?:wa|whats\s?app|hp|te?lpn?|tel(?:epon|pon)?|sms|hub(?:ungi)?|kontak|cs|cp|chat|call|konfirmasi|konfirm|info|admin|admn"
    r"|adm|bukti|kirim\sbukti|nope|hotline|fax|halo|atau|dari|nelpon|ditelpon|telegram|tele|pengirim|resi|order|kode\sotp|otp|pin"
    r"|nik|ktp|npwp|ref|kartu|klik|buka|petugas|sdr|dengan)(?![^\W_])",
    re.IGNORECASE,
)
_WALLET_GAP: Final = re.compile(
    r"[\s:=.,(*_-]*(?:(?:ke|no|nomor|nmr|nomer|hp|nya|saya|aku|gue|gw|ini|akun|via|an|a\.n|atas\snama|pay|/|ovo|dana|gopay|go-pay"
    r"|shopeepay|linkaja)[\s:=.,(*_/-]*){0,4}",
    re.IGNORECASE,
)
_GAP: Final = re.compile(
    r"[^0-9\n]{0,48}(?:(?<=[:\s])\n[^0-9\n]{0,24})?|[\s:=*_-]{0,8}"
    # "Bank: BNI", the holder's name on a line of its own, and "No: 123…" below
    r"|[ *_]{0,2}\n(?:[ *_]{0,2}(?:an|a\.\s?n|a/n|atas\snama|nama|name)[.:\s][^0-9\n]{1,40}\n)?"
    r"[ *_]{0,2}(?:(?:no|nomor|nomer|nmr)\.?)?[\s:=*_-]{0,4}",
    re.IGNORECASE,
)
_ANOTHER: Final = re.compile(r"[0-9][0-9 .-]{6,24}[0-9]\)?\s?(?:,|/|&|;|dan|atau)\s?\(?$")  # "rek 123…, 456…"
_CARD: Final = re.compile(r"(?<![^\W_])(?:kartu|card|atm|debit|kredit|cc)(?![^\W_])", re.IGNORECASE)
_CARD_DIGITS: Final = re.compile(r"[0-9]{4}(?:[ -]?[0-9]{4}){3}")
_BEHIND: Final = re.compile(
    rf"[\s*_]?[(\[/-]?\s?(?:via\s|di\s|bank\s|rek(?:ening)?\s)?(?:(?P<wallet>{_WALLET})|(?P<bank>{_BANK}))(?![^\W_])"
    r"(?![\s:=.-]{1,3}[0-9]{8})",  # the next column of a table belongs to the bank
    re.IGNORECASE,
)
_HOLDER: Final = re.compile(r"[\s*_,(]{0,3}(?:a\.?\s?n\.?(?![^\W\d_])|a/n|atas\snama)", re.IGNORECASE)
_TRANSFER: Final = re.compile(
    r"(?<![^\W_])(?:transfer|trf|tf|setor|kirim\s(?:uang|dana|duit)|bayar|rek|deposit|depo|dp)(?![^\W_])[^0-9\n]{0,40}$",
    re.IGNORECASE,
)
_CARD_REACH: Final = 32
_NAME_REACH: Final = 72
_INITIALS: Final = 4  # letters of a name that is spoken by its letters, such as BCA
FEWEST, MOST = 8, 22  # digits of an account or a virtual account


def account_digits(text: str) -> str:
    """What two spellings of one account have in common: its digits."""
    return "".join(filter(str.isdigit, text))


def label_before(before: str) -> str:
    """What the words before the digits call them: "account", "bank", "wallet", or nothing."""
    if another := _ANOTHER.search(before):
        return label_before(before[: another.start()])
    labels = list(_LABEL.finditer(before))
    if not labels:
        return ""
    found = labels[-1]
    gap = before[found.end() :]
    if found["wallet"]:
        return "wallet" if _WALLET_GAP.fullmatch(gap) else ""
    if not _GAP.fullmatch(gap) or _PHONE_WORD.search(gap) or len(gap.split()) > 6:
        return ""
    return "account" if found["account"] or _ACCOUNT_WORD.search(before[: found.start()]) else "bank"


_ACCOUNT_WORD: Final = re.compile(rf"(?<![^\W\d_]){_ACCOUNT}[^0-9\n]{{0,20}}$", re.IGNORECASE)


def is_card(before: str, digits: str) -> bool:
    """Sixteen digits that are called a card: no account, and nothing to report."""
    return _CARD.search(before[-_CARD_REACH:]) is not None and _CARD_DIGITS.fullmatch(digits) is not None


def label_behind(before: str, after: str) -> str:
    """What the words behind the digits call them: "wallet", "bank", or "account" before a holder's name."""
    match = _BEHIND.match(after)
    if match:
        return "wallet" if match["wallet"] else "bank"
    if _HOLDER.match(after) and _TRANSFER.search(before) and not _PHONE_WORD.search(before[-24:]):
        return "account"
    return ""


_NAME: Final = re.compile(
    rf"(?<![^\W_])(?:(?P<bank>{_BANK_NAME})|(?P<wallet>{_WALLET_NAME}))(?:nya)?(?![^\W\d_])", re.IGNORECASE
)
_NAME_BEHIND: Final = re.compile(
    rf"[\s*_]?[(\[/-]?\s?(?:via\s|di\s|bank\s|rek(?:ening)?\s)*(?P<name>{_BANK_NAME}|{_WALLET_NAME})(?![^\W_])",
    re.IGNORECASE,
)


def named_account(text: str, account: str) -> str:
    """An account as a person writes it: "BCA 1234567890"; digits alone where no bank stands beside it."""
    place = re.search(r"(?<![0-9])" + r"[ .-]{0,2}".join(account) + r"(?![0-9])", text)
    if place is None:
        return account
    name = _name_before(text[max(0, place.start() - _NAME_REACH) : place.start()])
    if not name and (behind := _NAME_BEHIND.match(text[place.end() :])):
        name = behind["name"]
    if not name:
        return account
    return f"{name.upper() if len(name) <= _INITIALS else name[0].upper() + name[1:]} {account}"


def _name_before(before: str) -> str:
    """The name of the bank or wallet that the words before an account belong to."""
    if another := _ANOTHER.search(before):
        return _name_before(before[: another.start()])
    names = list(_NAME.finditer(before))
    if not names:
        return ""
    gap = before[names[-1].end() :]
    if names[-1]["wallet"]:
        return names[-1]["wallet"] if _WALLET_GAP.fullmatch(gap) else ""
    near = _GAP.fullmatch(gap) and not _PHONE_WORD.search(gap) and len(gap.split()) <= 6
    return names[-1]["bank"] if near else ""


def is_for_transfers(before: str, after: str, count: int) -> bool:
    """Whether digits behind a bank's name that could be a telephone number are an account all the same."""
    if _TRANSFER.search(before) or _HOLDER.match(after):
        return True
    banks = [match["bank"].lower() for match in _LABEL.finditer(before) if match["bank"]]
    return count in _LENGTHS.get(banks[-1] if banks else "", ())


# How many digits an account has, as the banks print them.
_LENGTHS: Final[dict[str, tuple[int, ...]]] = {
    "bca": (10,), "bni": (10,), "bsi": (10,), "mandiri": (13,), "bri": (15,), "btn": (16,), "permata": (10,),
    "danamon": (10, 12), "cimb": (13,), "cimb niaga": (13,), "seabank": (12,), "jago": (12,),
    "muamalat": (10,), "mega": (15,), "panin": (10,), "ocbc": (12,), "maybank": (10,), "bjb": (13,),
    "jenius": (11,), "btpn": (11,),
}  # fmt: skip
