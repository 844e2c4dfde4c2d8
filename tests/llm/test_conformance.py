"""One suite for every lane: same requests, same answers, same errors."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.util import find_spec

import pytest

from tests.stubs.provider import Script, StubProvider
from wireloom.engine.services import ChatRequest, Message, ToolCall, ToolSpec, Usage
from wireloom.llm.bounds import fitted
from wireloom.llm.credentials import Credential
from wireloom.llm.direct import DirectModel, Endpoint
from wireloom.llm.endpoints import endpoint_for
from wireloom.llm.errors import ProviderError
from wireloom.llm.litellm_lane import LiteLlmModel
from wireloom.llm.protocol import Completion
from wireloom.llm.providers import provider_named
from wireloom.net.client import HttpClient

SECRET = "sk-test-secret-0123456789"
ASK = ChatRequest("", (Message("system", "Be brief."), Message("user", "When is high tide?")))
WEATHER = ToolSpec(
    "weather", "Weather of a place", {"type": "object", "properties": {"place": {"type": "string"}}}
)
USED = Usage(input_tokens=12, output_tokens=7)

needs_litellm = pytest.mark.skipif(find_spec("litellm") is None, reason="LiteLLM is not installed")
# LiteLLM's own warnings are not ours to mend.
LANES = [
    "direct",
    "local",
    pytest.param("litellm", marks=[needs_litellm, pytest.mark.filterwarnings("ignore")]),
]


@asynccontextmanager
async def lane_to(stub, lane, *, idle_s=30.0):
    """The model `gpt-test` of the stub, over one lane."""
    client = HttpClient()
    credential = Credential("test", "openai", SECRET, f"{stub.url}/v1", trusted=True)
    provider = provider_named("openai")
    try:
        match lane:
            case "direct":
                yield DirectModel(
                    client, endpoint_for(provider, credential), "gpt-test", idle_s=idle_s, whole_s=idle_s
                )
            case "local":
                headers = {"Authorization": f"Bearer {SECRET}"}
                endpoint = Endpoint("openai", f"{stub.url}/v1/chat/completions", headers, SECRET, "trusted")
                yield DirectModel(client, endpoint, "gpt-test", lane="local", idle_s=idle_s, whole_s=idle_s)
            case "litellm":
                yield LiteLlmModel(provider, credential, "gpt-test", idle_s=idle_s, whole_s=idle_s)
    finally:
        await client.aclose()


@pytest.fixture
async def stub():
    async with StubProvider() as provider:
        yield provider


@pytest.fixture(params=LANES)
def lane(request):
    return request.param


@pytest.fixture(params=["whole", "streamed"])
def whole(request):
    return request.param == "whole"


async def answer_of(stub, lane, script, request=ASK, *, whole=False, shown=None, idle_s=30.0):
    """The answer to `request`; what is streamed of it is added to `shown`."""
    stub.scripts.append(script)
    pieces = [] if shown is None else shown
    async with lane_to(stub, lane, idle_s=idle_s) as model:
        return await model.complete(request, None if whole else pieces.append)


async def error_of(stub, lane, script, *, whole=False, idle_s=30.0):
    with pytest.raises(ProviderError) as caught:
        await answer_of(stub, lane, script, whole=whole, idle_s=idle_s)
    assert SECRET not in f"{caught.value}{caught.value.__cause__ if lane != 'litellm' else ''}"
    return caught.value


async def test_text_is_shown_piece_by_piece_then_the_answer_is_complete(stub, lane):
    shown = []
    answer = await answer_of(stub, lane, Script("High tide is at noon."), shown=shown)

    assert shown == ["High ", "tide ", "is ", "at ", "noon."]
    assert answer == Completion("High tide is at noon.", "stop", usage=USED)


async def test_an_answer_that_is_not_shown_is_asked_for_whole(stub, lane):
    answer = await answer_of(stub, lane, Script("High tide is at noon."), whole=True)

    assert answer == Completion("High tide is at noon.", "stop", usage=USED)
    assert not stub.calls[0]["body"].get("stream")


async def test_a_request_says_everything_that_was_asked(stub, lane, whole):
    turns = (
        Message("user", "Weather in Husum?"),
        Message("assistant", tool_calls=(ToolCall("c1", "weather", '{"place": "Husum"}'),)),
        Message("tool", "Rain", tool_call_id="c1"),
    )
    schema = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
    request = ChatRequest("", turns, temperature=0.3, max_tokens=99, tools=(WEATHER,), output_schema=schema)
    await answer_of(stub, lane, Script('{"text": "wet"}'), request, whole=whole)

    sent = stub.calls[0]["body"]
    assert sent["model"] == "gpt-test"
    assert [
        {name: value for name, value in message.items() if value is not None} for message in sent["messages"]
    ] == [
        {"role": "user", "content": "Weather in Husum?"},
        {
            "role": "assistant",
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "weather", "arguments": '{"place": "Husum"}'},
                }
            ],
        },
        {"role": "tool", "content": "Rain", "tool_call_id": "c1"},
    ]
    assert sent["temperature"] == 0.3
    assert sent.get("max_tokens") or sent.get("max_completion_tokens") == 99
    assert sent["tools"][0]["function"]["name"] == "weather"
    assert sent["response_format"]["json_schema"]["schema"] == schema


async def test_what_was_not_asked_is_not_sent(stub, lane):
    await answer_of(stub, lane, Script(), whole=True)

    assert stub.calls[0]["body"].keys() - {"stream"} == {"model", "messages"}


async def test_the_key_is_sent_as_the_provider_wants_it(stub, lane, whole):
    await answer_of(stub, lane, Script(), whole=whole)

    assert stub.calls[0]["headers"]["authorization"] == f"Bearer {SECRET}"


async def test_tool_calls_are_whole(stub, lane, whole):
    calls = (
        {"id": "c1", "name": "weather", "arguments": '{"place": "Husum"}'},
        {"id": "c2", "name": "weather", "arguments": '{"place": "Büsum"}'},
    )
    script = Script("", tool_calls=calls, finish="tool_calls")
    request = ChatRequest("", ASK.messages, tools=(WEATHER,))

    assert await answer_of(stub, lane, script, request, whole=whole) == Completion(
        "",
        "tool_calls",
        (ToolCall("c1", "weather", '{"place": "Husum"}'), ToolCall("c2", "weather", '{"place": "Büsum"}')),
        USED,
    )


async def test_cached_and_reasoning_tokens_are_told(stub, lane, whole):
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 50,
        "total_tokens": 150,
        "prompt_tokens_details": {"cached_tokens": 80},
        "completion_tokens_details": {"reasoning_tokens": 30},
    }
    answer = await answer_of(stub, lane, Script(usage=usage), whole=whole)

    assert answer.usage == Usage(100, 50, 80, 30)


@pytest.mark.parametrize("finish", ["stop", "length", "content_filter"])
async def test_the_end_says_why(stub, lane, whole, finish):
    answer = await answer_of(stub, lane, Script(finish=finish), whole=whole)

    assert answer.finish == finish


@pytest.mark.parametrize("cut", [1, 2, 3, 7])
async def test_a_stream_cut_anywhere_gives_the_same_text(stub, lane, cut):
    pieces = ("Ström", "ung 🌊", " — ", "潮汐", "\u2028", "\r\n")
    shown = []
    answer = await answer_of(stub, lane, Script(pieces=pieces, cut=cut), shown=shown)

    assert (answer.text, "".join(shown)) == ("".join(pieces), "".join(pieces))


@pytest.mark.parametrize(
    ("status", "code", "retryable"),
    [
        (400, "provider_error", False),
        (401, "provider_auth", False),
        (403, "provider_auth", False),
        (404, "provider_error", False),
        (422, "provider_error", False),
        (429, "provider_rate_limit", True),
        (500, "provider_error", True),
        (503, "provider_error", True),
    ],
)
async def test_a_refusal_has_its_code_and_is_asked_once(stub, lane, status, code, retryable):
    error = await error_of(stub, lane, Script(f"No, {SECRET}.", status=status))

    assert (error.code, error.retryable, error.status, len(stub.calls)) == (code, retryable, status, 1)
    assert "No, " in str(error)


async def test_retry_after_in_seconds_is_passed_on(stub, lane, whole):
    error = await error_of(stub, lane, Script("slow", status=429, headers={"Retry-After": "7"}), whole=whole)

    assert error.retry_after == 7.0


async def test_retry_after_as_a_date_is_passed_on(stub, lane, whole):
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    error = await error_of(stub, lane, Script("slow", status=503, headers={"Retry-After": at}), whole=whole)

    assert error.retry_after is not None
    assert 20 < error.retry_after <= 30


async def test_a_prompt_too_long_is_told_apart(stub, lane, whole):
    body = '{"error": {"message": "This model\'s maximum context length is 8192 tokens.", "code": "context_length_exceeded"}}'
    error = await error_of(stub, lane, Script(status=400, body=body), whole=whole)

    assert (error.code, error.retryable) == ("context_length", False)


async def test_a_filtered_prompt_is_told_apart(stub, lane, whole):
    body = '{"error": {"message": "The response was filtered due to the prompt triggering Azure OpenAI\'s content management policy.", "code": "content_filter"}}'
    error = await error_of(stub, lane, Script(status=400, body=body), whole=whole)

    assert (error.code, error.retryable) == ("content_filter", False)


async def test_a_provider_that_says_nothing_is_a_timeout(stub, lane, whole):
    error = await error_of(stub, lane, Script(hang=True), whole=whole, idle_s=0.3)

    assert (error.code, error.retryable, len(stub.calls)) == ("timeout", True, 1)


async def test_a_stream_that_falls_silent_is_a_timeout(stub, lane):
    error = await error_of(stub, lane, Script("one two three", hang=True, after=2), idle_s=0.3)

    assert (error.code, error.retryable) == ("timeout", True)


async def test_a_question_that_is_cancelled_is_let_go_at_once(stub, lane, whole):
    stub.scripts.append(Script(hang=True))
    async with lane_to(stub, lane) as model:
        task = asyncio.create_task(model.complete(ASK, None if whole else [].append))
        await stub.asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 2)
        again = await model.complete(ASK)

    assert again.finish == "stop"


async def test_a_connection_closed_without_an_answer_is_a_provider_error(stub, lane, whole):
    error = await error_of(stub, lane, Script(drop=True), whole=whole)

    assert (error.code, error.retryable) == ("provider_error", True)


async def test_half_an_answer_is_an_error_after_its_text(stub, lane):
    shown = []
    with pytest.raises(ProviderError) as caught:
        await answer_of(stub, lane, Script("one two three", drop=True, after=2), shown=shown)

    assert (shown, caught.value.retryable) == (["one ", "two "], True)


async def test_an_error_under_200_breaks_the_protocol(stub, lane, whole):
    body = '{"error": {"message": "upstream is down", "code": 502}}'
    error = await error_of(stub, lane, Script(body=body), whole=whole)

    assert (error.code, error.retryable) == ("provider_protocol_error", True)


async def test_an_error_within_a_stream_breaks_the_protocol(stub, lane):
    body = 'data: {"error": {"message": "upstream is down", "code": 502}}\n\n'
    error = await error_of(stub, lane, Script(body=body, content_type="text/event-stream"))

    assert error.code == "provider_protocol_error"


async def test_what_is_not_json_breaks_the_protocol(stub, lane, whole):
    error = await error_of(
        stub, lane, Script(body='{"choices": [', content_type="application/json"), whole=whole
    )

    assert error.code == "provider_protocol_error"


async def test_a_stream_that_is_not_json_breaks_the_protocol(stub, lane):
    error = await error_of(stub, lane, Script(body="data: {broken\n\n", content_type="text/event-stream"))

    assert error.code == "provider_protocol_error"


async def test_a_stream_without_an_end_breaks_the_protocol(stub, lane):
    body = 'data: {"choices": [{"index": 0, "delta": {"content": "half"}, "finish_reason": null}]}\n\n'
    error = await error_of(stub, lane, Script(body=body, content_type="text/event-stream"))

    assert error.code == "provider_protocol_error"


async def test_nobody_there_is_a_provider_error(lane, whole):
    async with StubProvider() as gone:
        pass
    error = await error_of(gone, lane, Script(), whole=whole)

    assert (error.code, error.retryable, error.status) == ("provider_error", True, None)


async def test_bounds_are_set_for_a_tiny_model_where_none_were_asked(stub):
    schema = {
        "type": "object",
        "properties": {"text": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}}},
    }
    request = fitted(ChatRequest("", ASK.messages, output_schema=schema), 256)

    assert (request.max_tokens, request.output_schema) == (
        256,
        {
            "type": "object",
            "properties": {
                "text": {"type": "string", "maxLength": 200},
                "tags": {"type": "array", "items": {"type": "string", "maxLength": 200}, "maxItems": 8},
            },
        },
    )
