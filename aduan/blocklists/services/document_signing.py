"""Signing a document that is no list with the key of the lists, so that a receiver needs one key only."""

from __future__ import annotations

from django.conf import settings

from aduan.blocklists.services import keys


def sign_document(data: bytes) -> bytes:
    """The 64 bytes of an Ed25519 signature: see `aduan.blocklists.signing`.

    Outside production the keys are made when they are missing; in production people make them.
    """
    if not settings.PRODUCTION:
        keys.create()
    return keys.list_key().sign(data)
