"""What parsing returns, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import area_code_of
from aduan.numbers.parsing.links import PLATFORM_NAMES


@dataclass(frozen=True, slots=True)
class Parsed:
    """A number, account or caller that a complaint can be about. Equal when the same, however spelled."""

    kind: NumberKind
    # "+6281234567890", "short:3636", "service:1500888", "sender:BANKABC", "telegram:@name", "withheld"
    canonical: str
    raw: str = field(compare=False)

    @property
    def e164(self) -> str | None:
        return self.canonical if self.canonical[0] == "+" else None

    @property
    def digits(self) -> int | None:
        """The E.164 digits as an integer, as lists hold them."""
        return int(self.canonical) if self.canonical[0] == "+" else None

    @property
    def national(self) -> str | None:
        """As dialled inside Indonesia, "081234567890"; None for what is no domestic E.164 number."""
        return "0" + self.canonical[3:] if self.canonical.startswith("+62") else None

    @property
    def display(self) -> str:
        return format_number(self)


def format_number(number: Parsed | str) -> str:
    """For people: "+62 812-3456-7890". `parse` reads every such text back as the same number."""
    canonical = number if isinstance(number, str) else number.canonical
    if canonical.startswith("+62"):
        return _format_domestic(canonical[3:])
    if canonical.startswith("+"):
        return canonical
    scheme, _, rest = canonical.partition(":")
    if scheme in PLATFORM_NAMES:
        return f"{PLATFORM_NAMES[scheme]} {rest}"
    return rest or "Private number"


def _format_domestic(national: str) -> str:
    if national.startswith("8"):
        return f"+62 {national[:3]}-{national[3:7]}-{national[7:]}".rstrip("-")
    area = area_code_of(national) or national[:2]
    return f"+62 {area} {national[len(area) :]}"
