"""Text as people write it → telephone numbers, accounts and sender names.

This module is the public interface; no other package imports the modules below it.
"""

from aduan.numbers.parsing.errors import Refused
from aduan.numbers.parsing.parser import LONGEST_TEXT, account_name_of, account_on, offered_by, parse
from aduan.numbers.parsing.payment_accounts import account_digits
from aduan.numbers.parsing.spellings import is_usual_spelling
from aduan.numbers.parsing.text_contents import NumberSpan, TextContents, numbers_in, read_text
from aduan.numbers.parsing.text_links import canonical_link
from aduan.numbers.parsing.types import Parsed, format_number

__all__ = [
    "LONGEST_TEXT",
    "NumberSpan",
    "Parsed",
    "Refused",
    "TextContents",
    "account_digits",
    "account_name_of",
    "account_on",
    "canonical_link",
    "format_number",
    "is_usual_spelling",
    "numbers_in",
    "offered_by",
    "parse",
    "read_text",
]
