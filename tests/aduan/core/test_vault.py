"""Sealed values open in their place, under a known key, and nowhere else."""

from __future__ import annotations

import base64
import os

import pytest
from django.core.exceptions import ImproperlyConfigured

from aduan.core import vault

HERE = vault.aad_for("complaints_complaint", "email_encrypted", "23467ACDEF")
ELSEWHERE = vault.aad_for("complaints_complaint", "phone_encrypted", "23467ACDEF")


def a_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def test_a_value_opens_where_it_was_sealed():
    assert vault.decrypt(vault.encrypt("sari@example.id", aad=HERE), aad=HERE) == "sari@example.id"


def test_the_same_text_never_looks_the_same_twice():
    assert vault.encrypt("sari@example.id", aad=HERE) != vault.encrypt("sari@example.id", aad=HERE)


@pytest.mark.parametrize(
    "moved_to", [ELSEWHERE, vault.aad_for("complaints_complaint", "email_encrypted", "other")]
)
def test_a_value_moved_to_another_column_or_row_does_not_open(moved_to):
    key, wrapped = vault.new_subject_key(aad=HERE)
    with pytest.raises(vault.Tampered):
        key.decrypt(key.encrypt("secret", aad=HERE), aad=moved_to)
    with pytest.raises(vault.Tampered):
        vault.unwrap(wrapped, aad=moved_to)


def test_every_single_flipped_bit_is_noticed():
    sealed = vault.encrypt("ok", aad=HERE)
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(vault.VaultError):
            vault.decrypt(bytes(changed), aad=HERE)


@pytest.mark.parametrize("cut", range(0, 30, 7))
def test_a_cut_value_is_an_error_and_not_a_crash(cut):
    with pytest.raises(vault.VaultError):
        vault.decrypt(vault.encrypt("ok", aad=HERE)[:cut], aad=HERE)


def test_a_new_key_opens_old_values_and_seals_new_ones(settings):
    old = vault.encrypt("kept", aad=HERE)
    settings.VAULT_KEYS = [f"2:{a_key()}", *settings.VAULT_KEYS]
    assert vault.decrypt(old, aad=HERE) == "kept"
    assert not vault.is_current(old)
    renewed = vault.reencrypt(old, aad=HERE)
    assert vault.is_current(renewed)
    assert vault.reencrypt(renewed, aad=HERE) == renewed
    settings.VAULT_KEYS = settings.VAULT_KEYS[:1]
    assert vault.decrypt(renewed, aad=HERE) == "kept"
    with pytest.raises(vault.KeyUnknown):
        vault.decrypt(old, aad=HERE)


def test_rotating_the_master_key_needs_only_the_wrapped_key(settings):
    key, wrapped = vault.new_subject_key(aad=HERE)
    sealed = key.encrypt("secret", aad=ELSEWHERE)
    settings.VAULT_KEYS = [a_key(), *settings.VAULT_KEYS]
    again = vault.unwrap(vault.reencrypt(wrapped, aad=HERE), aad=HERE)
    assert again.decrypt(sealed, aad=ELSEWHERE) == "secret"


@pytest.mark.parametrize("pieces", [[], [b"one"], [b"a" * 65_536, b"b" * 65_536, b"rest"]])
def test_what_is_encrypted_in_pieces_opens_as_one(pieces):
    sealed = b"".join(vault.encrypt_pieces(iter(pieces), aad=HERE))
    assert vault.decrypt_bytes(sealed, aad=HERE) == b"".join(pieces)
    with pytest.raises(vault.Tampered):
        vault.decrypt_bytes(sealed, aad=ELSEWHERE)


def test_without_its_key_a_subject_is_erased():
    with pytest.raises(vault.Shredded):
        vault.unwrap(None, aad=HERE)


def test_a_key_never_shows_itself_in_a_log():
    key, _wrapped = vault.new_subject_key(aad=HERE)
    assert key.raw.hex() not in repr(key)
    assert str(key.raw) not in repr(key)


def test_equal_values_have_equal_indexes_and_kinds_are_kept_apart(settings):
    index = vault.blind_index("email", "sari@example.id")
    assert index == vault.blind_index("email", "sari@example.id")
    assert index != vault.blind_index("device", "sari@example.id")
    settings.BLIND_INDEX_KEY = a_key()
    assert index != vault.blind_index("email", "sari@example.id")


@pytest.mark.parametrize(
    ("keys", "word"), [([], "empty"), (["not base64!"], "base64"), ([base64.b64encode(b"x").decode()], "32")]
)
def test_unusable_keys_are_named(settings, keys, word):
    settings.VAULT_KEYS = keys
    with pytest.raises(ImproperlyConfigured, match=word):
        vault.encrypt("x", aad=HERE)
