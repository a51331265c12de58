"""What each figure of the limits of pace is called: as the model says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aduan.cases.models import PACE_BOUNDS, PaceLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

PACE_FIGURES: Final[Mapping[str, StrOrPromise]] = {
    field.name: field.verbose_name for field in PaceLimits._meta.concrete_fields if field.name in PACE_BOUNDS
}
