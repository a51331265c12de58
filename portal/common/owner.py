"""Who runs this service: ministry, unit, address, call centre, data protection officer, legal basis.

Data of the installation (`settings.SERVICE_OWNER`); what is not set is the demo ministry's, which says so.
Texts may be one string or {"id": …, "en": …}.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language, override

if TYPE_CHECKING:
    from django.http import HttpRequest

DEMO: Final[dict[str, Any]] = {
    "name": {"id": "Kementerian Contoh (peragaan)", "en": "Demo ministry"},
    "unit": {"id": "Direktorat Pengendalian Nomor", "en": "Directorate for the Control of Numbers"},
    "address": "Jalan Contoh No. 1, Jakarta 10000",
    "call_centre": "159",
    "hours": {"id": "setiap hari, 24 jam", "en": "every day, 24 hours"},
    "email": "",
    "dpo": "pdp@aduan.example",
    "basis": {
        "id": "UU 36/1999 tentang Telekomunikasi; UU 27/2022 tentang Pelindungan Data Pribadi",
        "en": "Law 36/1999 on Telecommunications; Law 27/2022 on Personal Data Protection",
    },
}


@dataclass(frozen=True, slots=True)
class ServiceOwner:
    """In the reader's language."""

    name: str
    unit: str
    address: str
    call_centre: str
    hours: str
    email: str
    dpo: str
    basis: str


def service_owner() -> ServiceOwner:
    given = {**DEMO, "email": settings.CONTACT_EMAIL, **settings.SERVICE_OWNER}
    return ServiceOwner(**{field.name: _text(given[field.name]) for field in fields(ServiceOwner)})


def ministry_contact() -> dict[str, str]:
    """Whom a platform can ask, as it stands in a referral. In English."""
    with override("en"):
        owner = service_owner()
    return {
        "name": owner.name,
        "unit": owner.unit,
        "email": settings.REFERRAL_MAILBOX,
        "telephone": owner.call_centre,
        "basis": owner.basis,
    }


def official_host() -> str:
    """The host, with its port, that citizens know as ours."""
    return str(urlsplit(settings.PUBLIC_URL).netloc)


def context(_request: HttpRequest) -> dict[str, Any]:
    """For the strip at the top and the foot of every page."""
    return {
        "owner": service_owner(),
        # never what a request calls us: a page of a forged host would name that as the official one
        "official_url": settings.PUBLIC_URL,
        "official_host": official_host(),
    }


def _text(value: Any) -> str:
    if isinstance(value, dict):
        language = (get_language() or "id")[:2]
        return str(value.get(language) or value.get("id") or "")
    return str(value)
