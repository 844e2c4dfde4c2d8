"""The http_request node, from the document to the wire and back, over a real server on this machine."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.engine.virtual import graph
from wireloom import Executor, Result
from wireloom.llm.credentials import Credential
from wireloom.llm.models import Models
from wireloom.net.egress import EgressPolicy, parse_networks


@dataclass
class Web:
    """A web server that answers by a script, and keeps what it was asked."""

    answers: list[web.Response] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(
            {
                "method": request.method,
                "path": request.path_qs,
                "headers": dict(request.headers),
                "body": await request.text(),
            }
        )
        return self.answers.pop(0) if self.answers else web.json_response({"ok": True})


@asynccontextmanager
async def serving(*answers: web.Response) -> AsyncIterator[Web]:
    here = Web(list(answers))
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", here.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    here.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield here
    finally:
        await runner.cleanup()


class Secrets:
    """Two credentials: one of this server, one of another."""

    def __init__(self, url: str) -> None:
        self._kept = {
            "ours": Credential("ours", "http", "s3cret-value", url),
            "theirs": Credential("theirs", "http", "s3cret-value", "https://elsewhere.example"),
        }

    async def find(self, provider: str, name: str | None) -> Credential | None:
        return self._kept.get(name or "")

    async def every(self) -> list[Credential]:
        return []


async def ask(
    here: Web, config: dict[str, Any], run_input: Any = None, *, allowed: bool = True, **policy: Any
) -> Result:
    models = Models(policy=EgressPolicy(parse_networks("127.0.0.1") if allowed else ()), local_model=False)
    document = graph({"call": {"type": "http_request", "config": config, "policy": policy}})
    try:
        async with Executor(models=models, credentials=Secrets(here.url)) as executor:
            return await executor.run_async(document, run_input)
    finally:
        await models.aclose()


async def test_it_gives_status_headers_and_the_decoded_body():
    async with serving() as here:
        result = await ask(here, {"url": f"{here.url}/tides"})

    assert (result.output["status"], result.output["body"]) == (200, {"ok": True})
    assert result.output["headers"]["content-type"] == "application/json; charset=utf-8"


async def test_address_query_headers_and_body_are_templates():
    config = {
        "method": "POST",
        "url": "{{ input.base }}/find?a=1",
        "query": {"q": "{{ input.word }}"},
        "headers": {"X-Word": "{{ input.word }}"},
        "body": {"words": "{{ input.words }}", "text": "word: {{ input.word }}", "n": 3},
    }
    async with serving() as here:
        await ask(here, config, {"base": here.url, "word": "a&b", "words": ["x"]})

    asked = here.asked[0]
    assert (asked["method"], asked["path"], asked["headers"]["X-Word"]) == (
        "POST",
        "/find?a=1&q=a%26b",
        "a&b",
    )
    assert json.loads(asked["body"]) == {"words": ["x"], "text": "word: a&b", "n": 3}
    assert asked["headers"]["Content-Type"] == "application/json"


async def test_text_goes_out_as_text():
    async with serving() as here:
        await ask(here, {"method": "PUT", "url": here.url, "body": "plain {{ input.word }}"}, {"word": "ünï"})

    assert (here.asked[0]["body"], here.asked[0]["headers"]["Content-Type"]) == (
        "plain ünï",
        "text/plain; charset=utf-8",
    )


async def test_every_request_carries_the_calls_idempotency_key_which_stays_over_attempts():
    async with serving(web.Response(status=503, headers={"Retry-After": "0"})) as here:
        result = await ask(here, {"method": "POST", "url": here.url})

    keys = [asked["headers"]["Idempotency-Key"] for asked in here.asked]
    assert (result.status, len(keys), keys[0]) == ("succeeded", 2, keys[1])
    assert keys[0].endswith(":call:1")


@pytest.mark.parametrize(
    ("status", "ok", "outcome", "calls"),
    [
        (404, None, "http_error", 1), (404, [404], "succeeded", 1), (200, [201], "http_error", 1),
        (500, None, "http_error", 2), (429, None, "http_error", 2), (204, None, "succeeded", 1),
    ],
)  # fmt: skip
async def test_a_status_that_is_not_taken_fails_the_step_and_passing_ones_are_tried_again(
    status, ok, outcome, calls
):
    refusals = [web.Response(status=status, text="no", headers={"Retry-After": "0"}) for _ in range(3)]
    async with serving(*refusals) as here:
        result = await ask(here, {"url": here.url, "ok_statuses": ok}, max_attempts=2)

    assert ((result.error or {}).get("code", result.status), len(here.asked)) == (outcome, calls)


async def test_a_credential_is_sent_to_its_own_host_and_to_no_other():
    async with serving() as here:
        kept = await ask(here, {"url": here.url, "credential": "ours"})
        denied = await ask(here, {"url": here.url, "credential": "theirs"})
        unknown = await ask(here, {"url": here.url, "credential": "nobodys"})

    assert [asked["headers"].get("Authorization") for asked in here.asked] == ["Bearer s3cret-value"]
    assert (kept.status, denied.error["code"], unknown.error["code"]) == (
        "succeeded", "egress_denied", "invalid_input",
    )  # fmt: skip


async def test_a_secret_does_not_follow_a_redirect_to_another_host():
    async with serving() as there, serving(web.Response(status=302)) as here:
        here.answers[0].headers["Location"] = f"{there.url}/away"
        await ask(here, {"url": here.url, "credential": "ours"})

    assert ["Authorization" in asked["headers"] for asked in (*here.asked, *there.asked)] == [True, False]


async def test_a_private_address_is_denied():
    async with serving() as here:
        result = await ask(here, {"url": here.url}, allowed=False)

    assert (result.error["code"], here.asked) == ("egress_denied", [])


@pytest.mark.parametrize("url", ["not a url", "file:///etc/passwd", "ftp://example.com"])
async def test_what_is_no_web_address_fails_the_step(url):
    async with serving() as here:
        result = await ask(here, {"url": url})

    assert result.error["code"] in ("invalid_input", "egress_denied")


async def test_json_that_is_none_stays_text():
    async with serving(web.Response(text='{"n": NaN}', content_type="application/json")) as here:
        result = await ask(here, {"url": here.url})

    assert result.output["body"] == '{"n": NaN}'
