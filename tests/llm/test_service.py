"""What a step gets from `llm`, and what its journal keeps."""

import pytest

from tests.llm.calls import Recorder
from tests.stubs.provider import Script, StubProvider
from wireloom.engine.services import CallResult, ChatReply, ChatRequest, Message, ToolCall, ToolSpec, Usage
from wireloom.llm.credentials import Credential, EnvironmentCredentials
from wireloom.llm.errors import ContentFiltered, ProviderAuth, ProviderRateLimit
from wireloom.llm.models import Models
from wireloom.llm.protocol import Completion
from wireloom.llm.records import answered
from wireloom.llm.service import ModelService

SECRET = "sk-test-secret-0123456789"
ASK = ChatRequest("openai/gpt-4o-mini", (Message("user", "When is high tide?"),))
PRICE = 12 * 0.15e-6 + 7 * 0.6e-6


@pytest.fixture
async def stub():
    async with StubProvider() as provider:
        yield provider


@pytest.fixture
async def models():
    models = Models(local_model=False)
    yield models
    await models.aclose()


def operator(stub, **variables):
    return EnvironmentCredentials({"OPENAI_API_KEY": SECRET, "OPENAI_BASE_URL": f"{stub.url}/v1"} | variables)


async def test_a_reply_is_whole_and_priced(stub, models):
    service = ModelService(models, operator(stub), Recorder(watched=False))
    stub.scripts.append(Script("At noon."))

    assert await service.complete(ASK) == ChatReply(
        text="At noon.",
        model="openai/gpt-4o-mini",
        lane="direct",
        usage=Usage(input_tokens=12, output_tokens=7, cost_usd=pytest.approx(PRICE)),
    )


async def test_text_is_shown_as_it_arrives_and_the_first_piece_is_timed(stub, models):
    recorder = Recorder()
    times = iter([10.0, 10.25])
    service = ModelService(models, operator(stub), recorder, monotonic=lambda: next(times))
    stub.scripts.append(Script("High tide is at noon."))
    reply = await service.complete(ASK)

    assert recorder.calls[0].deltas == ["High ", "tide ", "is ", "at ", "noon."]
    assert (reply.text, reply.first_token_ms) == ("High tide is at noon.", 250.0)


async def test_an_answer_that_nobody_watches_is_asked_for_whole(stub, models):
    recorder = Recorder(watched=False)
    reply = await ModelService(models, operator(stub), recorder).complete(ASK)

    assert (reply.first_token_ms, recorder.calls[0].deltas, "stream" in stub.calls[0]["body"]) == (
        None,
        [],
        False,
    )


async def test_the_journal_keeps_all_that_was_asked_and_all_that_came_and_no_secret(stub, models):
    recorder = Recorder(watched=False)
    call = {"id": "c1", "name": "weather", "arguments": "{}"}
    stub.scripts.append(Script("Let me see.", tool_calls=(call,), finish="tool_calls"))
    request = ChatRequest(
        "openai/gpt-4o-mini",
        (
            Message("system", "Be brief."),
            Message("assistant", "", (ToolCall("c0", "weather", "{}"),)),
            Message("tool", "Rain", tool_call_id="c0"),
        ),
        temperature=0.3,
        max_tokens=50,
        tools=(ToolSpec("weather", "Weather", {"type": "object"}),),
        output_schema={"type": "object"},
    )
    await ModelService(models, operator(stub), recorder).complete(request)

    usage = Usage(12, 7, 0, 0, pytest.approx(PRICE))
    assert recorder.records == [
        (
            "llm",
            "openai/gpt-4o-mini",
            {
                "model": "openai/gpt-4o-mini",
                "messages": [
                    {"role": "system", "content": "Be brief."},
                    {
                        "role": "assistant",
                        "content": "",
                        "tool_calls": [{"id": "c0", "name": "weather", "arguments": "{}"}],
                    },
                    {"role": "tool", "content": "Rain", "tool_call_id": "c0"},
                ],
                "temperature": 0.3,
                "max_tokens": 50,
                "tools": [{"name": "weather", "description": "Weather", "parameters": {"type": "object"}}],
                "output_schema": {"type": "object"},
            },
            CallResult(
                {
                    "text": "Let me see.",
                    "tool_calls": [call],
                    "finish": "tool_calls",
                    "model": "openai/gpt-4o-mini",
                    "lane": "direct",
                    "usage": {
                        "input_tokens": 12,
                        "output_tokens": 7,
                        "cached_tokens": 0,
                        "reasoning_tokens": 0,
                        "cost_usd": pytest.approx(PRICE),
                    },
                    "first_token_ms": None,
                },
                usage,
            ),
        )
    ]
    assert SECRET not in repr(recorder.records)


async def test_a_recorded_answer_is_given_back_without_asking(stub, models):
    calls, usage = (ToolCall("a", "b", "{"),), Usage(1, 2, 3, 4, None)
    record = answered(
        Completion("At noon.", "length", calls), usage, model="m/n", lane="local", first_token_ms=7.5
    )
    service = ModelService(models, operator(stub), Recorder(held=[CallResult(record, usage)]))

    assert await service.complete(ASK) == ChatReply(
        "At noon.", "m/n", "local", "length", calls, usage, first_token_ms=7.5
    )
    assert stub.calls == []


async def test_the_idempotency_key_of_the_call_is_sent(stub, models):
    service = ModelService(models, operator(stub), Recorder())
    await service.complete(ASK)
    await service.complete(ASK)

    assert [call["headers"]["idempotency-key"] for call in stub.calls] == ["run:step:1", "run:step:2"]


async def test_a_request_without_a_model_is_answered_by_the_default_and_recorded_as_asked(stub, models):
    recorder = Recorder(watched=False)
    service = ModelService(models, operator(stub), recorder, default_model="openai/gpt-4.1")
    reply = await service.complete(ChatRequest("", ASK.messages))

    assert (reply.model, stub.calls[0]["body"]["model"]) == ("openai/gpt-4.1", "gpt-4.1")
    assert (recorder.records[0][1], recorder.records[0][2]["model"]) == ("openai/gpt-4.1", None)


async def test_without_any_default_the_first_model_of_the_picker_answers(stub, models):
    stub.ollama.append("llama3.2:3b")
    credentials = operator(stub, OLLAMA_API_BASE=stub.url)
    reply = await ModelService(models, credentials, Recorder()).complete(ChatRequest("", ASK.messages))

    assert (reply.model, reply.usage.cost_usd, stub.calls[0]["path"]) == (
        "ollama/llama3.2:3b",
        0.0,
        "/v1/chat/completions",
    )


async def test_an_answer_cut_by_a_filter_is_recorded_and_then_an_error(stub, models):
    recorder = Recorder()
    stub.scripts.append(Script("The", finish="content_filter"))
    with pytest.raises(ContentFiltered):
        await ModelService(models, operator(stub), recorder).complete(ASK)

    assert recorder.records[0][3].usage == Usage(12, 7, cost_usd=pytest.approx(PRICE))


async def test_a_price_that_nobody_published_is_none(stub, models):
    request = ChatRequest("openai/gpt-of-my-own", ASK.messages)
    reply = await ModelService(models, operator(stub), Recorder()).complete(request)

    assert reply.usage == Usage(12, 7, cost_usd=None)


async def test_an_error_of_the_provider_s_reaches_the_step_and_holds_no_secret(stub, models):
    stub.scripts.append(Script(f"slow down, {SECRET}", status=429, headers={"Retry-After": "3"}))
    with pytest.raises(ProviderRateLimit) as limited:
        await ModelService(models, operator(stub), Recorder()).complete(ASK)

    assert (limited.value.retry_after, str(limited.value)) == (3.0, "openai answered 429. slow down, …")


async def test_a_model_without_a_key_says_what_to_set(stub, models):
    with pytest.raises(ProviderAuth) as missing:
        await ModelService(models, operator(stub), Recorder()).complete(
            ChatRequest("mistral/x", ASK.messages)
        )

    assert str(missing.value) == "There is no key for Mistral: add a credential or set MISTRAL_API_KEY."


def test_no_credential_shows_its_secret():
    assert SECRET not in repr(Credential("mine", "openai", SECRET))
