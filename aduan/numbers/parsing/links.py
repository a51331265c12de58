"""Links, chat identifiers and account names (wa.me/62…, …@s.whatsapp.net, t.me/name, @name, tel:…)."""

from __future__ import annotations

import enum
import re
from typing import Final, NamedTuple

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseFailure, ParseResult, dial


class Form(enum.Enum):
    """How a link or label writes its number."""

    CHAT = enum.auto()  # wa.me, t.me, …@s.whatsapp.net: always with the country code
    URI = enum.auto()  # tel:, sms: – with the country code, or as dialled at home
    LABEL = enum.auto()  # "WA: …": as people write


class LinkedDigits(NamedTuple):
    """The number part of a link: `text` is as long as the whole text, and blank where the number is not."""

    text: str
    form: Form
    spaced: str = ""  # the number with what follows on its line, where that begins with digits behind a space
    rest: str = ""  # what stands around the link: another number there must not be lost


Link = ParseResult | ParseFailure | LinkedDigits | None

_SCHEME: Final = r"(?:(?:https?|whatsapp|tg|viber|intent)\s?:\s?/{1,2}\s?)?(?:www\.)?"
_END_OF_NUMBER: Final = r"(?=$|[\s?&#/,;'\")\]>}|!\u263a])"
_MORE_DIGITS: Final = r"(?P<more>[ ]{1,2}[0-9(.-][0-9 ().%-]{0,40}+)?"
_WHATSAPP_NUMBER: Final = re.compile(
    r"(?:wa\.me|(?:api|web|business|chat)?\.?whatsapp\.com|(?<=//)send)(?::[0-9]{2,5}(?=/))?(?:/|%2F)?"
    r"(?:(?:send|catalog|call|c)/?)?(?:\?[^\s]{0,200}?phone(?:=|%3D)|/)?\s?"
    r"(?P<number>(?:%2B|\+|\s)?[0-9(][0-9().%+-]{1,40}+" + _END_OF_NUMBER + r")" + _MORE_DIGITS,
    re.I | re.A,
)
_HIDDEN: Final = re.compile(
    r"wa\.me/(?:message|qr|catalog)/|wa\.link/|wasap\.at/|whatsapp\.com/(?:message|qr)/|(?<![@\w.])wa\.me/?$"
    r"|[0-9]@lid\b",  # WhatsApp's own name for an account that hides its number
    re.I | re.A,
)
_GROUP: Final = re.compile(
    r"chat\.whatsapp\.com/|whatsapp\.com/channel/|@g\.us\b|@broadcast\b|@newsletter\b|t(?:elegram)?\.me/(?:joinchat/|\+[0-9-]*[A-Za-z_])"
    r"|tg://join\b",
    re.I | re.A,
)
_JID: Final = re.compile(
    r"(?<![\w])(?P<number>(?<![0-9][ ().-])[0-9]{2,5}[ .-](?:[0-9]{2,5}[ .-]){0,3}[0-9]{3,6}"  # in groups
    r"|(?:(?:\+|(?<![0-9][ ().-])62[ ().-])[0-9 ().-]{0,20})?[0-9]{4,20})(?::[0-9]{1,3})?"
    r"@(?:s\.whatsapp\.net|c\.us)\b",
    re.I | re.A,
)
_WAID: Final = re.compile(r"\bwaid=(?P<number>[0-9]{8,15})(?![0-9])", re.I | re.A)
_SIP: Final = re.compile(
    r"\bsips?:(?P<number>(?:%2B|\+)?[0-9(][0-9().-]{4,24}+)(?=[@;>?\s]|$)[^\s>]{0,200}", re.I | re.A
)
_SCHEMED: Final = re.compile(
    r"^\W{0,3}(?P<scheme>tel|callto|skype|sms|smsto|mmsto|sip|phone|whatsapp|wa|fax|facetime)\s?:\s?/{0,2}(?P<number>[+0-9(*#%].*)$",
    re.I | re.A | re.S,
)
_URI_SCHEMES: Final = frozenset(("tel", "callto", "sms", "smsto", "mmsto", "sip", "facetime", "skype"))
_ESCAPES: Final = {
    "%2B": "  +",
    "%20": "   ",
    "%23": "  #",
    "%2A": "  *",
    "%2D": "  -",
    "%28": "  (",
    "%29": "  )",
}
_LINK_LIKE: Final = re.compile(
    r"@(?:s\.what|c\.us|lid\b|g\.us|broad|newsl)|\.(?:me|com|net|us|dog|am|link|at)\b|%2F|\bsips?:|waid=",
    re.I,
)
_MARKS_OF_LINKS: Final = re.compile(r"[@/\\:.=%]")
_DOTS: Final = re.compile(r"[.,()\[\]{}]")
_MARKS_OF_HOSTS: Final = re.compile(r"\.[A-Za-z]|[@%=]|(?i:sip)")
_URL_LIKE: Final = re.compile(r"https?:|www\.|\.[a-z]{2,4}/|[a-z]://(?![+0-9])", re.I)
# "wa[.]me/…", "wa . me / …", "t(.)me\…": written so that it cannot be followed, or by a hurried hand.
_UNFOLLOWED: Final = re.compile(
    r"(?<![\w.])(wa|t|telegram|(?:api\.|web\.)?whatsapp)\s?(?:[\[({]\s?(?:\.|dot)\s?[\])}]|[.,])\s?(me|com|dog)\s?([/\\])\s?",
    re.I | re.A,
)
# "*https://wa.me/…*": bold, italic or struck through; a mark on one side only may hide a digit.
_EMPHASISED: Final = re.compile(r"(?<!\S)([*_~`])([^\s*_~`]+)\1(?!\S)")
_MASKED: Final = re.compile(r"(?:me/|phone=)\+?[0-9]{2,12}[*xX\u2026]{2}")  # "wa.me/628123***"
_UNFOLLOWED_HOSTS: Final = re.compile(r"[mdMD](?:[eE]|[oO][gG])|[cC][oO][mM]")
_SOME_DIGITS: Final = re.compile(r"[0-9]+")
_BEHIND: Final = 40
_BEGINS_ANOTHER: Final = re.compile(r"[ (]*(?:0[1-9]|62)[0-9 ().-]{6}")
_NOT_SPACE: Final = re.compile(r"[^\s]*")
_TELEGRAM_NUMBER: Final = re.compile(
    r"(?:t(?:elegram)?\.me/|tg://resolve\?phone=|viber://(?:chat|add|contact)/?\?number=|signal\.me/\#p/)\s?"
    r"(?P<number>(?:%2B|\+)?[0-9][0-9().-]{1,30}+" + _END_OF_NUMBER + r")" + _MORE_DIGITS,
    re.I | re.A,
)
_HANDLE_LINKS: Final = (
    (
        "telegram",
        re.compile(
            r"(?:t(?:elegram)?\.(?:me|dog)/(?:s/)?|tg://resolve\?domain=)@?([A-Za-z]\w{3,31})", re.I | re.A
        ),
    ),
    (
        "instagram",
        re.compile(r"(?:instagram\.com|instagr\.am|ig\.me/m)/@?([A-Za-z0-9_][\w.]{0,28}[\w])", re.I | re.A),
    ),
    ("facebook", re.compile(r"(?:facebook\.com/profile\.php\?id=)([0-9]{5,20})", re.I | re.A)),
    (
        "facebook",
        re.compile(
            r"(?:facebook\.com|fb\.com|fb\.me|m\.me)/(?!profile\.php|groups/|share)([A-Za-z0-9][\w.]{3,49})",
            re.I | re.A,
        ),
    ),
    ("tiktok", re.compile(r"tiktok\.com/@([\w.]{2,24})", re.I | re.A)),
    ("x", re.compile(r"(?:\bx|twitter)\.com/@?([A-Za-z0-9_]{2,15})\b", re.I | re.A)),
    ("line", re.compile(r"line\.me/(?:R/)?ti/p/(?:~|%7E)?(@?[\w.@-]{2,30})", re.I | re.A)),
)
_PLATFORMS: Final = {
    "telegram": "telegram", "tele": "telegram", "tg": "telegram", "instagram": "instagram", "ig": "instagram",
    "facebook": "facebook", "fb": "facebook", "messenger": "facebook", "tiktok": "tiktok",
    "x": "x", "twitter": "x", "line": "line", "signal": "signal",
    "wechat": "wechat", "michat": "michat", "discord": "discord",
    "whatsapp": "whatsapp", "wa": "whatsapp",
}  # fmt: skip
_NAMED: Final = re.compile(
    r"\W{0,3}(?:(?:akun|username|user|id|nama\sakun)\s)?("
    + "|".join(_PLATFORMS)
    + r")(?:\s(?:id|user(?:name)?|akun))?"
    r"(?:\s{0,3}[:=]\s{0,3}|\s{1,3}|(?=@))(@?)([A-Za-z0-9_][\w.-]{1,49})\W{0,3}",
    re.I | re.A,
)
_AT_NAME: Final = re.compile(
    r"\W{0,3}?(?:(?:akun|username|user|id)\W{1,3})?@([A-Za-z]\w{3,31})(?:\s?\((telegram|tele|tg)\))?\W{0,3}",
    re.I | re.A,
)
EMAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.[A-Za-z]{2,10}\b", re.A)
_URL: Final = re.compile(
    r"https?:|www\.|\b[\w-]{1,60}\.(?:com|id|net|org|me|ly|link|xyz|site|top|io|info|shop|app|vip|club|us|im|gl|cc|be)/"
    r"|\b[a-z][a-z0-9+-]{1,20}://(?![+0-9])",
    re.I | re.A,
)
PLATFORM_NAMES: Final = {
    "telegram": "Telegram", "instagram": "Instagram", "facebook": "Facebook", "tiktok": "TikTok", "x": "X",
    "line": "LINE", "signal": "Signal", "whatsapp": "WhatsApp", "wechat": "WeChat",
    "michat": "MiChat", "discord": "Discord",
}  # fmt: skip


def handle(platform: str, name: str) -> ParseResult:
    """Account names are compared without regard to case, as the platforms do."""
    return ParseResult(NumberKind.OTT_HANDLE, f"{platform}:@{name.lower().removeprefix('@').rstrip('.-')}")


def read_link(text: str) -> Link:
    """What a link, a chat id or an account name says; None when the text is none of these."""
    if not _MARKS_OF_LINKS.search(text):
        return _read_account(text)
    text = _EMPHASISED.sub(r" \2 ", text)
    if ("/" in text or "\\" in text) and _DOTS.search(text) and _UNFOLLOWED_HOSTS.search(text):
        text = _UNFOLLOWED.sub(_followed, text)
    if "://" in text or (_MARKS_OF_HOSTS.search(text) and _LINK_LIKE.search(text)):
        found = _read_chat_link(text)
        if found is not None:
            return found
    return _read_named(text)


def _read_chat_link(text: str) -> Link:
    if _GROUP.search(text):
        return ParseFailure("group_link")
    if match := _JID.search(text) or _WHATSAPP_NUMBER.search(text) or _WAID.search(text):
        return _linked(text, match)
    if match := _SIP.search(text):
        return _linked(text, match)._replace(form=Form.URI)
    if _HIDDEN.search(text):
        return ParseFailure("hidden_number_link")
    if match := _TELEGRAM_NUMBER.search(text):
        return _linked(text, match)
    for platform, pattern in _HANDLE_LINKS:
        if match := pattern.search(text):
            return handle(platform, match[1])
    return None


def _followed(match: re.Match[str]) -> str:
    """The same host as a link has it, in the same place and as long."""
    return f"{match[1]}.{match[2]}/".rjust(len(match[0]))


def _linked(text: str, match: re.Match[str]) -> LinkedDigits:
    """A link ends at a space: digits behind it belong where those before are no number by themselves."""
    start, end = match.span("number")
    number, spaced = _in_place(text, start, match["number"]), ""
    more = match.groupdict().get("more")
    if more and _SOME_DIGITS.search(more) and not _BEGINS_ANOTHER.match(more):
        line = text[start : match.end() + _BEHIND].partition("\n")[0]
        spaced = line if start + len(line) == len(text) else line[: max(line.rfind(" "), match.end() - start)]
        spaced = _in_place(spaced, 0, spaced)
        if not _is_whole(number):
            end = match.end()
            number = _in_place(text, start, text[start:end])
    url = _NOT_SPACE.match(text, end)
    after = text[url.end() :] if url else ""
    return LinkedDigits(number, Form.CHAT, rest=f"{text[: match.start()]}\n{after}", spaced=spaced)


def _is_whole(number: str) -> bool:
    digits = "".join(_SOME_DIGITS.findall(number))
    return isinstance(dial(digits, plus=digits[0] != "0"), ParseResult)


def _in_place(text: str, start: int, number: str) -> str:
    """The number alone, where it stands in the text: a position in one is a position in the other."""
    if "%" in number:
        for code, char in _ESCAPES.items():
            number = number.replace(code, char)
    return (" " * start + number).ljust(len(text))


def _read_named(text: str) -> Link:
    at = "@" in text
    if at and (match := _AT_NAME.fullmatch(text)):
        return handle("telegram", match[1])
    if account := _read_account(text):
        return account
    colon = ":" in text
    if colon and (match := _SCHEMED.match(text)) and (schemed := _read_schemed(text, match)):
        return schemed
    if at and EMAIL.search(text):
        return ParseFailure("email")
    linked = ("/" in text or "www." in text.lower()) and _URL_LIKE.search(text) and _URL.search(text)
    if linked:
        return ParseFailure("masked" if _MASKED.search(text) else "link_without_number")
    return None


def _read_account(text: str) -> ParseResult | None:
    """ "IG budi_99", "Telegram: @budi"."""
    match = None if text.lstrip("+([ ")[:1].isdigit() else _NAMED.fullmatch(text)
    if match is None or not _is_account_name(match[1].lower(), match[2], match[3]):
        return None
    return handle(_PLATFORMS[match[1].lower()], match[3])


def _read_schemed(text: str, match: re.Match[str]) -> LinkedDigits | None:
    number, _, parameters = match["number"].partition(";")
    start, before = match.start("number"), text[: match.start("scheme")]
    if re.search(r"phone-context=\+62", parameters) and number[0] not in "+0":
        number, start = "+62" + number, start - 3  # "+62" fits, since the scheme stands before it
    elif re.search(r"[0-9]{5}", parameters):
        return None  # "sms:0812…;0813…" is two numbers, not a parameter
    if "?" in number[6:]:
        number = number.partition("?")[0]
    form = Form.URI if match["scheme"].lower() in _URI_SCHEMES and text[start - 1] in ":/" else Form.LABEL
    return LinkedDigits(before + _in_place(text, start, number)[len(before) :], form)


def bare_account_name(text: str) -> str | None:
    """The name in "@name", when nothing says on which platform the account is."""
    match = _AT_NAME.fullmatch(text) if "@" in text else None
    return match[1] if match is not None and match[2] is None else None


def _is_account_name(label: str, at: str, name: str) -> bool:
    if label in ("wa", "whatsapp") and not at:  # "WA Budi" is a label and a name, no account
        return False
    return bool(at) or (sum(char.isalpha() for char in name) >= 3 and not re.search(r"[0-9]{7}", name))
