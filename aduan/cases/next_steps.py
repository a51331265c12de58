"""What complainants can do themselves after a decision, and who can help where this service cannot. Pure.

Websites are the authorities' own. Telephone numbers are not here: `hotline` names a row of the protected
register, and only a verified row is ever shown as a number to call.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do; `website` is a host and path without scheme, `hotline` a pattern of the register."""

    code: str
    text: StrOrPromise
    website: str = ""
    hotline: str = ""


_STEPS: Final = (
    NextStep(
        "bank",
        _("Did you send money? Call your bank or e-wallet now and ask them to stop the transfer."),
    ),
    NextStep(
        "iasc",
        _("Report the loss to the Indonesia Anti-Scam Centre (IASC) of OJK."),
        "iasc.ojk.go.id",
        "short:157",
    ),
    NextStep("cekrekening", _("Report the account that the money went to."), "cekrekening.id"),
    NextStep(
        "police",
        _("Report it to the police with your evidence; your bank asks for the report."),
        hotline="short:110",
    ),
    NextStep("content", _("Report the site, the link or the account."), "aduankonten.id"),
    NextStep(
        "ojk", _("Ask OJK whether the lender is licensed, and complain there."), "ojk.go.id", "short:157"
    ),
    NextStep(
        "in_app",
        _("Block the account in the app and report it there: “Block”, then “Report”."),
    ),
    NextStep("block_yourself", _("Block the number on your own phone.")),
    NextStep("hang_up", _("Hang up, and call the institution yourself on a number you looked up.")),
    NextStep("complete", _("Add what is missing on the page of your complaint.")),
    NextStep(
        "again",
        _("If the number contacts you again, file a new complaint with a screenshot: it is looked at anew."),
    ),
    NextStep("check_number", _("Check the number in your evidence and file a complaint about that one.")),
    NextStep("civil", _("Legal aid is free for those who cannot pay: ask at the district court.")),
)

NEXT_STEPS: Final[Mapping[str, NextStep]] = MappingProxyType({step.code: step for step in _STEPS})


def steps_named(codes: Iterable[str]) -> list[NextStep]:
    """The steps of these codes, in their order; an unknown code is left out."""
    return [NEXT_STEPS[code] for code in codes if code in NEXT_STEPS]
