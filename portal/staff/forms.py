"""What reviewers send. Forms translate into the words of the services; they decide nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aduan.cases.models import CannedReason
from aduan.cases.notices import TEXT_MAX, NoticeText, standard_text
from aduan.cases.reasons import is_true_beside
from aduan.cases.workflow import CaseAction, ProposalType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TEXT = {"class": "form-control"}
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reasons:
    """`offered` per step, those of every category first: their number keys are the same on each case.

    `texts` and `notices` are of every code ever used. A notice is what the complainants read for a reason; a
    proposal's says only why, its act what was decided.
    """

    offered: Mapping[str, Choices]
    texts: Mapping[str, str]
    notices: Mapping[str, str]

    def beside(self, measure: ProposalType) -> Choices:
        """What a proposal of this measure offers: none that speaks of another."""
        offered = self.offered.get(CaseAction.PROPOSE, [])
        return [(code, text) for code, text in offered if is_true_beside(code, measure)]


def reasons_for(category: str) -> Reasons:
    """All reasons in the reader's language, in one statement: there are some dozens."""
    english = (get_language() or "").startswith("en")
    offered: defaultdict[str, Choices] = defaultdict(list)
    texts: dict[str, str] = {}
    notices: dict[str, str] = {}
    for reason in CannedReason.objects.order_by("category", "code"):
        texts[reason.code] = reason.text_en if english else reason.text_id
        notices[reason.code] = _notice_of(reason).in_language("en" if english else "id")
        if reason.active and reason.category in {"", category}:
            offered[reason.action].append((reason.code, texts[reason.code]))
    return Reasons(offered, texts, notices)


def _notice_of(reason: CannedReason) -> NoticeText:
    if reason.notice or reason.action == CaseAction.PROPOSE:
        return reason.notice
    return standard_text(CaseAction(reason.action))


class SeenForm(forms.Form):
    """Carries the digest of what was on the page when the person made up their mind."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=120, required=False)
    then = forms.CharField(widget=forms.HiddenInput, max_length=10, required=False)


class CaseActionForm(SeenForm):
    """Ask, dismiss, not our matter: a reason to pick and a note."""

    reason_code = forms.ChoiceField(
        label=_("Reason"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the offered reasons.")},
    )
    note = forms.CharField(
        label=_("Note for colleagues (optional): complainants never see it"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({**_TEXT, "rows": 2}),
    )
    notice_id = forms.CharField(
        label=_("Other words for the complainants, in Indonesian"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea({**_TEXT, "rows": 2, "lang": "id"}),
    )
    notice_en = forms.CharField(
        label=_("The same in English"),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea({**_TEXT, "rows": 2, "lang": "en"}),
    )

    def __init__(self, *args: Any, reasons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason_code"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type only
        field.choices = reasons

    def clean(self) -> dict[str, Any]:
        """Adds `notice`: empty where the reason's own text is to be sent."""
        given = super().clean() or self.cleaned_data
        given["notice"] = NoticeText(given.get("notice_id", ""), given.get("notice_en", ""))
        return given


class ProposalForm(CaseActionForm):
    """The first signature. Evidence is picked already; anyone who proposes leaves out what does not count."""

    act = forms.ChoiceField(widget=forms.HiddenInput, choices=ProposalType.choices)
    evidence = forms.TypedMultipleChoiceField(
        label=_("Evidence relied on"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    block_until = forms.DateField(
        label=_("Block until (default: twelve months)"),
        required=False,
        widget=forms.DateInput({**_TEXT, "type": "date"}),
    )
    urgent = forms.BooleanField(label=_("Urgent: goes out with the next interim list"), required=False)
    note = forms.CharField(
        label=_("Your reasoning (the second person sees it only after choosing)"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({**_TEXT, "rows": 3}),
    )

    def __init__(self, *args: Any, evidence: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["evidence"]
        assert isinstance(field, forms.TypedMultipleChoiceField)  # noqa: S101 - narrows the type only
        field.choices = evidence


class ComparedForm(forms.Form):
    """A word that binds is given over the facts on the page: a tick of its own, so that two keys never do."""

    compared = forms.BooleanField(
        label=_("I have compared the number, the evidence and what the operators say"),
        widget=forms.CheckboxInput({"data-key": "s"}),
        error_messages={"required": _("Read the facts first, then tick that you compared them.")},
    )


class ReadForm(forms.Form):
    """A request for approval is read before it is approved: what is done then has no other guard."""

    read = forms.BooleanField(
        label=_("I have read exactly this, and why it is asked for"),
        error_messages={"required": _("Read what is asked for first, then tick that you did.")},
    )


class SignatureForm(ComparedForm, SeenForm):
    """The second or third signature. A disagreement needs no tick, but a reason."""

    agrees = forms.TypedChoiceField(
        choices=[("yes", _("I agree")), ("no", _("I disagree"))],
        coerce=lambda value: value == "yes",
        widget=forms.HiddenInput,
    )
    third = forms.BooleanField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=4000, widget=forms.Textarea({**_TEXT, "rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self["agrees"].value() != "yes":
            self.fields["compared"].required = False


class TextForm(SeenForm):
    """Withdraw, reopen, release: a few words."""

    reason = forms.CharField(label=_("Why"), max_length=4000, widget=forms.Textarea({**_TEXT, "rows": 2}))


class SettlementForm(TextForm):
    """Answers the owner of a number who objected."""

    upheld = forms.TypedChoiceField(
        label=_("The objection is"),
        choices=[("yes", _("right: the block ends")), ("no", _("not right: the block stays"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class NoteForm(forms.Form):
    """A note for colleagues."""

    note = forms.CharField(
        label=_("Note"),
        max_length=4000,
        help_text=_("@name mentions a colleague: it stands in their inbox."),
        widget=forms.Textarea({**_TEXT, "rows": 3}),
    )


class OperatorQuestionForm(forms.Form):
    """A question to the people of the number's operator."""

    question = forms.CharField(
        label=_("Question to the operator"),
        max_length=2000,
        help_text=_("The operator reads this as you write it: name no complainant and nothing they sent."),
        widget=forms.Textarea({**_TEXT, "rows": 3}),
    )


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need it?"),
        min_length=10,
        max_length=300,
        widget=forms.Textarea({**_TEXT, "rows": 2}),
    )
