"""Evidence files: what counts as evidence, where it is stored, and how a hostile file becomes a clean one.

The public module of the package; other packages import nothing below it but `acceptance`, `storage` and
`limits`. It stays light on purpose: the sandboxed process of each file imports it, and needs no Django.
"""

from aduan.complaints.evidence.file_types import HEAD, KINDS, Kind, clean_name, recognise
from aduan.complaints.evidence.limits import MAX_FILES

__all__ = ["HEAD", "KINDS", "MAX_FILES", "Kind", "clean_name", "recognise"]
