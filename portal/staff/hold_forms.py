"""What people of the desk send about holds."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from aduan.cases.queries import HoldOfCase
from portal.staff.forms import ComparedForm, SeenForm

# The panel of the case page in which each step of a hold is taken.
HOLD_PANELS: Final = {
    "propose": "propose_hold",
    "confirm": "confirm_hold",
    "decline": "decline_hold",
    "end": "end_hold",
    "end_wrong": "end_hold",
}
_REASONED = frozenset({"propose_hold", "decline_hold"})
_COMPARED = frozenset({"propose_hold", "confirm_hold"})


class HoldForm(ComparedForm, SeenForm):
    """Both signatures are given over the facts, with a tick; a proposal and a refusal need a reason too."""

    # The proposal on the page: the second person signs that one, and none that took its place meanwhile.
    hold = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label=_("Why, for colleagues"),
        max_length=2000,
        widget=forms.Textarea({"class": "form-control", "rows": 2}),
    )

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = step in _REASONED
        # Only the tick of a block's signature is reached by a key of its own on the same page.
        self.fields["compared"].widget.attrs.pop("data-key", None)
        self.fields["compared"].required = step in _COMPARED


def hold_panels(lane: HoldOfCase, *, digest: str) -> dict[str, forms.Form]:
    """One empty form for each step of the lane that is open to the viewer now."""
    shown = {"seen": digest, "hold": lane.pending.pk if lane.pending else None}
    return {step: HoldForm(initial=shown, step=step, auto_id=f"id_{step}_%s") for step in sorted(lane.may)}
