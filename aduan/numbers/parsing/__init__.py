"""Text as people write it → telephone numbers, accounts and sender names.

This module is the public interface; no other package imports the modules below it.
"""

from aduan.numbers.parsing.digit_folding import plain_digits
from aduan.numbers.parsing.errors import Refused
from aduan.numbers.parsing.parser import LONGEST_TEXT, account_name_of, account_on, offered_by, parse
from aduan.numbers.parsing.payment_accounts import named_account
from aduan.numbers.parsing.spellings import is_usual_spelling
from aduan.numbers.parsing.stretches import LONG_DIGITS
from aduan.numbers.parsing.text_contents import (
    NumberSpan,
    TextContents,
    account_key,
    has_digits_of_number,
    links_of,
    numbers_in,
    payment_accounts_of,
    read_text,
)
from aduan.numbers.parsing.types import Parsed, format_number

__all__ = [
    "LONGEST_TEXT",
    "LONG_DIGITS",
    "NumberSpan",
    "Parsed",
    "Refused",
    "TextContents",
    "account_key",
    "account_name_of",
    "account_on",
    "format_number",
    "has_digits_of_number",
    "is_usual_spelling",
    "links_of",
    "named_account",
    "numbers_in",
    "offered_by",
    "parse",
    "payment_accounts_of",
    "plain_digits",
    "read_text",
]
