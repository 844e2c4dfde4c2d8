"""Credentials: what lets us in at a provider, and where they come from."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from wireloom.llm.providers import PROVIDERS, Provider, provider_named
from wireloom.net.errors import InvalidSetting


@dataclass(frozen=True, slots=True)
class Credential:
    """What lets us in at one provider.

    `base_url` is None for the provider's own address. `trusted` says who chose it:
    true for the operator, whose hosts are let through; false for a user, whose hosts the guard checks.
    """

    name: str
    provider: str
    secret: str = field(default="", repr=False)
    base_url: str | None = None
    trusted: bool = False


class CredentialSource(Protocol):
    """Where one workspace's credentials are kept."""

    async def find(self, provider: str, name: str | None) -> Credential | None:
        """Give the credential called `name`, or with None the default one for `provider`; None if there is none."""

    async def every(self) -> Sequence[Credential]:
        """Give all credentials, the default of each provider before its others."""


class EnvironmentCredentials:
    """The operator's credentials: provider keys and base URLs under their usual variables.

    `NAME_FILE` names a file that holds what `NAME` would. Read anew when made, and only then.

    Raises InvalidSetting if such a file cannot be read, or a base URL is none.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        found = (self._read(provider) for provider in PROVIDERS.values())
        self._credentials = {credential.provider: credential for credential in found if credential}

    async def find(self, provider: str, name: str | None) -> Credential | None:
        if name is not None:
            return None
        return self._credentials.get(provider) or self._read(provider_named(provider))

    async def every(self) -> Sequence[Credential]:
        return list(self._credentials.values())

    @property
    def providers(self) -> tuple[str, ...]:
        """The names of those that the environment lets us in at."""
        return tuple(self._credentials)

    def _read(self, provider: Provider) -> Credential | None:
        secret = self._first(provider.key_variables)
        base_url = self._base_url(provider)
        if not secret and not (base_url and not provider.needs_key):
            return None
        return Credential("environment", provider.name, secret, base_url or None, trusted=True)

    def _base_url(self, provider: Provider) -> str:
        for name in provider.base_url_variables:
            if value := read_secret(self._environ, name):
                return _checked(name, with_scheme(value) if provider.name == "ollama" else value)
        return ""

    def _first(self, variables: Sequence[str]) -> str:
        return next((value for name in variables if (value := read_secret(self._environ, name))), "")


def read_secret(environ: Mapping[str, str], name: str) -> str:
    """Give the value of `NAME`, or the text of the file that `NAME_FILE` names; "" if neither is set.

    Raises InvalidSetting if the file cannot be read.
    """
    path = environ.get(f"{name}_FILE")
    if environ.get(name) or not path:
        return environ.get(name, "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSetting(
            f"{name}_FILE names a file that cannot be read: {type(error).__name__}."
        ) from None


def _checked(name: str, address: str) -> str:
    """`address`, if it is one. The message quotes nothing of it: it may hold a password."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise InvalidSetting(f"{name} must be an address such as https://models.example.com/v1.")
    return address


def with_scheme(address: str) -> str:
    """Make a URL of what OLLAMA_HOST may hold: `host`, `host:port`, or the address that a server listens on."""
    if not address or "://" in address:
        return address
    host, _, port = address.partition(":")
    host = "127.0.0.1" if host in {"", "0.0.0.0"} else host  # noqa: S104 - a listener's address, asked by us
    return f"http://{host}:{port or '11434'}"
