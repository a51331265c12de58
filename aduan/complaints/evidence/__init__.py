"""Evidence files: what counts as evidence, where it is stored, and how a hostile file becomes a clean one.

The public module of the package; other packages import nothing below it but `storage`. It stays light on
purpose: `sandbox_worker` imports it in the sandboxed process, where no Django settings exist.
"""

from aduan.complaints.evidence.file_types import (
    HEAD,
    KINDS,
    MAX_FILES,
    MAX_SOUND,
    Kind,
    check,
    clean_name,
    recognise,
)

__all__ = ["HEAD", "KINDS", "MAX_FILES", "MAX_SOUND", "Kind", "check", "clean_name", "recognise"]
