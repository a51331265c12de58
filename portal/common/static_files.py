"""Static files named by their digest, also where one script imports another."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class NamedByDigest(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """A web server keeps every static file for ever: an import of a bare name would stay the old script."""

    support_js_module_import_aggregation = True
