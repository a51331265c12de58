"""What an operator says to the subscriber of a blocked or held number, and the short address where to object.

Every notice of a list with such numbers carries it, so that no line goes dead without a word. Pure.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import override

SHORT_PATH: Final = "/n"
_LANGUAGES: Final = ("id", "en")
_MEASURES: Final = ("block", "hold")


def subscriber_notice(measure: str, *, public_url: str) -> dict[str, Any] | None:
    """`announcement` (to be spoken) and `sms` in both languages, and `address`; None for other series."""
    if measure not in _MEASURES:
        return None
    address = public_url + SHORT_PATH
    given = {"address": address, "spoken": urlsplit(public_url).netloc + SHORT_PATH}
    texts: dict[str, dict[str, str]] = {"announcement": {}, "sms": {}}
    for language in _LANGUAGES:
        with override(language):
            texts["announcement"][language] = _announcement(measure) % given
            texts["sms"][language] = subscriber_sms(measure, public_url=public_url)
    return {"address": address, **texts}


def _announcement(measure: str) -> str:
    if measure == "hold":
        return _(
            "This number is temporarily held while a complaint about fraud is examined. If it is yours, open"
            " %(spoken)s to see until when, and to object."
        )
    return _(
        "This number is blocked after complaints about fraud. If it is yours and this is wrong, open"
        " %(spoken)s to see why, and to object."
    )


def subscriber_sms(measure: str, *, public_url: str) -> str:
    """The SMS of a `block` or a `hold`, in the language of now."""
    given = {"address": public_url + SHORT_PATH}
    if measure == "hold":
        text = _(
            "Aduan Nomor: this number is temporarily held, being examined."
            " See until when, object: %(address)s"
        )
    else:
        text = _(
            "Aduan Nomor: this number is blocked after complaints about fraud. See why, object: %(address)s"
        )
    return text % given
