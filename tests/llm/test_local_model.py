"""The local model, as it is: the real weights in the real child process."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from wireloom.agents.builtin import BUILTIN
from wireloom.engine.services import ChatRequest, Message, ToolCall
from wireloom.llm.direct import DirectModel
from wireloom.llm.errors import ContextTooLong, ModelUnavailable, ProviderAuth
from wireloom.llm.local import LocalModel, find_weights
from wireloom.llm.local_server import LocalServer, LocalSettings
from wireloom.net.client import HttpClient

WEIGHTS = find_weights()
pytestmark = pytest.mark.skipif(WEIGHTS is None, reason="the local model is not installed")

QUESTION = ChatRequest(
    "local/smollm2-135m", (Message("user", "Write one sentence about tides."),), max_tokens=24
)


@asynccontextmanager
async def local_model(**settings):
    client = HttpClient()
    server = LocalServer(replace(LocalSettings(WEIGHTS), **settings))
    try:
        yield LocalModel(client, server), server
    finally:
        await server.aclose()
        await client.aclose()


def told(pid, what):
    return Path(f"/proc/{pid}/{what}").read_bytes()


def is_running(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    return False


async def until(condition, seconds=10):
    for _ in range(seconds * 50):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def test_it_answers_streamed_and_whole_and_counts_its_tokens():
    async with local_model() as (model, _):
        shown = []
        streamed, whole = await model.complete(QUESTION, shown.append), await model.complete(QUESTION)

    assert len(shown) > 10
    assert streamed.text == "".join(shown)
    assert len(whole.text) > 20
    for usage in (streamed.usage, whole.usage):
        assert usage.input_tokens > 5
        assert 0 < usage.output_tokens <= 24


async def test_nothing_starts_before_the_first_question_and_it_ends_when_idle():
    async with local_model(idle_s=0.1) as (model, server):
        before = server.pid
        await model.complete(QUESTION)
        during = server.pid
        await until(lambda: server.pid is None)
        again = await model.complete(QUESTION)

    assert (before, during is None, is_running(during)) == (None, False, False)
    assert again.text


async def test_it_fills_in_a_schema_to_the_end():
    schema = {
        "type": "object",
        "properties": {
            "verdict": {"type": "string"},
            "score": {"type": "integer", "minimum": 1, "maximum": 10},
        },
        "required": ["verdict", "score"],
        "additionalProperties": False,
    }
    request = replace(QUESTION, max_tokens=None, output_schema=schema)
    async with local_model() as (model, _):
        answer = await model.complete(request)

    assert answer.finish == "stop"
    assert answer.text.rstrip().endswith("}")


@pytest.mark.parametrize("on_text", [None, [].append], ids=["whole", "streamed"])
async def test_it_answers_in_words_when_it_is_offered_tools_and_told_what_they_gave(on_text):
    wish = ToolCall("c1", "calculate", '{"expression": "12 * 7"}')
    offered = replace(QUESTION, tools=tuple(one.spec for one in BUILTIN.values()))
    told = (*QUESTION.messages, Message("assistant", "", (wish,)), Message("tool", "84", tool_call_id="c1"))
    async with local_model() as (model, _):
        answers = [await model.complete(each, on_text) for each in (offered, replace(offered, messages=told))]

    assert all(answer.text for answer in answers)
    assert [answer.tool_calls for answer in answers] == [(), ()]


async def test_a_prompt_too_long_is_refused_as_such():
    request = replace(QUESTION, messages=(Message("user", "tide " * 6000),))
    async with local_model() as (model, _):
        with pytest.raises(ContextTooLong, match="4096"):
            await model.complete(request)


async def test_more_questions_than_slots_wait_for_their_turn():
    async with local_model(slots=1) as (model, _):
        answers = await asyncio.gather(*(model.complete(replace(QUESTION, max_tokens=4)) for _ in range(5)))

    assert all(answer.usage.output_tokens for answer in answers)


async def test_a_child_that_died_is_started_again():
    async with local_model() as (model, server):
        await model.complete(QUESTION)
        first = server.pid
        os.kill(first, signal.SIGKILL)
        await until(lambda: server.pid is None)
        answer = await model.complete(QUESTION)
        second = server.pid

    assert answer.text
    assert first != second


async def test_a_start_that_was_cancelled_leaves_the_next_question_a_child_that_answers():
    async with local_model() as (model, server):
        await model.complete(QUESTION)
        os.kill(server.pid, signal.SIGKILL)
        await until(lambda: server.pid is None)
        starting = asyncio.create_task(model.complete(QUESTION))
        await until(lambda: server.pid is not None)
        starting.cancel()
        await asyncio.wait([starting])
        answer = await model.complete(QUESTION)

    assert answer.text


async def test_nobody_without_its_key_gets_an_answer():
    client = HttpClient()
    async with local_model() as (_, server), server.slot() as endpoint:
        stranger = DirectModel(client, replace(endpoint, headers={"Content-Type": "application/json"}), "any")
        with pytest.raises(ProviderAuth):
            await stranger.complete(QUESTION)
    await client.aclose()


async def test_weights_that_are_none_are_an_error_that_says_so(tmp_path):
    (tmp_path / "broken.gguf").write_bytes(b"GGUF nonsense")
    async with local_model(weights=tmp_path / "broken.gguf") as (model, _):
        with pytest.raises(ModelUnavailable, match="cannot start"):
            await model.complete(QUESTION)


async def test_the_child_ends_with_a_parent_that_is_killed():
    script = textwrap.dedent(
        """
        import asyncio
        from wireloom.llm.local import find_weights
        from wireloom.llm.local_server import LocalServer, LocalSettings

        async def main():
            server = LocalServer(LocalSettings(find_weights()))
            async with server.slot():
                print(server.pid, flush=True)
                await asyncio.Event().wait()

        asyncio.run(main())
        """
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    child = int(await parent.stdout.readline())
    assert is_running(child)
    parent.kill()
    await parent.communicate()
    await until(lambda: not is_running(child))


async def test_the_child_is_told_nothing_of_the_environment_that_it_does_not_need(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    async with local_model() as (_, server), server.slot():
        environment, command = (told(server.pid, what) for what in ("environ", "cmdline"))

    assert b"sk-secret" not in environment
    assert b"PATH=" in environment
    assert command.count(b"\0") == 3
