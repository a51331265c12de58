"""Why cutting a number off would be grave: then three people have to agree. Pure."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RiskReason(models.TextChoices):
    RESEMBLES_PROTECTED = "resembles_protected", _("it resembles a protected number")
    ORGANISATION = "organisation", _("it is a landline, which may belong to an organisation")
    LONG_IN_USE = "long_in_use", _("one holder has used it for more than five years")
    OBJECTED = "objected", _("its owner has objected before")
