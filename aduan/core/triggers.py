"""The database triggers that several domain packages use.

One with a body of its own is a file: see `aduan.core.sql_files`.
"""

from __future__ import annotations

import pgtrigger


def never_deleted() -> pgtrigger.Trigger:
    """Refuse DELETE: the rows explain decisions of the past; they end, but they stay."""
    return pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


def append_only() -> pgtrigger.Trigger:
    """Refuse UPDATE and DELETE."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
