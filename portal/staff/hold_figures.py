"""What each figure of the rules of holds is called at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

HOLD_FIGURES: Final[Mapping[str, StrOrPromise]] = {
    "hours": _("hours after which a hold ends by itself"),
    "again_after_days": _("days in which a number is held at most once"),
    "use_years": _("years of use by one holder after which a number is never held"),
    "independent_complaints": _("independent complaints that are grounds"),
    "within_hours": _("hours within which those complaints come"),
    "hourly_quota": _("holds in an hour, above which two leads sign"),
    "personal_quota": _("holds in an hour of one person, above which two leads sign"),
    "list_ceiling": _("most entries of one operator's hold list"),
    "attended_minutes": _("minutes after which a waiting candidate alerts the leads"),
}
CONFIRMED_WITH_EVIDENCE: Final = _("one complaint with confirmed contact and clean evidence is grounds too")
