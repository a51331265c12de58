"""Strangers who send requests: each has a network and a device of its own, so no limit counts two as one."""

from __future__ import annotations

import random


def headers_of(draw: random.Random, *, cookie: str = "") -> dict[str, str]:
    """What the browser of a new stranger sends with a form; `cookie` is another one of it, with its name."""
    device = f"device={''.join(draw.choices('abcdefghijkmnopqrstuvwxyz', k=22))}"
    return {
        "Accept": "text/html",
        "Accept-Language": "id",
        "X-Real-IP": f"{draw.randrange(11, 200)}.{draw.randrange(256)}.{draw.randrange(256)}.7",
        "Cookie": f"{cookie}; {device}" if cookie else device,
        "Content-Type": "application/x-www-form-urlencoded",
    }


def post(address: str, body: str, headers: dict[str, str]) -> str:
    """The request as it goes over the line."""
    all_headers = {"Host": "127.0.0.1", **headers, "Content-Length": str(len(body))}
    lines = [f"POST {address} HTTP/1.1", *(f"{name}: {value}" for name, value in all_headers.items())]
    return "\r\n".join([*lines, "", body])
