"""All the models of a process: what can be chosen, and the way to each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wireloom.engine.services import Usage
from wireloom.llm import litellm_lane, local
from wireloom.llm.breaker import Breaker, BreakerState
from wireloom.llm.credentials import Credential, CredentialSource
from wireloom.llm.direct import DirectModel
from wireloom.llm.endpoints import endpoint_for
from wireloom.llm.errors import ModelUnavailable, ProviderAuth
from wireloom.llm.lanes import LanePolicy
from wireloom.llm.litellm_lane import LiteLlmModel
from wireloom.llm.local import LocalModel
from wireloom.llm.local_server import LocalServer, LocalSettings
from wireloom.llm.picker import Choice, Picker
from wireloom.llm.prices import FREE, Price, Prices
from wireloom.llm.protocol import ChatModel, RemoteLane
from wireloom.llm.providers import Provider, provider_named
from wireloom.net.client import HttpClient
from wireloom.net.egress import EgressPolicy

_WORST: tuple[BreakerState, ...] = ("closed", "half_open", "open")
#: Routes kept ready: one for each model and credential in use.
_MOST_ROUTES = 512


@dataclass(frozen=True, slots=True)
class Route:
    """A model by its id, the way to it, its price, None if that is not known, and what watches over it."""

    id: str
    model: ChatModel
    price: Price | None
    breaker: Breaker

    def priced(self, usage: Usage) -> Usage:
        """Give `usage` with what it costs."""
        return Usage(
            usage.input_tokens,
            usage.output_tokens,
            usage.cached_tokens,
            usage.reasoning_tokens,
            None if self.price is None else self.price.cost(usage),
        )


class Models:
    """One pool of connections, one local model and one price table, for all workspaces of a process.

    `lane` forces the lane of every provider but the local model. Belongs to one event loop; close it there.
    """

    def __init__(
        self,
        *,
        policy: EgressPolicy | None = None,
        lane: RemoteLane | None = None,
        local_model: bool = True,
        prices: Prices | None = None,
    ) -> None:
        self.client = HttpClient(policy)
        self.prices = prices or Prices()
        self._lanes = LanePolicy(lane)
        weights = local.find_weights() if local_model else None
        self._local_server = LocalServer(LocalSettings(weights)) if weights else None
        self._why_not_local = "is not installed" if local_model else "is switched off"
        self._picker = Picker(self.client, self.prices, self._lanes, with_local=weights is not None)
        self._routes: dict[tuple[str, Credential], Route] = {}
        self._breakers: dict[tuple[str, Credential | None], Breaker] = {}

    async def available(self, credentials: CredentialSource) -> list[Choice]:
        """Give what can be chosen, the default first (see Picker)."""
        return await self._picker.available(credentials)

    async def default(self, credentials: CredentialSource) -> str:
        """Give the id of the model to use where none was chosen: the picker's first.

        Raises ModelUnavailable if there is no model at all.
        """
        choices = await self.available(credentials)
        if not choices:
            raise ModelUnavailable(
                "There is no model: no provider has a key, no Ollama answers, and the local model "
                f"{self._why_not_local}.",
                provider="",
            )
        return choices[0].id

    async def route(self, model: str, credentials: CredentialSource, credential: str | None = None) -> Route:
        """Find the way to `model` (`provider/name`) with the credential so named, or its provider's default.

        Raises ModelUnavailable for a model that cannot be asked here, ProviderAuth where a
        credential is missing, EgressDenied for a user's base URL on the LiteLLM lane.
        """
        provider_name, _, name = model.partition("/")
        if not provider_name or not name:
            raise ModelUnavailable(f"{model!r} names no model: write provider/name.", provider=provider_name)
        if provider_name == local.PROVIDER:
            return Route(model, self._local(model), FREE, self._breaker(model, None))
        provider = provider_named(provider_name)
        found = _checked(await credentials.find(provider_name, credential), provider, credential)
        return self._routes.get((model, found)) or await self._open(model, provider, found, name)

    def breaker_states(self, credentials: Iterable[Credential]) -> dict[str, BreakerState]:
        """The state of each model that was asked with one of these credentials, by its id; of several the worst."""
        own = set(credentials)
        states: dict[str, BreakerState] = {}
        for (model, credential), breaker in self._breakers.items():
            if credential is None or credential in own:
                states[model] = max(states.get(model, "closed"), breaker.state, key=_WORST.index)
        return states

    async def aclose(self) -> None:
        """Close all connections, and end the local model."""
        await self.client.aclose()
        await litellm_lane.aclose()
        if self._local_server is not None:
            await self._local_server.aclose()

    async def _open(self, model: str, provider: Provider, credential: Credential, name: str) -> Route:
        await self.prices.prepare()
        breaker = self._breaker(model, credential)
        route = Route(model, self._build(provider, credential, name), self.prices.price(model), breaker)
        if len(self._routes) >= _MOST_ROUTES:
            self._routes.pop(next(iter(self._routes)))
        self._routes[model, credential] = route
        return route

    def _breaker(self, model: str, credential: Credential | None) -> Breaker:
        found = self._breakers.get((model, credential))
        if found is None:
            if len(self._breakers) >= _MOST_ROUTES:
                self._breakers.pop(next(iter(self._breakers)))
            found = self._breakers[model, credential] = Breaker(model)
        return found

    def _build(self, provider: Provider, credential: Credential, name: str) -> ChatModel:
        match self._lanes.of(provider):
            case "direct":
                return DirectModel(self.client, endpoint_for(provider, credential), name)
            case "litellm":
                return LiteLlmModel(provider, credential, name)
            case None:
                raise ModelUnavailable(
                    f"{provider.label} is asked through LiteLLM, which is not installed "
                    "(pip install 'wireloom[litellm]').",
                    provider=provider.name,
                )

    def _local(self, model: str) -> ChatModel:
        if model != local.MODEL_ID:
            raise ModelUnavailable(
                f"There is no {model!r}, only {local.MODEL_ID!r}.", provider=local.PROVIDER
            )
        if self._local_server is None:
            raise ModelUnavailable(f"The local model {self._why_not_local}.", provider=local.PROVIDER)
        return LocalModel(self.client, self._local_server)


def _checked(found: Credential | None, provider: Provider, name: str | None) -> Credential:
    """Give the credential to ask `provider` with. Raises ProviderAuth if the one that was found is not for it."""
    if found is not None and found.provider == provider.name:
        return found
    if found is not None:
        problem = f"Credential {found.name!r} is for {found.provider}, not {provider.name}."
    elif name is not None:
        problem = f"There is no credential named {name!r}."
    elif provider.needs_key:
        ways = " or ".join(
            ("add a credential", *(f"set {variable}" for variable in provider.key_variables[:1]))
        )
        problem = f"There is no key for {provider.label}: {ways}."
    else:
        return Credential("machine", provider.name, trusted=True)
    raise ProviderAuth(problem, provider=provider.name)
