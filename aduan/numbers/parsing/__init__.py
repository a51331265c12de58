"""Text as people write it → telephone numbers, accounts and sender names.

This module is the public interface; no other package imports the modules below it.
"""

from aduan.numbers.parsing.errors import Refused
from aduan.numbers.parsing.extraction import NumberSpan, numbers_in
from aduan.numbers.parsing.parser import LONGEST_TEXT, account_name_of, account_on, offered_by, parse
from aduan.numbers.parsing.spellings import is_usual_spelling
from aduan.numbers.parsing.types import Parsed, format_number

__all__ = [
    "LONGEST_TEXT",
    "NumberSpan",
    "Parsed",
    "Refused",
    "account_name_of",
    "account_on",
    "format_number",
    "is_usual_spelling",
    "numbers_in",
    "offered_by",
    "parse",
]
