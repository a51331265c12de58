"""Whole numbers as people of the active language write them."""

from __future__ import annotations

from django.utils.formats import number_format


def grouped(value: int) -> str:
    """`1250000` → `1.250.000` in Indonesian."""
    return number_format(value, force_grouping=True)


def in_rupiah(value: int) -> str:
    """With its currency, on one line."""
    return f"Rp\u00a0{grouped(value)}"
