"""Words that stand around numbers in Indonesian messages, and what they say about the digits next to them."""

from __future__ import annotations

import re
from typing import Final

LABEL: Final = (
    r"(?:wh?ats?\s?app?|wats?app?|w\.?a|wa\s?me|sms|te?lpn?|te?lfn?|telp?h?on|te?lepo?n|tilp|tel|phone|mobile|cell|hand\s?phone"
    r"|ponsel|gsm|cdma|hape|hp|h\.p|nope|no\.?\s?hp|no\.?\s?wa|no\.?\s?te?lp|no|nomo?r|nomer|nmr|num(?:ber)?|hub(?:ungi)?|hbg"
    r"|call(?:\s?center)?|cs|cp|contact|kontak|cust(?:omer)?\s?(?:service|care)|admin|adm|chat|fax|faks|fak|info|pengirim|dari|dr"
    r"|ke|m|t|p|viber|line|signal|telegram|tg|tele)"
)
STARTS_WITH_LABEL: Final = re.compile(LABEL + r"\b", re.IGNORECASE)
ENDS_WITH_LABEL: Final = re.compile(r"(?:^|[^A-Za-z])" + LABEL + r"$", re.IGNORECASE)
# "081234567890a/n BUDI", "081234567890wa": what may stand glued behind the last digit.
TAIL_LABEL: Final = re.compile(
    r"(?:\(|\b)?(?:a[./]?n\b|an\.|" + LABEL + r"(?![A-Za-z])|aktif|only|saja|ya\b|yg\b|ini\b)", re.IGNORECASE
)

NUMBER_WORDS: Final[dict[str, str]] = {
    "nol": "0", "kosong": "0", "zero": "0", "satu": "1", "one": "1", "dua": "2", "two": "2",
    "tiga": "3", "three": "3", "empat": "4", "ampat": "4", "four": "4",
    "lima": "5", "five": "5", "enam": "6", "anam": "6", "six": "6",
    "tujuh": "7", "tuju": "7", "seven": "7", "delapan": "8", "lapan": "8", "eight": "8",
    "sembilan": "9", "nine": "9",
}  # fmt: skip
# What stands between the groups of a number that was dictated: "0812 strip 3456 strip 7890".
SPOKEN_MARKS: Final = frozenset(("strip", "spasi", "titik", "koma", "garis", "minus", "dash"))

WITHHELD: Final = re.compile(
    r"(?:(?:panggilan|telepon|telpon|nomor|nomer|no|caller|call|id|number|penelepon|penelpon)\s)*"
    r"(?:private(?:\s(?:number|caller|call))?|no\scaller\sid|no\snumber|no\sid|unknown(?:\s(?:number|caller|call|id))?"
    r"|anonymous|anonim|anonymous\scaller|restricted(?:\s(?:number|call))?|withheld(?:\snumber)?|hidden(?:\snumber)?"
    r"|blocked\s(?:number|caller|id)|unavailable|not\savailable|caller\sid\s(?:withheld|hidden|blocked|unavailable)"
    r"|pribadi|tersembunyi|disembunyikan|dirahasiakan|rahasia|privat|privasi|tanpa\s(?:nomor|nama|id|identitas)"
    r"|(?:tidak|tdk|tak|gak|ga|nggak|ngga)\s(?:di\s?kenal|diketahui|di\s?tampilkan|ditampilkan|tampil|muncul|terlihat|terdaftar"
    r"|ada\snomor(?:nya)?|ada\sid)|nomornya\sdisembunyikan)(?:\s(?:number|nomor|nomer|id))?",
    re.IGNORECASE,
)
DONT_KNOW: Final = re.compile(
    r"(?:saya\s)?(?:tidak|tdk|gak|ga|nggak|enggak|lupa|blm|belum)(?:\s(?:tahu|tau|ingat|inget|ada|punya|simpan|ada\slagi))?"
    r"|tidak\sdisimpan|sudah\s(?:di)?hapus|terhapus|n\s?a|none|null|nil|kosong|test|tes|coba|asdf|nan|undefined"
    r"|unknown\stext|nomor|no|number|phone|hp|wa|whatsapp|telepon|telp|telegram",
    re.IGNORECASE,
)

AMOUNT_BEFORE: Final = re.compile(
    r"(?:\brp|\bidr|\busd|\$|\bsebesar|\bsejumlah|\bnominal|\bharga)\.?\s{0,3}:?\s{0,3}$", re.IGNORECASE
)
AMOUNT_AFTER: Final = re.compile(
    r"\s?(?:,-|rb\b|ribu\b|rbu\b|jt\b|juta\b|jta\b|milyar\b|miliar\b|rupiah\b|idr\b|%|persen\b)",
    re.IGNORECASE,
)
BANKS: Final = (
    r"(?:bca|bri|bni|btn|bsi|mandiri|cimb(?:\s?niaga)?|permata|danamon|panin|ocbc|maybank|mega|muamalat|jago|seabank"
    r"|bukopin|sinarmas|bjb|jenius|btpn|neo\s?commerce|bnc|blu)"
)
ACCOUNT_BEFORE: Final = re.compile(
    r"\b(?:(?:no\.?|nomor|nmr)?\s?(?:rek(?:ening|g)?|acc(?:ount)?|akun\sbank|virtual\s?account|va)\b|norek\w*|transfer\s?ke"
    r"|trf\s?ke|tf\s?ke|kirim\s?ke\s?rek\w*)\W{0,6}(?:bank\s)?(?:(?!\w{0,12}[0-9]{6})\w{2,12}\W{0,3}){0,3}$",
    re.IGNORECASE,
)
BANK_BEFORE: Final = re.compile(r"\b(?:bank\s)?" + BANKS + r"\W{0,4}$", re.IGNORECASE)
ACCOUNT_AFTER: Final = re.compile(
    r"^\W{0,3}(?:\(?\s{0,3}(?:rek(?:ening)?|no\s?rek)\b|\(?\s{0,3}" + BANKS + r"\b)", re.IGNORECASE
)
CODE_BEFORE: Final = re.compile(
    r"(?:\botp|\bkode(?:\s\w{2,12}){0,3}|\bcode|\bpin|\btoken|\bpassword|\bverifikasi|\bverification)"
    r"(?:\s(?:anda|adalah|is|wa|whatsapp)){0,4}\W{0,6}$",
    re.IGNORECASE,
)
IDENTITY_BEFORE: Final = re.compile(
    r"\b(?:nik|ktp|no\.?\s?ktp|kk|npwp|sim|paspor|passport|nisn?|nip)\W{0,6}$", re.IGNORECASE
)
SHIPMENT_BEFORE: Final = re.compile(
    r"\b(?:(?:no(?:mor)?\.?\s|id\s)meter(?:an)?|kode\s(?:bayar|pembayaran|booking)"
    r"|(?:no(?:mor)?\.?\s?)?(?:resi|awb|invoice|inv|order|pesanan|tiket|ticket|tagihan|faktur|polis|id\s?pel|pelanggan|ref)"
    r"|(?:(?:no(?:mor)?|id|kode)\.?\s)?(?:transaksi|trx|peserta|anggota|registrasi|rekam\smedis|barcode|stnk|bpkb|seri)"
    r"|id\s(?:game|user|member)|nim|uid|ean|isbn|[sp]/n|(?:resi|awb)\s(?:j&?t|jnt|jne|spx|pos|tiki|sicepat)"
    r"|imei|(?<!\.)id)(?:[^\w\n]{0,6}|\W?[:=]\s{0,6})\Z",
    re.IGNORECASE,
)
# Before digits with dots between them: "ver 8.1.2345.6789".
VERSION_BEFORE: Final = re.compile(
    r"(?<![^\W\d_])(?:ver|versi|version|firmware|build|android|ios|windows|chrome)\.?[ ]?:?[ ]?\Z",
    re.IGNORECASE,
)
_TELLING: Final = (
    "acc account akun awb bca bjb blu bnc bni bri bsi btn btpn bukopin cimb cimbniaga code commerce",
    "bayar booking meter meteran pembayaran transaksi trx peserta anggota registrasi medis barcode stnk bpkb",
    "seri nim uid ean isbn sn",
    "danamon faktur harga id idpel idr imei inv invoice jago jenius kirim kk kode ktp mandiri maybank",
    "mega muamalat neo neocommerce niaga nik nip nis nisn nominal npwp ocbc order otp panin paspor",
    "passport password pel pelanggan permata pesanan pin polis ref rek rekening rekeningg rekg resi rp",
    "seabank sebesar sejumlah sim sinarmas tagihan tf ticket tiket token transfer trf usd va",
    "verification verifikasi virtual",
)
OF_SHIPMENTS: Final = frozenset(
    ("resi", "awb", "invoice", "inv", "order", "pesanan", "tiket", "ticket", "tagihan", "faktur", "polis")
)
# Letters in front of the digits of a tracking number.
_TRACKING: Final = "spx spxid jnt jne tlj cgk nlid nvid ninja sicepat lex lxad lzd idexp trx nim uid"
TRACKING: Final = frozenset(_TRACKING.split())
_TELLING_WORDS: Final = frozenset(word for line in _TELLING for word in line.split())
_WORD: Final = re.compile(r"[^\W\d_]+")
DATE_AFTER: Final = re.compile(
    r"^\s?(?:wib|wita|wit|jam|pukul|jan(?:uari)?|feb(?:ruari)?|mar(?:et)?|apr(?:il)?|mei|juni?|juli?|agu(?:stus)?"
    r"|sep(?:tember)?|okt(?:ober)?|nov(?:ember)?|des(?:ember)?)\b",
    re.IGNORECASE,
)
_MONTHS: Final = r"(?:jan|feb|mar|apr|mei|may|jun|jul|agu|aug|sep|okt|oct|nov|des|dec)[a-z]*"
DATE: Final = re.compile(
    r"(?:[a-z']{3,9},?\s{1,3})?(?:"
    r"(?:0?[1-9]|[12][0-9]|3[01])([-/. ])(?:0?[1-9]|1[0-2])\1(?:(?:19|20)[0-9]{2}|[0-9]{2})"
    r"|(?:19|20)[0-9]{2}([-/.])(?:0?[1-9]|1[0-2])\2(?:0?[1-9]|[12][0-9]|3[01])"
    r"|(?:0?[1-9]|[12][0-9]|3[01])[\s-]" + _MONTHS + r"[\s-](?:(?:19|20)[0-9]{2}|[0-9]{2})"
    r")?,?(?:[T\s]{0,3}(?:jam\s|pukul\s|pkl\.?\s)?(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?:[:.][0-5][0-9])?(?:\s?(?:wib|wita|wit|am|pm))?)?",
    re.IGNORECASE,
)
AMOUNT: Final = re.compile(
    r"(?!62\.8)[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,3}(?:,[0-9]{2}|,-)?|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}(?:\.[0-9]{2})?"
)
SCIENTIFIC: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?\s?[eE]\s?[+-]?\s?[0-9]{1,3}")


_WORD_OR_DIGITS: Final = re.compile(r"[^\W\d_]+|[0-9]+")


def spoken_digits(text: str) -> str | None:
    """The digits of a text made of number words, digits and dictated marks only, else None."""
    digits: list[str] = []
    for match in _WORD_OR_DIGITS.finditer(text):
        token = match[0]
        if token.isdigit():
            digits.append(token)
        elif (digit := NUMBER_WORDS.get(token.lower())) is not None:
            digits.append(digit)
        elif token.lower() not in SPOKEN_MARKS:
            return None
    return "".join(digits) or None


def kinds_named(head: str) -> frozenset[str]:
    """The words of the patterns `…_BEFORE` in the text: without one, none of them can match."""
    lowered = head.lower()
    return _TELLING_WORDS.intersection(
        [*_WORD.findall(lowered), "rek" if "norek" in lowered else "", "sn" if "/n" in lowered else ""]
    )
