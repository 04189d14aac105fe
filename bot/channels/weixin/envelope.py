"""The sealed envelope of callbacks: signatures in constant time, AES by wechatpy; whatever it raises is a refusal."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from bot.channels.weixin.strictxml import Refused

KEY_LENGTH = 43  # characters of an EncodingAESKey


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, as the platforms sign."""
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "replace")).hexdigest()  # noqa: S324 - their protocol


def check(given: str, *parts: str) -> None:
    """Raise Refused unless the signature is right; takes the same time wherever it is wrong."""
    if not hmac.compare_digest(signature(*parts).encode(), given.encode("utf-8", "replace")):
        raise Refused("wrong signature")


def open_file(aes_key: str, data: bytes) -> bytes:
    """A file that was sent to a bot (document 100719: AES-CBC with its key, filled up to 32 bytes); raises Refused."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    key = _key_of(aes_key)
    if not data or len(data) % 16:
        raise Refused("no whole blocks")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(data) + decryptor.finalize()
    filled = plain[-1]
    if not 1 <= filled <= 32 or plain[-filled:] != bytes([filled]) * filled:
        raise Refused("filled up otherwise")
    return plain[:-filled]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Opens and seals what an account's callback says. `owner`: the app id or corp id inside; "" for a bot's."""

    token: str
    aes_key: str
    owner: str

    def __post_init__(self) -> None:
        self._key()

    def open(self, sealed: str, given: str, timestamp: str, nonce: str) -> str:
        """The text inside; raises Refused."""
        from wechatpy.crypto import PrpCrypto

        check(given, self.token, timestamp, nonce, sealed)
        try:
            raw = base64.b64decode(sealed, validate=True)
            if len(raw) < 32 or len(raw) % 16:
                raise Refused("no whole blocks")
            return str(PrpCrypto(self._key()).decrypt(sealed, self.owner))
        except Exception:  # a library that raises what it likes on what strangers send
            raise Refused("cannot be opened") from None

    def seal(self, text: str, timestamp: str, nonce: str) -> tuple[str, str]:
        """The sealed text and its signature."""
        from wechatpy.crypto import PrpCrypto

        sealed = PrpCrypto(self._key()).encrypt(text, self.owner).decode("ascii")
        return sealed, signature(self.token, timestamp, nonce, sealed)

    def _key(self) -> bytes:
        return _key_of(self.aes_key)


def _key_of(aes_key: str) -> bytes:
    try:
        key = base64.b64decode(aes_key + "=")
    except binascii.Error:
        key = b""
    if len(aes_key) != KEY_LENGTH or len(key) != 32:
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return key
