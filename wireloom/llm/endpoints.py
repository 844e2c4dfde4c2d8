"""Where a provider is asked with a given credential, and which models it says it has there."""

from __future__ import annotations

from wireloom.engine.services import Json
from wireloom.llm.credentials import Credential
from wireloom.llm.direct import Endpoint
from wireloom.llm.errors import ModelUnavailable
from wireloom.llm.providers import Provider
from wireloom.llm.wire import decode
from wireloom.net.client import HttpClient
from wireloom.net.egress import Trust
from wireloom.net.errors import NetError

_LISTING_S = 1.0
_LARGEST_LISTING = 1024 * 1024


def endpoint_for(provider: Provider, credential: Credential) -> Endpoint:
    """Give the chat endpoint of `provider`.

    Raises ModelUnavailable if nobody said where it is.
    """
    url = provider.chat_url(base_url_of(provider, credential))
    return Endpoint(
        provider.name,
        url,
        _headers(provider, credential),
        credential.secret,
        trust_in(credential),
        provider.dialect,
    )


def base_url_of(provider: Provider, credential: Credential) -> str:
    base_url = credential.base_url or provider.base_url
    if base_url is None:
        how = " or ".join(("a credential with a base_url", *provider.base_url_variables[:1]))
        raise ModelUnavailable(
            f"{provider.label} has no address of its own: set {how}.", provider=provider.name
        )
    return base_url


def trust_in(credential: Credential) -> Trust:
    """An address of the operator's or of our own table is let through; one that a user chose is checked."""
    return "trusted" if credential.trusted or credential.base_url is None else "guarded"


async def listed_models(client: HttpClient, provider: Provider, credential: Credential) -> tuple[str, ...]:
    """Ask `provider` which models it has, for a second at most. Nothing if it does not answer."""
    if provider.list_path is None:
        return ()
    base_url = base_url_of(provider, credential).rstrip("/").removesuffix(provider.api_path)
    try:
        answer = await client.request(
            "GET",
            f"{base_url}{provider.list_path}",
            headers=_headers(provider, credential),
            trust=trust_in(credential),
            idle_s=_LISTING_S,
            max_bytes=_LARGEST_LISTING,
        )
        return _names(decode(answer.body)) if answer.status == 200 else ()
    except (NetError, ValueError):
        return ()


def _headers(provider: Provider, credential: Credential) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if credential.secret and provider.auth == "bearer":
        headers["Authorization"] = f"Bearer {credential.secret}"
    elif credential.secret:
        headers[provider.auth] = credential.secret
    return headers


def _names(listing: Json) -> tuple[str, ...]:
    """The names in a listing of Ollama's (`models`, `name`) or of OpenAI's shape (`data`, `id`)."""
    match listing:
        case {"models": [*rows]}:
            names = [row.get("name") for row in rows if isinstance(row, dict)]
        case {"data": [*rows]}:
            names = [row.get("id") for row in rows if isinstance(row, dict)]
        case _:
            return ()
    # Embedders are listed among the others, and cannot chat.
    return tuple(name for name in names if isinstance(name, str) and name and "embed" not in name)
