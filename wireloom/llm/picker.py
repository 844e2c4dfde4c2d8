"""Which models can be chosen here, best first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from wireloom.engine.services import Json
from wireloom.llm import local
from wireloom.llm.credentials import Credential, CredentialSource
from wireloom.llm.endpoints import listed_models
from wireloom.llm.lanes import LanePolicy
from wireloom.llm.prices import FREE, Price, Prices
from wireloom.llm.protocol import Lane
from wireloom.llm.providers import Provider, provider_named
from wireloom.net.client import HttpClient

#: How long a provider's own listing is believed, in seconds.
_FRESH_S = 10.0


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of the model picker."""

    id: str
    provider: str
    label: str
    lane: Lane
    #: Whether it answers on this machine.
    local: bool
    #: The credential that it would be asked with, or `machine`.
    source: str
    price: Price | None
    note: str | None = None

    def as_json(self) -> dict[str, Json]:
        """Give the entry as `GET /models/` shows it; prices are US dollars per million tokens."""
        price = self.price
        return {
            "id": self.id,
            "provider": self.provider,
            "label": self.label,
            "lane": self.lane,
            "local": self.local,
            "source": self.source,
            "price": None
            if price is None
            else {
                "input_usd_per_million": round(price.input * 1e6, 6),
                "output_usd_per_million": round(price.output * 1e6, 6),
            },
            "note": self.note,
        }


LOCAL = Choice(local.MODEL_ID, local.PROVIDER, local.LABEL, "local", True, "machine", FREE, local.NOTE)


class Picker:
    """Knows what can be chosen with given credentials."""

    def __init__(self, client: HttpClient, prices: Prices, lanes: LanePolicy, *, with_local: bool) -> None:
        self._client = client
        self._prices = prices
        self._lanes = lanes
        self._with_local = with_local
        self._listings: dict[Credential, tuple[float, tuple[str, ...]]] = {}

    async def available(self, credentials: CredentialSource) -> list[Choice]:
        """Give an Ollama's models, then those of each provider with a key, then the local model.

        Providers that list their own models are asked, for a second at most.
        """
        await self._prices.prepare()
        usable = await self._usable(credentials)
        named = await asyncio.gather(*(self._names(provider, credential) for provider, credential in usable))
        choices = [
            self._choice(provider, credential, name)
            for (provider, credential), names in zip(usable, named, strict=True)
            for name in names
        ]
        return [*choices, LOCAL] if self._with_local else choices

    async def _usable(self, credentials: CredentialSource) -> list[tuple[Provider, Credential]]:
        """Each provider that can be asked, with its default credential; Ollama first, which needs none."""
        machine = Credential("machine", "ollama", trusted=True)
        defaults = {"ollama": machine}
        for credential in await credentials.every():
            if defaults.get(credential.provider, machine) is machine:
                defaults[credential.provider] = credential
        usable = ((provider_named(name), credential) for name, credential in defaults.items())
        return [(provider, credential) for provider, credential in usable if self._lanes.of(provider)]

    async def _names(self, provider: Provider, credential: Credential) -> Sequence[str]:
        if provider.list_path is None:
            return provider.models
        asked_at, names = self._listings.get(credential, (float("-inf"), ()))
        if time.monotonic() - asked_at > _FRESH_S:
            names = await listed_models(self._client, provider, credential)
            self._listings[credential] = (time.monotonic(), names)
        return names

    def _choice(self, provider: Provider, credential: Credential, name: str) -> Choice:
        model = f"{provider.name}/{name}"
        return Choice(
            id=model,
            provider=provider.name,
            label=f"{name} ({provider.label})",
            lane=self._lanes.of(provider) or "direct",
            local=provider.name == "ollama",
            source=credential.name,
            price=self._prices.price(model),
        )
