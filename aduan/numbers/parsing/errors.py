"""Why a text is not a number: stable codes for machines, a sentence and a suggestion for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from aduan.core.errors import Invalid

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from aduan.numbers.parsing.types import Parsed

# fmt: off
MESSAGES: Final[dict[str, StrOrPromise]] = {
    "empty": _("Please type the number that contacted you."),
    "no_number": _("There is no number in this text. If the number was hidden, write “private number”."),
    "too_much_text": _("This is a long text. Paste it into the message field; we look for the numbers "
                       "there."),
    "control_character": _("The text contains an invisible control character. Please type the number by "
                           "hand."),
    "direction_override": _("The text contains a hidden mark that shows digits in another order than "
                            "they are "
                            "stored. Please type the number by hand."),
    "unreadable_character": _("The character “{found}” does not belong in a number."),
    "letters_for_digits": _("“{found}” is a letter where a digit is expected. Did you mean this number?"),
    "letters": _("“{found}” is not part of a number. Please write digits only."),
    "spelled_out": _("The number is written in words. Please write it in digits."),
    "masked": _("Some digits are hidden (x, *, ? or …). We need every digit: nobody may be blocked on a "
                "guess."),
    "several_numbers": _("There is more than one number here. Choose one; the complaint has room for the "
                         "others."),
    "extra_digits": _("There are more digits here than the number needs. Which of these is it?"),
    "national_in_link": _("This link lacks the country code. Did you mean this number in Indonesia?"),
    "doubled_country_code": _("The country code 62 is written twice. Did you mean this number?"),
    "plus_before_zero": _("No country code begins with 0. Did you mean this number in Indonesia?"),
    "doubled_zero": _("The 0 in front is written twice. Did you mean this number?"),
    "extra_text": _("There is other text around the number. Please leave only the number."),
    "too_short": _("The number is too short ({count} digits). A mobile number has 10 to 13 digits from "
                   "the 0 on."),
    "too_long": _("The number is too long ({count} digits). A mobile number has 10 to 13 digits from the "
                  "0 on."),
    "unused_prefix": _("No number begins with {found} in Indonesia. Please check the first digits."),
    "unknown_area_code": _("There is no such area code. Please check the first digits."),
    "area_code_missing": _("This looks like a landline without its area code. Add it, for example 021."),
    "prefix_missing": _("Please write the number with its 0 in front, or with + and the country code."),
    "ambiguous_prefix": _("This can be read as two different numbers. Please write it with + and the "
                          "country code."),
    "unknown_country": _("This is not a number of any country. Please check the digits after the +."),
    "scientific": _("A spreadsheet has shortened this number and its last digits are lost. "
                    "Please copy it from the message itself."),
    "ussd": _("This is a dialling code (*…#), not the number that contacted you."),
    "call_forwarding": _("This code forwards your calls to somebody else. Do not dial it; if you "
                         "did, dial ##002#. "
                         "Please report the number that sent it."),
    "amount": _("This looks like an amount of money, not a number."),
    "date": _("This looks like a date or a time, not a number."),
    "card_number": _("This looks like a bank card number. Never share it; we have not kept it."),
    "identity_number": _("This looks like an identity number (NIK). Never share it; we have not kept it."),
    "bank_account": _("This looks like a bank account. Please give the telephone number; "
                      "the complaint has a field of its own for the account."),
    "one_time_code": _("This looks like a one-time code. Never share it; we have not kept it."),
    "email": _("This is an e-mail address, not a number."),
    "platform_unclear": _("On which service is this account? Choose it, or write the service in front of "
                          "the name, for example Telegram @name."),
    "sender_on_call": _("A call shows a number, never a sender’s name. Please take the number from the call "
                        "list; if it was hidden, write “private number”."),
    "link_without_number": _("This link holds no number. Keep it as evidence and give the number of the "
                             "sender."),
    "hidden_number_link": _("This WhatsApp link hides the number. Open the chat, look at the contact "
                            "and copy the number from there."),
    "group_link": _("This leads to a group, not to one number. Please give the number of the person."),
}
# fmt: on
# The messages with a place for what was found or counted.
_PARAMETRISED: Final = frozenset(
    ("unreadable_character", "letters_for_digits", "letters", "too_short", "too_long", "unused_prefix")
)


class Refused(Invalid):
    """The text cannot be taken as a number.

    `position` is an index into the raw text. `suggestions` are canonical numbers that may be meant: an
    interface may offer them, only the person may choose. `reading` is set when there is exactly one plausible
    reading of letters typed for digits (O for 0, l for 1).
    """

    def __init__(
        self,
        code: str,
        *,
        position: int | None = None,
        suggestions: tuple[str, ...] = (),
        reading: Parsed | None = None,
        **parameters: Any,
    ) -> None:
        message = MESSAGES[code]
        if code in _PARAMETRISED:
            message = format_lazy(message, **{"found": "", "count": 0, **parameters})
        super().__init__(code, message, position=position, suggestions=suggestions)
        self.position = position
        self.suggestions = suggestions
        self.reading = reading
