"""What evidence may measure, for the form, its scripts and the help page: from the domain's one table."""

from __future__ import annotations

from django import template
from django.utils.translation import ngettext_lazy

from aduan.complaints.evidence import KINDS, limits

register = template.Library()
# The words of Django's filter `filesizeformat`: no one says its Indonesian “bita”, so ours go before it.
BYTES = ngettext_lazy("%(size)d byte", "%(size)d bytes")


@register.simple_tag
def evidence_limits() -> dict[str, int]:
    size = {family: limit.size for family, limit in limits.LIMITS.items()}
    return {
        **{f"{family}_mb": most // limits.MEBIBYTE for family, most in size.items()},
        "image_bytes": size["image"],
        "files": limits.MAX_FILES,
        "pixels": limits.MAX_PIXELS,
        "long_pixels": limits.MAX_LONG_PIXELS,
        "long_ratio": limits.LONG_RATIO,
        "least_width": limits.MIN_WIDTH,
        "seconds": limits.MAX_SECONDS,
        "pages": limits.MAX_PAGES,
    }


@register.simple_tag
def evidence_accept() -> str:
    """For `accept=`: families that a phone's own picker knows, then each ending."""
    endings = {kind.suffix for kind in KINDS.values()} | {".jpeg", ".heif", ".vcf", ".opus"}
    return ",".join(["image/*", "audio/*", "video/*", *sorted(endings)])
