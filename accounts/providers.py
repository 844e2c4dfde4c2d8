"""Where a credential's secret may go, and whether its provider takes it."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from accounts.errors import EgressDenied
from accounts.models import Credential
from accounts.secrets import unseal
from accounts.web.problems import Invalid
from wireloom.llm.providers import Provider, provider_named
from wireloom.net import errors as net

#: How long a provider may stay silent when a credential is tried, seconds.
TRY_TIMEOUT_S = 10.0


def host_of(credential: Credential) -> str | None:
    """The host that the secret is sent to; None where only LiteLLM knows it."""
    url = credential.base_url or provider_named(credential.provider).base_url
    return urlsplit(url).hostname if url else None


def check_base_url(url: str) -> None:
    """Raise unless the egress guard lets this server reach `url`; a name that nothing answers to is left to the guard.

    Raises EgressDenied, or Invalid for what is no URL.
    """
    if not url:
        return
    # aiohttp, which the guard resolves for, is loaded when it is needed.
    from wireloom.net.egress import EgressPolicy
    from wireloom.net.target import parse_target

    policy = EgressPolicy(settings.WIRELOOM.egress_allow)
    try:
        target = parse_target(url)
        policy.check(target.host, [str(target.address)] if target.address else _addresses(target.host))
    except net.EgressDenied as error:
        raise EgressDenied(error.message, errors=[_on_base_url("egress_denied", error.message)]) from None
    except net.NetError as error:
        raise Invalid(error.message, errors=[_on_base_url("invalid_url", error.message)]) from None


def _on_base_url(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message, "field": "base_url"}


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(address[0]) for *_, address in found]


class Trial:
    """One harmless request to a provider with a credential: the list of its models."""

    def __init__(self, credential: Credential) -> None:
        self._provider = provider_named(credential.provider)
        self._base_url = credential.base_url or self._provider.base_url
        self._secret = unseal(credential.secret)
        self.answer: dict[str, Any] = {"ok": False, "error": None}

    async def run(self) -> None:
        """Ask, and keep in `answer` what came of it."""
        from wireloom.net.client import HttpClient
        from wireloom.net.egress import EgressPolicy

        if self._base_url is None:
            self.answer["error"] = {
                "code": "untried",
                "message": f"Where {self._provider.label} is reached is not known here.",
            }
            return
        client = HttpClient(EgressPolicy(settings.WIRELOOM.egress_allow))
        try:
            url = self._provider.chat_url(self._base_url).removesuffix("/chat/completions") + "/models"
            reply = await client.request(
                "GET", url, headers=_headers(self._provider, self._secret), idle_s=TRY_TIMEOUT_S
            )
            self._judge(reply.status)
        except net.NetError as error:
            self.answer["error"] = {"code": error.code, "message": error.message}
        finally:
            await client.aclose()

    def _judge(self, status: int) -> None:
        if status < 300:
            self.answer["ok"] = True
        elif status in {401, 403}:
            self.answer["error"] = {
                "code": "provider_auth",
                "message": f"{self._provider.label} does not take this secret.",
            }
        else:
            self.answer["error"] = {
                "code": "provider_error",
                "message": f"{self._provider.label} answered {status}.",
            }


def _headers(provider: Provider, secret: str) -> dict[str, str]:
    if provider.name == "anthropic":
        return {"x-api-key": secret, "anthropic-version": "2023-06-01"}
    return {"api-key": secret} if provider.auth == "api-key" else {"Authorization": f"Bearer {secret}"}
