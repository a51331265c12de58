"""What the figures that leads set are called: on their pages, and in the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RANKING_FIGURES: Final[dict[str, StrOrPromise]] = {
    "independent": gettext_lazy("points for each doubling of the independent complainants"),
    "confirmed": gettext_lazy("points for each doubling of the confirmed contacts"),
    "evidence": gettext_lazy("points for each item of evidence"),
    "reported_loss": gettext_lazy("points for each tenfold of the loss"),
    "recent": gettext_lazy("points for a complaint of the last 24 hours"),
    "objection": gettext_lazy("points when the owner objects"),
    "reopened": gettext_lazy("points when the case was opened again"),
    "minutes_per_point": gettext_lazy("minutes of waiting that a point is worth"),
    "oldest_percent": gettext_lazy("of 100 cases given out, those that have waited longest"),
    "random_percent": gettext_lazy("of 100 cases given out, any by lot"),
    "longest_days": gettext_lazy("days overdue after which a case comes first"),
}
TARGET_FIGURES: Final[dict[str, StrOrPromise]] = {
    "waiting": gettext_lazy("cases that wait, at most"),
    "in_time": gettext_lazy("decided within the promised 24 hours, percent"),
    "agreement": gettext_lazy("second person agreed, percent"),
    "quality": gettext_lazy("read again and decided alike, percent"),
}
