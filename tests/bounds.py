"""What a number of trials without a failure proves, said aloud at the end of `make test-long`.

The rule of three: 0 failures in N trials bound the rate of failure below 3/N, with 95 % confidence.
"""

from __future__ import annotations

_said: list[str] = []


def proved(trials: int, what: str) -> None:
    """Call it last in a test, when none of the trials has failed."""
    _said.append(f"N = {trials:,} {what}: 0 failures, so fewer than {3 / trials:.1e} of them fail (95 %)")


def said() -> list[str]:
    """What was said since the last call."""
    lines = list(_said)
    _said.clear()
    return lines
