"""The one table of the desk's keys: the overlay, the page without JavaScript, and a test read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Each line: the keys, parted by blanks, and what they do.
KEYS: Final[tuple[tuple[str, StrOrPromise], ...]] = (
    ("n", _("Next case: the most urgent one that no one holds; among the lists: what goes out next")),
    ("N", _("Next case that waits for your signature")),
    ("j k", _("Down and up: a row in the queue, a complaint on a case")),
    ("o Enter", _("Open the marked case; after a refusal, the page as it is now")),
    ("x", _("In the queue: mark for bulk work; on a case: disagree as second or third person")),
    ("A", _("In the queue: assign the marked cases")),
    ("q", _("Back to the queue")),
    ("/", _("Search")),
    ("V", _("In the queue: save this view, or delete one")),
    ("D", _("In the queue: columns and density")),
    ("E", _("Search by a complainant’s e-mail address")),
    ("c", _("Take the case, or give it back; where a second person is asked: open what waits")),
    ("e", _("Look at the evidence; arrows for the next picture, Escape to close")),
    ("g", _("Look at the campaign of the case")),
    ("G", _("Cases that share an account, a link, a picture or the story, and how they were decided")),
    ("W", _("Who read this case")),
    ("p", _("Propose a block")),
    ("f", _("Propose that the number was spoofed")),
    ("r", _("Propose a referral to the platform; in the inbox: mark all as read")),
    ("s", _("Agree as second or third person")),
    ("a", _("Ask the complainants for more")),
    ("d", _("Close without action")),
    ("w", _("Close: not our matter")),
    ("u", _("Withdraw the own proposal, or take a closed case up again")),
    ("l", _("Ask for the release of a block")),
    ("b", _("Answer an objection")),
    ("t", _("Stop an urgent block that no list has taken")),
    ("Z", _("Undo: for half a minute after closing a case or asking its complainants")),
    ("h", _("In the queue: the first number that could be held; on a case: propose or confirm its hold")),
    ("i", _("Do not hold the number")),
    ("y z", _("End a hold at once: it was a mistake, or it is not needed any more")),
    ("m", _("Write a note for colleagues")),
    ("M", _("The newest complaint is about another number: put it there")),
    ("Q", _("Ask the operator of the number")),
    ("v", _("Watch the case, or stop watching it")),
    ("H", _("Hand the case over, or assign it")),
    ("P", _("On the dashboard: people at work")),
    ("T", _("On the dashboard: set the targets")),
    ("I", _("Your inbox")),
    ("L", _("My last decisions")),
    ("1 … 9", _("In a decision: pick the reason with this number")),
    ("Ctrl Enter", _("Send the decision that is open")),
    ("Escape", _("Close what is open")),
    ("?", _("This help")),
)
