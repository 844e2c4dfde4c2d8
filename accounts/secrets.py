"""Encryption of credentials, under a key drawn from the server's secret key."""

from __future__ import annotations

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class WrongKey(Exception):
    """A secret was encrypted under another key than this server's."""


def seal(secret: str) -> bytes:
    """`secret`, encrypted."""
    return _cipher(settings.SECRET_KEY).encrypt(secret.encode("utf-8"))


def unseal(sealed: bytes | memoryview[int]) -> str:
    """The secret. Raises WrongKey."""
    try:
        return _cipher(settings.SECRET_KEY).decrypt(bytes(sealed)).decode("utf-8")
    except InvalidToken:
        raise WrongKey("The credentials in the database were encrypted under another secret key.") from None


@cache
def _cipher(secret_key: str) -> Fernet:
    # The secret key signs sessions as well; HKDF (RFC 5869) makes a key for this use alone.
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"wireloom credentials").derive(
        secret_key.encode("utf-8")
    )
    return Fernet(base64.urlsafe_b64encode(derived))
