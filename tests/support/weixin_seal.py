"""The platforms' side of the envelope, written from their document and not with the library the program uses."""

from __future__ import annotations

import base64
import hashlib
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TOKEN = "tokenofthetests"


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def seal(
    text: str | bytes, owner: str, *, key: str = AES_KEY, padding: bytes | None = None, size: int | None = None
) -> str:
    """16 random bytes, the length, the text, the owner, PKCS#7 to 32 bytes; AES-256-CBC with the key's head as IV."""
    raw, body = base64.b64decode(key + "="), text.encode() if isinstance(text, str) else text
    plain = secrets.token_bytes(16) + struct.pack(">I", len(body) if size is None else size) + body + owner.encode()
    more = 32 - len(plain) % 32
    plain += bytes([more]) * more if padding is None else padding
    plain += b"\0" * (-len(plain) % 16)
    cipher = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(cipher.update(plain) + cipher.finalize()).decode()


def unseal(sealed: str, *, key: str = AES_KEY) -> tuple[str, str]:
    """The text and the owner."""
    raw = base64.b64decode(key + "=")
    cipher = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).decryptor()
    plain = cipher.update(base64.b64decode(sealed)) + cipher.finalize()
    plain = plain[: -plain[-1]]
    end = 20 + struct.unpack(">I", plain[16:20])[0]
    return plain[20:end].decode(), plain[end:].decode()


def seal_file(data: bytes, *, key: str = AES_KEY) -> bytes:
    """A file as a bot is sent it: PKCS#7 to 32 bytes, AES-256-CBC with the key's head as IV."""
    raw, more = base64.b64decode(key + "="), 32 - len(data) % 32
    cipher = Cipher(algorithms.AES(raw), modes.CBC(raw[:16])).encryptor()
    return cipher.update(data + bytes([more]) * more) + cipher.finalize()
