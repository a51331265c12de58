"""The citizens' forms: they turn input into domain values and decide nothing."""

from __future__ import annotations

import re
import uuid
from typing import Any, Final, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from aduan.complaints import categories
from aduan.complaints.reported_number import is_own_number, parse_reported_number
from aduan.complaints.tickets import read_secret
from aduan.complaints.types import CHANNEL_CODES, Channel, ComplaintData, NumberAlso
from aduan.core.errors import DomainError
from aduan.numbers.parsing import Parsed, Refused
from portal.common.forms import add_form_error
from portal.public.days import DayField
from portal.public.fields import ZONES, RupiahField, moment, to_come
from portal.public.number_offers import meant_by, named_in
from portal.public.other_numbers import read_others
from portal.public.quick_forms import OneOf, QuickForm, SharedFields

_LONGEST_TYPED: Final = 200
# What a service calls a field → what the form calls it.
_FIELD_OF: Final = {"occurred_at": "occurred_on"}
_PRIVATE_LINK: Final = re.compile(r"/lacak/([^/\s]+)/(?!tanda-terima)([^/\s?#]+)")
# Six digits for a contact, eight for a number (notifications.services), in two groups or one.
_CODE: Final = re.compile(r"(?<![0-9])(?:([0-9]{3})[ -]?([0-9]{3})|([0-9]{4})[ -]?([0-9]{4}))(?![0-9])")


class PlainForm(forms.Form):
    """A form whose fields are laid out by the page, in crispy-forms' Bootstrap 5 pack."""

    use_required_attribute = False  # our own words instead of the browser's, in the page's language

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.form_show_errors = True
        return helper

    @staticmethod
    def name_of(field: str) -> str:
        """What the form calls a field of a service."""
        return _FIELD_OF.get(field, field)

    def only_errors(self, name: str) -> None:
        """Leaves the errors of one field: the rest of the form was not reached yet."""
        for other in set(self.errors) - {name}:
            del self.errors[other]

    def refuse(self, error: DomainError) -> None:
        """Shows a domain error at the field that can be corrected."""
        add_form_error(self, error, field=self.name_of(str(error.details.get("field") or "")))


def _category_choices() -> list[Any]:
    return [("", _("Choose …")), *categories.grouped_choices()]


# Choices are functions: those of a list would be copied, text by text, for every form.
class ComplaintForm(QuickForm, PlainForm):
    key = forms.UUIDField(widget=forms.HiddenInput)
    channel = OneOf(
        label=_("How did they reach you?"),
        codes=lambda: CHANNEL_CODES,
        choices=lambda: Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how they reached you.")},
    )
    category = OneOf(
        label=_("What was it about?"),
        codes=categories.all_categories,
        choices=_category_choices,
        help_text=_("Choose what fits best; reviewers may correct it."),
        error_messages={
            "required": _("Please choose what it was about. “Something else” is fine."),
            "invalid_choice": _("Please choose what it was about. “Something else” is fine."),
        },
    )
    occurred_on = DayField(
        label=_("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y"],
        error_messages={
            "invalid": _("We did not understand this date. Write for example 23/11/2026, or leave it empty.")
        },
    )
    occurred_time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        error_messages={"invalid": _("This is not a time. Write for example 14.30.")},
    )
    zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=lambda: ZONES)
    number = forms.CharField(
        label=_("The number or name that contacted you"),
        help_text=_(
            "As your phone shows it: 0812…, +62…, a short code, a sender’s name, @account, or “private "
            "number”."
        ),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    other_numbers = forms.CharField(
        label=_("More numbers of the same scam"),
        help_text=_("One on each line, up to nine more. Each is looked at by itself."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
    )
    # What stood in the field before one of the offered numbers was chosen, and the number that was chosen.
    typed = forms.CharField(required=False, widget=forms.HiddenInput)
    typed_for = forms.CharField(required=False, widget=forms.HiddenInput)
    own_number = forms.BooleanField(
        label=_("Yes, this is my own number, and I report it"), required=False, widget=forms.CheckboxInput()
    )
    narrative = forms.CharField(
        label=_("What did they say or write?"),
        help_text=_(
            "In your own words, or paste the message. Who did they claim to be, and what did they want?"
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": 4000}),
    )
    loss = RupiahField(
        label=_("Money lost, in rupiah"),
        help_text=_("For example 1.500.000"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "text"}),
    )
    link = forms.CharField(label=_("Link they sent"), help_text=_("Copy it, do not open it."), required=False)
    bank_account = forms.CharField(
        label=_("Bank account or e-wallet they named"),
        help_text=_("Name of the bank and number of the account"),
        required=False,
    )
    evidence = forms.FileField(label=_("Screenshots or recordings"), required=False)
    contact_email = forms.CharField(
        label=_("Your e-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    contact_phone = forms.CharField(
        label=_("Or your mobile number"), required=False, widget=forms.TelInput(attrs={"autocomplete": "tel"})
    )
    website = forms.CharField(label=_("Leave this field empty"), required=False)
    altcha = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parsed: Parsed | None = None
        self.offered: list[Parsed] = []
        self.also: list[NumberAlso] = []
        self.left_out = 0

    @classmethod
    def fresh(cls, number: str = "") -> ComplaintForm:
        """An empty form; `number` is carried here from the number check."""
        return cls(initial={"key": uuid.uuid4(), "zone": ZONES[0][0], "number": number[:MAX_CARRIED]})

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This field is a trap for robots. Please empty it and send again."))
        return ""

    def clean_key(self) -> uuid.UUID:
        return cast(uuid.UUID, self.cleaned_data["key"])

    def clean(self) -> dict[str, Any]:
        """Understands the number; when it is missing, looks for numbers in the story and offers them."""
        data = super().clean() or self.cleaned_data
        text = data.get("number") or ""
        try:
            self.parsed = parse_reported_number(text, data.get("channel") or "")
        except Refused as refusal:
            self._offer(refusal, text, data.get("narrative") or "")
        else:
            self._ask_about_own_number(self.parsed, data)
        more = read_others(
            data.get("other_numbers") or "",
            channel=data.get("channel") or "",
            first=self.parsed,
            contact_phone=data.get("contact_phone") or "",
        )
        self.also, self.left_out = more.also, more.left_out
        for error in more.errors:
            self.add_error("other_numbers", error)
        for field, message in to_come(data):
            self.add_error(field, message)
        return data

    def begin_another(self) -> None:
        """Sent once more, this form files a complaint of its own: the earlier one stays as it is."""
        data = cast(QueryDict, self.data).copy()
        data["key"] = str(uuid.uuid4())
        self.data = data

    def _ask_about_own_number(self, parsed: Parsed, data: dict[str, Any]) -> None:
        own = is_own_number(parsed, data.get("contact_phone") or "")
        if own and not data.get("own_number"):
            message = _(
                "Is this your own number? It is also the one at which we may reach you. Please write the "
                "number that contacted you, or confirm that it is your own that you report."
            )
            self.add_error("own_number", forms.ValidationError(message, code="own_number"))

    def _offer(self, refusal: Refused, text: str, narrative: str) -> None:
        self.offered = meant_by(refusal, text) if text.strip() else named_in(narrative)
        message = str(refusal.message)
        if self.offered and not text.strip():
            message = str(_("We found this in what you wrote. Which number contacted you?"))
        self.add_error("number", forms.ValidationError(message, code=refusal.code))

    def report(self, language: str) -> ComplaintData:
        """Only of a valid form."""
        if self.parsed is None:
            raise ValueError("the form is not valid")
        data = self.cleaned_data
        return ComplaintData(
            number=self.parsed,
            number_raw=self._typed_number(),
            channel=data["channel"],
            category=data["category"],
            narrative=data["narrative"],
            occurred_at=moment(data["occurred_on"], data["occurred_time"], data["zone"]),
            loss=data["loss"] if isinstance(data["loss"], int) else None,
            loss_text=data["loss"] if isinstance(data["loss"], str) else "",
            link=data["link"],
            bank_account=data["bank_account"],
            contact_email=data["contact_email"],
            contact_phone=data["contact_phone"],
            language=language,
        )

    def _typed_number(self) -> str:
        """What was typed before an offered number was chosen, unless the field was changed since then."""
        data = self.cleaned_data
        chosen = data["typed"] and data["typed_for"] == data["number"]
        return str(data["typed"][:_LONGEST_TYPED] if chosen else data["number"])


ComplaintForm.base_fields = SharedFields(ComplaintForm.base_fields)
MAX_CARRIED: Final = 60  # characters of a number that one page hands to another


class TrackForm(PlainForm):
    """Either field may hold the private link, or the whole receipt as it was copied."""

    ticket = forms.CharField(
        label=_("Ticket number"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    secret = forms.CharField(
        label=_("Secret code"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean(self) -> dict[str, str]:
        ticket, secret = (self.cleaned_data.get(name, "") for name in ("ticket", "secret"))
        if link := _PRIVATE_LINK.search(f"{ticket} {secret}"):
            ticket, secret = link.groups()
        if not secret and (code := read_secret(ticket)) != ticket:
            secret = code
        if not ticket:
            self.add_error("ticket", _("Please enter the ticket number of your receipt."))
        elif not secret:
            self.add_error("secret", _("Please enter the secret code of your receipt."))
        return {"ticket": ticket, "secret": secret}


class CompletionForm(PlainForm):
    text = forms.CharField(
        label=_("What would you like to add?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 4000}),
    )
    evidence = forms.FileField(label=_("Screenshots or recordings"), required=False)


class CodeForm(PlainForm):
    code = forms.CharField(
        label=_("The code from our message"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def code_in(text: str) -> str:
    """The digits of a code that was typed, or pasted with its message; else the text as it is."""
    found = _CODE.search(text)
    return "".join(filter(None, found.groups())) if found else text.strip()
