"""What a person can send instead of a file that could not be used, by the code of the refusal. Pure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

_SCREENSHOT: Final = _("Open it on your phone, take a screenshot, and send that.")
_SHORTER: Final = _("Send a screenshot or the first minute.")
_ADVICE: Final[Mapping[str, StrOrPromise]] = MappingProxyType(
    {
        "virus": _("Do not open it again. Send a screenshot of the message that brought it."),
        "too_many_pixels": _("Take a screenshot of the picture, or send it in two parts."),
        "not_a_recording": _("Record it again as MP3 or M4A, or send a screenshot of the call list."),
        "not_a_video": _SHORTER,
        "damaged_video": _SHORTER,
        "video_too_long": _SHORTER,
        "damaged_pdf": _("Send screenshots of the pages that matter."),
        "pdf_locked": _("Send screenshots of the pages that matter."),
        "not_a_text": _("Export the chat again without media, or send a screenshot of it."),
        "lost": _("The fault is ours. Please send it again."),
    }
)


def advice_for(refusal: str) -> StrOrPromise:
    return _ADVICE.get(refusal, _SCREENSHOT)
