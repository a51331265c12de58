"""One referral and the form that answers it: the same on a platform's pages and behind the link of a mail."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aduan.complaints import categories
from aduan.complaints.models import Evidence
from aduan.referrals.codes import MAX_NOTE, PlatformAnswer

if TYPE_CHECKING:
    from aduan.referrals.models import Referral


class PlatformAnswerForm(forms.Form):
    """Shown by `components/platform_answer.html`."""

    use_required_attribute = False  # our own words instead of the browser's, in the page's language

    answer = forms.ChoiceField(
        label=_("What you found"), choices=PlatformAnswer.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        help_text=_("Needed when you found no violation (why) or need more (what)."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and "note" in self.errors:
            self.fields["note"].widget.attrs["class"] = "form-control is-invalid"


def referral_facts(referral: Referral) -> dict[str, Any]:
    """What `components/referral_facts.html` shows; media by their names, the period as days."""
    media = referral.evidence.get("media", {})
    days = (referral.evidence.get("first_on"), referral.evidence.get("last_on"))
    return {
        "referral": referral,
        "category": categories.label_of(referral.category),
        "media": [(Evidence.Medium(code).label, count) for code, count in media.items()],
        "days": [dt.date.fromisoformat(day) for day in days if day],
    }
