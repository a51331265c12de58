"""What is used of the TUF library. Imported from here, it leaves Amazon's library alone.

`securesystemslib` imports boto3 where it is installed, for keys that Amazon keeps; ours lie in files. boto3
takes 9 MB of memory in every process, and only a store of evidence in a bucket needs it.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _as_if_not_installed(package: str) -> Iterator[None]:
    """Inside, importing the package fails, unless it is here already. Only while a process starts."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # Python's own way to refuse an import
    try:
        yield
    finally:
        del sys.modules[package]


with _as_if_not_installed("boto3"):
    from securesystemslib.signer import CryptoSigner, SSlibKey
    from tuf.api.metadata import (
        DelegatedRole,
        Delegations,
        Metadata,
        MetaFile,
        Role,
        Root,
        Snapshot,
        TargetFile,
        Targets,
        Timestamp,
    )
    from tuf.api.serialization import DeserializationError
    from tuf.api.serialization.json import JSONSerializer

__all__ = [
    "CryptoSigner",
    "DelegatedRole",
    "Delegations",
    "DeserializationError",
    "JSONSerializer",
    "MetaFile",
    "Metadata",
    "Role",
    "Root",
    "SSlibKey",
    "Snapshot",
    "TargetFile",
    "Targets",
    "Timestamp",
]
