"""Save the money now: whom to call, in the order in which minutes count, and what to do by kind of scam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from aduan.numbers.queries import Hotline, hotlines
from portal.common.kept_pages import keep_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django_stubs_ext import StrOrPromise

_BANKS: Final = ("bank", "bank-landline", "e-wallet")


@dataclass(frozen=True, slots=True)
class MoneyLines:
    """Only verified rows of the register; what is not there has no number."""

    banks: list[Hotline]
    iasc: Hotline | None
    police: Hotline | None


@dataclass(frozen=True, slots=True)
class Rescue:
    """What to do after one kind of scam, in order."""

    code: str
    title: StrOrPromise
    steps: tuple[StrOrPromise, ...]


_CALL_BANK: Final = _(
    "Call your bank or e-wallet: ask them to hold the transfer. Say when it was and how much."
)
_REPORT_IASC: Final = _("Report it at iasc.ojk.go.id with the proof of transfer.")
_POLICE: Final = _("Report it to the police, and keep every message as evidence.")
RESCUES: Final = (
    Rescue(
        "transfer",
        _("I sent money to an account or e-wallet"),
        (
            _CALL_BANK,
            _REPORT_IASC,
            _("Report the receiving account at cekrekening.id."),
            _POLICE,
            _("Then report the number here."),
        ),
    ),
    Rescue(
        "code",
        _("I gave away a code, a PIN, a password or card data"),
        (
            _("Call your bank: ask them to block the card and access to your account at once."),
            _("Change the PIN and passwords, from another device if you can."),
            _("Look at your last transactions. Is money gone? Ask the bank to hold it, then report to IASC."),
            _POLICE,
        ),
    ),
    Rescue(
        "app",
        _("I installed an app (APK) that was sent to me"),
        (
            _("Switch off mobile data and Wi-Fi: nobody can steer your phone then."),
            _("From another phone, call your bank and ask them to block access to your account."),
            _("Delete the app, or have the phone reset before you use it for banking again."),
            _("Change your passwords from another device."),
            _POLICE,
        ),
    ),
    Rescue(
        "job",
        _("I paid a deposit for a job, a task or an investment"),
        (
            _("Send nothing more, also not to “release” what you already paid."),
            _CALL_BANK,
            _REPORT_IASC,
            _POLICE,
        ),
    ),
    Rescue(
        "threat",
        _("I am being threatened, or my pictures are to be published"),
        (
            _("Pay nothing: who has paid once is asked again."),
            _("Keep the messages, then block the account."),
            _("Call the police; at once if you are in danger."),
            _("Tell somebody you trust."),
        ),
    ),
)


def money_lines() -> MoneyLines:
    rows = hotlines()
    by_pattern = {row.pattern: row for row in rows}
    banks = [row for row in rows if row.kind in _BANKS]
    return MoneyLines(banks, by_pattern.get("short:157"), by_pattern.get("short:110"))


@require_safe
def money(request: HttpRequest) -> HttpResponse:
    return keep_page(render(request, "public/money.html", {"lines": money_lines(), "rescues": RESCUES}))
