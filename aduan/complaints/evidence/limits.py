"""What evidence may measure and cost.

The one table behind the form, the browser's scaling, the help page, the middleware, nginx and the sandbox.
`tests/portal/public/test_evidence_limits.py` holds deploy/nginx/aduan.conf to it. Imports nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MEBIBYTE: Final = 1024 * 1024
MAX_FILES: Final = 5
MAX_PIXELS: Final = 25_000_000
# A scrolled screenshot: at least three times as long as wide. Up to 1,080 x 60,000.
MAX_LONG_PIXELS: Final = 65_000_000
LONG_RATIO: Final = 3
MAX_SIDE: Final = 65_000  # pixels: what one JPEG can be
MAX_RATIO: Final = 100  # each page of a long picture is a file, so their number is bounded too
MIN_WIDTH: Final = 1080  # pixels to which a browser may scale a picture down, never below
MAX_SECONDS: Final = 60  # of a video
MAX_PAGES: Final = 10  # of a PDF
MAX_DERIVATIVES: Final = 24 * MEBIBYTE  # all pages or stills of one file together
# One request: five files of which one is a video, and the form around them.
MAX_REQUEST: Final = 128 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Limit:
    """What one family of files may weigh and what converting one may cost."""

    size: int  # bytes
    cpu_seconds: int
    memory: int  # bytes of address space, the decoder's own libraries included


# The address space holds FFmpeg's libraries (400 MB mapped, 60 MB of it resident) for sounds and videos.
LIMITS: Final = MappingProxyType(
    {
        "image": Limit(15 * MEBIBYTE, 5, 512 * MEBIBYTE),
        "sound": Limit(10 * MEBIBYTE, 10, 768 * MEBIBYTE),
        "video": Limit(50 * MEBIBYTE, 30, 1024 * MEBIBYTE),
        "pdf": Limit(10 * MEBIBYTE, 30, 512 * MEBIBYTE),
        "text": Limit(2 * MEBIBYTE, 5, 512 * MEBIBYTE),
    }
)

READING: Final = (10, 768 * MEBIBYTE)  # seconds of processor time, bytes of address space; ADR 0021


def fits(width: int, height: int) -> bool:
    """Whether a picture of this size is taken: by its area, long ones by a larger area, no mere stripe."""
    longer, shorter = max(width, height), min(width, height)
    if longer > MAX_SIDE or longer > MAX_RATIO * shorter:
        return False
    most = MAX_LONG_PIXELS if longer >= LONG_RATIO * shorter else MAX_PIXELS
    return 0 < width * height <= most
