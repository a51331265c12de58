"""Evidence files: what counts as evidence, where it is stored, and how a hostile file becomes a clean one.

The public module of the package; other packages import nothing below it but `storage` and `limits`. It stays
light on purpose: `sandbox_worker` imports it in the sandboxed process, where no Django settings exist.
"""

from aduan.complaints.evidence.acceptance import check, sort_out
from aduan.complaints.evidence.file_types import HEAD, KINDS, Kind, clean_name, recognise
from aduan.complaints.evidence.limits import MAX_FILES

__all__ = ["HEAD", "KINDS", "MAX_FILES", "Kind", "check", "clean_name", "recognise", "sort_out"]
