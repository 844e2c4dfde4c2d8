"""Every provider known by name: its lane, its address, the variables that configure it, its ways.

A provider that is not in the table is LiteLLM's to know: `cohere/command-a`
works with LiteLLM installed and COHERE_API_KEY set. Model names are a choice for the
picker; any other name of the provider's may be typed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from wireloom.llm.protocol import RemoteLane
from wireloom.llm.wire import Dialect


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. Lists of variables are in order of preference."""

    name: str
    label: str
    models: tuple[str, ...] = ()
    base_url: str | None = None
    lane: RemoteLane = "direct"
    key_variables: tuple[str, ...] = ()
    base_url_variables: tuple[str, ...] = ()
    #: What follows the base URL, unless the base URL ends in it already.
    api_path: str = ""
    needs_key: bool = True
    auth: Literal["bearer", "api-key"] = "bearer"
    dialect: Dialect = field(default_factory=Dialect)
    #: What LiteLLM, and its price table, call this provider.
    litellm_name: str = ""
    #: Where it tells which models it has, for those whose models are its owner's choice.
    list_path: str | None = None
    #: Whether its answers cost nothing.
    free: bool = False

    def chat_url(self, base_url: str) -> str:
        """Where chat completions are asked for, under a base URL with or without its API path."""
        base = base_url.rstrip("/")
        if self.api_path and not base.endswith(self.api_path):
            base += self.api_path
        return f"{base}/chat/completions"


_COMPLETION_TOKENS = Dialect(max_tokens="max_completion_tokens")

_TABLE = (
    Provider(
        "openai",
        "OpenAI",
        ("gpt-4o-mini", "gpt-4.1-mini", "gpt-4.1", "gpt-5.4-nano", "gpt-5.4-mini", "gpt-6-luna", "gpt-6-sol"),
        "https://api.openai.com/v1",
        key_variables=("OPENAI_API_KEY",),
        base_url_variables=("OPENAI_BASE_URL", "OPENAI_API_BASE"),
        dialect=_COMPLETION_TOKENS,
    ),
    Provider(
        "anthropic",
        "Anthropic",
        ("claude-haiku-4-5", "claude-sonnet-4-6", "claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5"),
        "https://api.anthropic.com/v1",
        lane="litellm",
        key_variables=("ANTHROPIC_API_KEY",),
        base_url_variables=("ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE"),
        api_path="/v1",
        dialect=Dialect(schema="none"),
    ),
    Provider(
        "gemini",
        "Google Gemini",
        ("gemini-3.1-flash-lite", "gemini-3.5-flash", "gemini-3.8-flash", "gemini-3.1-pro-preview"),
        "https://generativelanguage.googleapis.com/v1beta/openai",
        lane="litellm",
        key_variables=("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    ),
    Provider(
        "azure",
        "Azure OpenAI",
        (),  # an Azure model is a deployment, named by whoever made it
        key_variables=("AZURE_API_KEY", "AZURE_OPENAI_API_KEY"),
        base_url_variables=("AZURE_API_BASE", "AZURE_OPENAI_ENDPOINT"),
        api_path="/openai/v1",
        auth="api-key",
        dialect=_COMPLETION_TOKENS,
    ),
    Provider(
        "deepseek",
        "DeepSeek",
        ("deepseek-v4-flash", "deepseek-v4-pro"),
        "https://api.deepseek.com",
        key_variables=("DEEPSEEK_API_KEY",),
        base_url_variables=("DEEPSEEK_API_BASE",),
        dialect=Dialect(schema="json_object"),
    ),
    Provider(
        "mistral",
        "Mistral",
        ("mistral-small-latest", "mistral-medium-latest", "mistral-large-latest", "ministral-8b-latest"),
        "https://api.mistral.ai/v1",
        key_variables=("MISTRAL_API_KEY",),
        base_url_variables=("MISTRAL_API_BASE",),
        # Mistral counts tokens without being asked, and refuses fields that it does not know.
        dialect=Dialect(stream_options=False),
    ),
    Provider(
        "xai",
        "xAI",
        ("grok-4.3", "grok-4.6", "grok-4.7"),
        "https://api.x.ai/v1",
        key_variables=("XAI_API_KEY",),
        base_url_variables=("XAI_API_BASE",),
    ),
    Provider(
        "groq",
        "Groq",
        ("openai/gpt-oss-20b", "openai/gpt-oss-120b", "qwen/qwen3.8-27b"),
        "https://api.groq.com/openai/v1",
        key_variables=("GROQ_API_KEY",),
        base_url_variables=("GROQ_API_BASE",),
    ),
    Provider(
        "openrouter",
        "OpenRouter",
        ("openai/gpt-4o-mini", "anthropic/claude-sonnet-4.6", "deepseek/deepseek-v3.2"),
        "https://openrouter.ai/api/v1",
        key_variables=("OPENROUTER_API_KEY",),
        base_url_variables=("OPENROUTER_API_BASE",),
    ),
    Provider(
        "together",
        "Together AI",
        (
            "openai/gpt-oss-120b",
            "deepseek-ai/DeepSeek-V4.1-Flash",
            "Qwen/Qwen3.8-Flash",
            "zai-org/GLM-5.3-Flash",
        ),
        "https://api.together.xyz/v1",
        key_variables=("TOGETHER_API_KEY", "TOGETHERAI_API_KEY"),
        base_url_variables=("TOGETHER_API_BASE",),
        litellm_name="together_ai",
    ),
    Provider(
        "fireworks",
        "Fireworks AI",
        ("accounts/fireworks/models/gpt-oss-20b", "accounts/fireworks/models/deepseek-v3p2"),
        "https://api.fireworks.ai/inference/v1",
        key_variables=("FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY"),
        base_url_variables=("FIREWORKS_API_BASE",),
        litellm_name="fireworks_ai",
    ),
    Provider(
        "perplexity",
        "Perplexity",
        ("sonar", "sonar-pro", "sonar-reasoning-pro"),
        "https://api.perplexity.ai",
        key_variables=("PERPLEXITY_API_KEY", "PERPLEXITYAI_API_KEY"),
        base_url_variables=("PERPLEXITY_API_BASE",),
        # It reports usage unasked.
        dialect=Dialect(stream_options=False),
    ),
    Provider(
        "huggingface",
        "Hugging Face",
        ("openai/gpt-oss-20b", "meta-llama/Llama-3.1-8B-Instruct", "Qwen/Qwen2.5-72B-Instruct"),
        "https://router.huggingface.co/v1",
        key_variables=("HF_TOKEN", "HUGGINGFACE_API_KEY"),
        base_url_variables=("HUGGINGFACE_API_BASE",),
    ),
    Provider(
        "vllm",
        "vLLM",
        (),  # whatever the server was started with
        key_variables=("VLLM_API_KEY", "HOSTED_VLLM_API_KEY"),
        base_url_variables=("VLLM_API_BASE", "HOSTED_VLLM_API_BASE"),
        api_path="/v1",
        needs_key=False,
        litellm_name="hosted_vllm",
        list_path="/v1/models",
        free=True,
    ),
    Provider(
        "ollama",
        "Ollama",
        (),  # it is asked which ones it has
        "http://127.0.0.1:11434",
        key_variables=("OLLAMA_API_KEY",),
        base_url_variables=("OLLAMA_API_BASE", "OLLAMA_HOST"),
        api_path="/v1",
        needs_key=False,
        litellm_name="ollama_chat",
        list_path="/api/tags",
        free=True,
    ),
)

PROVIDERS: dict[str, Provider] = {provider.name: provider for provider in _TABLE}


def provider_named(name: str) -> Provider:
    """Give the provider called `name`; one that is not in the table is LiteLLM's."""
    known = PROVIDERS.get(name)
    return known or Provider(name, name, lane="litellm", key_variables=(f"{name.upper()}_API_KEY",))
