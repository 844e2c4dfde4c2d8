"""The child process that serves the local model: llama.cpp's server, on loopback, behind a key.

Run as a file, by `local.py`, with nothing of Wireloom imported. It reads one
line of JSON settings from standard input, answers with one line that holds
`url` or `error`, and serves until standard input ends: the parent holds the other
end of that pipe, so however the parent dies, the child dies with it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def serve(settings: dict[str, Any]) -> str:
    """Start the server and give its URL."""
    import xllamacpp  # only this process ever loads it

    params = xllamacpp.CommonParams()
    params.model.path = settings["weights"]
    params.n_parallel = settings["slots"]
    params.n_ctx = settings["slots"] * settings["context"]
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = settings["threads"]
        cpu.poll = 0  # a waiting thread sleeps instead of spinning
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [settings["key"]]
    params.cors_origins, params.cors_credentials = "", False
    params.ui = params.endpoint_slots = False
    params.cache_ram_mib = 0
    params.verbosity = 0
    sampling = params.sampling
    sampling.temp = settings["temperature"]
    sampling.top_p = settings["top_p"]
    sampling.penalty_repeat = settings["repeat_penalty"]
    global server  # noqa: PLW0603 - it serves for as long as it is referred to
    server = xllamacpp.Server(params)
    return str(server.listening_address)


def main() -> None:
    # llama.cpp writes to standard output as it likes; the answer needs a line of its own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    settings = json.loads(sys.stdin.buffer.readline())
    os.nice(settings["nice"])
    try:
        answer = {"url": serve(settings)}
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent tells it
        answer = {"error": f"{type(error).__name__}: {error}"}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
    if "url" in answer:
        sys.stdin.buffer.read()
    # The server's threads are not asked: nothing of theirs is worth keeping.
    os._exit(0)


server: Any = None
if __name__ == "__main__":
    main()
