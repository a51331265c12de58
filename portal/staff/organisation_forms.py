"""Forms of the pages about operators and platforms; services decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aduan.referrals.services import PlatformData

if TYPE_CHECKING:
    from aduan.operators.models import Operator
    from aduan.referrals.models import PlatformContact

TEXT_CONTROL = {"class": "form-control"}
LANGUAGES = [("id", "Indonesia"), ("en", "English")]
CONTACT_FIELDS = (
    "referral_email", "language", "representative", "representative_email", "escalate_after_days", "source",
)  # fmt: skip


class ContactForm(forms.Form):
    """How a platform is reached."""

    use_required_attribute = False

    referral_email = forms.EmailField(
        label=_("Published address for referrals"),
        help_text=_("As the platform publishes it. Referrals go there."),
        widget=forms.EmailInput(TEXT_CONTROL),
    )
    language = forms.ChoiceField(
        label=_("Language of the mails"),
        choices=LANGUAGES,
        widget=forms.Select({"class": "form-select"}),
    )
    representative = forms.CharField(
        label=_("Registered representative"),
        max_length=200,
        required=False,
        widget=forms.TextInput(TEXT_CONTROL),
    )
    representative_email = forms.EmailField(
        label=_("E-mail of the representative"),
        required=False,
        help_text=_("Letters about silence go there, after a person sent them."),
        widget=forms.EmailInput(TEXT_CONTROL),
    )
    escalate_after_days = forms.IntegerField(
        label=_("Days without an answer before a letter is drafted"),
        min_value=7,
        max_value=90,
        initial=15,
        widget=forms.NumberInput(TEXT_CONTROL),
    )
    source = forms.CharField(
        label=_("Where it is written"),
        max_length=300,
        help_text=_("The page or letter in which the platform names the address."),
        widget=forms.TextInput(TEXT_CONTROL),
    )

    @staticmethod
    def initial_of(contact: PlatformContact | None) -> dict[str, Any]:
        return {name: getattr(contact, name) for name in CONTACT_FIELDS} if contact else {}

    def data_of(self, platform: Operator) -> PlatformData:
        """The values of a valid form, for a platform that stands in the register."""
        return PlatformData(
            code=platform.code, name=platform.name, legal_name=platform.legal_name, **self.cleaned_data
        )


class PlatformForm(ContactForm):
    """A platform that is not yet in the register."""

    name = forms.CharField(label=_("Name"), max_length=80, widget=forms.TextInput(TEXT_CONTROL))
    legal_name = forms.CharField(
        label=_("Legal name"), max_length=120, required=False, widget=forms.TextInput(TEXT_CONTROL)
    )
    code = forms.SlugField(
        label=_("Code"),
        max_length=20,
        help_text=_("Small letters, as complaints name the channel: whatsapp, telegram."),
        widget=forms.TextInput(TEXT_CONTROL),
    )
    field_order = ("name", "legal_name", "code", *CONTACT_FIELDS)

    def data_of(self, _platform: Operator | None = None) -> PlatformData:
        return PlatformData(**self.cleaned_data)


class FirstPersonForm(forms.Form):
    """The first log-in of an organisation; that person manages keys and invites colleagues."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(TEXT_CONTROL))
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(TEXT_CONTROL))
    staff_number = forms.CharField(
        label=_("Staff number there"),
        max_length=16,
        help_text=_("One number is one person, so that no one has two log-ins."),
        widget=forms.TextInput(TEXT_CONTROL),
    )
    reason = forms.CharField(
        label=_("How it is known that they act for it"),
        max_length=300,
        help_text=_("The letter or the call. The second administrator reads it."),
        widget=forms.TextInput(TEXT_CONTROL),
    )
