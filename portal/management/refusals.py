"""What the domain refuses, as the end of a command: commands speak English."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.utils import translation

from aduan.core.errors import DomainError


@contextmanager
def english_refusals(*, returncode: int = 1) -> Iterator[None]:
    """A DomainError inside becomes a CommandError with its message in English."""
    with translation.override("en"):
        try:
            yield
        except DomainError as refusal:
            raise CommandError(str(refusal.message), returncode=returncode) from refusal
