"""Seals short texts that are no good to whoever reads the database alone: tokens and codes of platforms."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets

from sqlalchemy import Connection

from storage.database import secret_of

_NONCE = 12


def seal(conn: Connection, text: str, bound_to: str) -> str:
    """The text sealed under the database's secret; opens only as what it was `bound_to`."""
    return base64.b64encode(encrypt(_key(conn), text.encode(), bound_to)).decode("ascii")


def open_sealed(conn: Connection, sealed: str, bound_to: str) -> str | None:
    """The text; None for what was sealed under another secret, or as something else."""
    from cryptography.exceptions import InvalidTag

    try:
        return decrypt(_key(conn), base64.b64decode(sealed, validate=True), bound_to).decode()
    except (InvalidTag, binascii.Error, ValueError):
        return None


def encrypt(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """AES-GCM with a nonce of its own, which stands first."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # kept off the start-up path

    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def decrypt(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """What was encrypted; raises InvalidTag."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode())


def _key(conn: Connection) -> bytes:
    return hashlib.blake2b(b"linli seal", key=secret_of(conn)[:64], digest_size=32).digest()
