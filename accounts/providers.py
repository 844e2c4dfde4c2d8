"""Where a credential's secret may go, and whether its provider takes it."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from accounts.errors import EgressDenied
from accounts.model_access import models
from accounts.models import Credential
from accounts.secrets import unseal
from accounts.web.problems import Invalid
from wireloom.llm import credentials as library
from wireloom.llm.errors import ModelUnavailable
from wireloom.llm.providers import provider_named
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
        self._credential = library.Credential(
            credential.name, credential.provider, unseal(credential.secret), credential.base_url or None
        )
        self.answer: dict[str, Any] = {"ok": False, "error": None}

    async def run(self) -> None:
        """Ask, and keep in `answer` what came of it."""
        # aiohttp comes with it, and is loaded when it is needed.
        from wireloom.llm.endpoints import endpoint_for

        try:
            endpoint = endpoint_for(self._provider, self._credential)
            reply = await models().client.request(
                "GET",
                endpoint.url.removesuffix("/chat/completions") + "/models",
                headers={**endpoint.headers, **self._own_headers()},
                trust=endpoint.trust,
                idle_s=TRY_TIMEOUT_S,
            )
        except (ModelUnavailable, net.NetError) as error:
            self._failed(error.code, error.message)
        else:
            self._judge(reply.status)

    def _own_headers(self) -> dict[str, str]:
        # Anthropic's list of models takes no bearer token, unlike its chat.
        if self._provider.name != "anthropic":
            return {}
        return {"x-api-key": self._credential.secret, "anthropic-version": "2023-06-01"}

    def _judge(self, status: int) -> None:
        label = self._provider.label
        if status < 300:
            self.answer["ok"] = True
        elif status in {401, 403}:
            self._failed("provider_auth", f"{label} does not take this secret.")
        else:
            self._failed("provider_error", f"{label} answered {status}.")

    def _failed(self, code: str, message: str) -> None:
        self.answer["error"] = {"code": code, "message": message}
