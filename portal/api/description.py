"""What the description of the API says beyond what its views state."""

from __future__ import annotations

from typing import Any


def require_bodies(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """No operation takes its body or leaves it: drf-spectacular says so of files without this."""
    for methods in result["paths"].values():
        for operation in methods.values():
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
    return result
