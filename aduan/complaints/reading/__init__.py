"""What a screenshot or a pasted message offers to the complaint form. Pure: words with places in, offers out.

Each value is an offer with the region of the picture where it was read; whether it is so, the person says.
"""

from aduan.complaints.reading.dates import day_of
from aduan.complaints.reading.offers import offers_of_picture
from aduan.complaints.reading.pasted import offers_of_text
from aduan.complaints.reading.types import MOST_NUMBERS, Offer, OfferKind, Reading, Region

__all__ = [
    "MOST_NUMBERS",
    "Offer",
    "OfferKind",
    "Reading",
    "Region",
    "day_of",
    "offers_of_picture",
    "offers_of_text",
]
