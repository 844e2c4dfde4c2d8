"""The stub provider as a process of its own, as benchmarks and browser tests start it."""

import asyncio
import json
import sys
from pathlib import Path

import aiohttp

HOUSE = Path(__file__).parents[2]
BODY = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


async def test_it_prints_its_port_takes_scripts_and_tells_its_calls(tmp_path):
    log = tmp_path / "calls"
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.stubs.provider",
            "--port",
            "0",
            "--latency-ms",
            "1",
            "--log",
            str(log),
        ),
        stdout=asyncio.subprocess.PIPE,
        cwd=HOUSE,
    )
    url = f"http://127.0.0.1:{int(await process.stdout.readline())}"
    async with aiohttp.ClientSession(url) as session:
        await session.post(
            "/script", json=[{"text": "first"}, {"status": 429, "headers": {"Retry-After": "1"}}]
        )
        texts, statuses = [], []
        for _ in range(3):
            async with session.post("/v1/chat/completions", json=BODY) as answer:
                statuses.append(answer.status)
                if answer.status == 200:
                    texts.append((await answer.json())["choices"][0]["message"]["content"])
        async with session.get("/calls") as told:
            calls = await told.json()
    process.terminate()
    await process.communicate()

    assert (statuses, texts) == ([200, 429, 200], ["first", "The tide turns twice a day."])
    assert [call["body"] for call in calls] == [BODY] * 3
    assert [json.loads(line)["body"] for line in log.read_text().splitlines()] == [BODY] * 3
