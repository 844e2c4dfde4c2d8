"""Which model a script's agents ask, and the key that lets them in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from wireloom.errors import WireloomError

if TYPE_CHECKING:
    from wireloom.llm.credentials import Credential
    from wireloom.llm.protocol import RemoteLane


class InvalidConfig(WireloomError, ValueError):
    """A model's name or key that cannot be."""

    code = "invalid_config"


@dataclass(frozen=True, slots=True)
class LlmConfig:
    """A model, by provider and name. The key is never shown.

    `lane` forces how it is asked: `direct`, or over LiteLLM.
    """

    provider: str
    model: str
    api_key: str = field(default="", repr=False)
    base_url: str | None = None
    lane: RemoteLane | None = None

    def __post_init__(self) -> None:
        if not self.model.strip():
            raise InvalidConfig("A model needs a name.")

    @property
    def model_id(self) -> str:
        """`provider/name`, as documents name it."""
        return f"{self.provider}/{self.model}"

    @classmethod
    def openai(cls, api_key: str, model: str = "gpt-4o-mini", *, base_url: str | None = None) -> Self:
        return cls("openai", model, _needed(api_key, "OpenAI"), base_url)

    @classmethod
    def anthropic(cls, api_key: str, model: str = "claude-sonnet-4-6") -> Self:
        return cls("anthropic", model, _needed(api_key, "Anthropic"))

    @classmethod
    def azure(cls, api_key: str, deployment: str, endpoint: str) -> Self:
        return cls("azure", deployment, _needed(api_key, "Azure"), endpoint)

    @classmethod
    def ollama(cls, model: str, *, base_url: str | None = None) -> Self:
        return cls("ollama", model, base_url=base_url or "http://127.0.0.1:11434")

    @classmethod
    def huggingface(cls, api_key: str, model: str) -> Self:
        return cls("huggingface", model, _needed(api_key, "Hugging Face"))

    @classmethod
    def gemini(cls, api_key: str, model: str = "gemini-3.5-flash") -> Self:
        return cls("gemini", model, _needed(api_key, "Gemini"))

    @classmethod
    def mistral(cls, api_key: str, model: str = "mistral-small-latest") -> Self:
        return cls("mistral", model, _needed(api_key, "Mistral"))

    @classmethod
    def deepseek(cls, api_key: str, model: str) -> Self:
        return cls("deepseek", model, _needed(api_key, "DeepSeek"))

    @classmethod
    def xai(cls, api_key: str, model: str) -> Self:
        return cls("xai", model, _needed(api_key, "xAI"))

    @classmethod
    def groq(cls, api_key: str, model: str) -> Self:
        return cls("groq", model, _needed(api_key, "Groq"))

    @classmethod
    def openrouter(cls, api_key: str, model: str) -> Self:
        return cls("openrouter", model, _needed(api_key, "OpenRouter"))

    @classmethod
    def together(cls, api_key: str, model: str) -> Self:
        return cls("together", model, _needed(api_key, "Together"))

    @classmethod
    def fireworks(cls, api_key: str, model: str) -> Self:
        return cls("fireworks", model, _needed(api_key, "Fireworks"))

    @classmethod
    def perplexity(cls, api_key: str, model: str) -> Self:
        return cls("perplexity", model, _needed(api_key, "Perplexity"))

    @classmethod
    def litellm(cls, model: str, api_key: str) -> Self:
        """Any provider that LiteLLM knows, by its name for the model: `cohere/command-a`. Raises InvalidConfig."""
        provider, _, name = model.partition("/")
        if not name:
            raise InvalidConfig(f"{model!r} must name a provider and a model, as in 'cohere/command-a'.")
        return cls(provider, name, _needed(api_key, provider), lane="litellm")

    @classmethod
    def custom(
        cls, model: str, base_url: str, api_key: str | None = None, lane: RemoteLane = "direct"
    ) -> Self:
        """An endpoint that speaks OpenAI's chat completions."""
        return cls("openai", model, api_key or "none", base_url, lane)

    @classmethod
    def local(cls) -> Self:
        """The small model that comes with Wireloom: no key, no network."""
        from wireloom.llm.local import MODEL_ID

        provider, _, name = MODEL_ID.partition("/")
        return cls(provider, name)

    @property
    def credential(self) -> Credential:
        """What lets us in. Without a base URL of its own, the one that the environment names for the provider holds."""
        from wireloom.llm.credentials import Credential
        from wireloom.llm.providers import provider_named

        variables = provider_named(self.provider).base_url_variables
        named = next((os.environ[name] for name in variables if os.environ.get(name)), None)
        return Credential("script", self.provider, self.api_key, self.base_url or named, trusted=True)


def _needed(api_key: str, provider: str) -> str:
    if not api_key or not api_key.strip():
        raise InvalidConfig(f"{provider} needs a key.")
    return api_key.strip()


class ScriptCredentials:
    """The key of one config before those that the environment names."""

    def __init__(self, config: LlmConfig) -> None:
        from wireloom.llm.credentials import EnvironmentCredentials

        self._own = config.credential
        self._others = EnvironmentCredentials()

    async def find(self, provider: str, name: str | None) -> Credential | None:
        if name == self._own.name or (name is None and provider == self._own.provider):
            return self._own
        return await self._others.find(provider, name)

    async def every(self) -> Sequence[Credential]:
        return [self._own, *await self._others.every()]
