"""People's code: what it can do, what it cannot, and how it is told."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from wireloom.engine.services import CodeReply, CodeRequest
from wireloom.errors import WireloomError
from wireloom.sandbox.sandbox import KEPT, KERNEL_LOCKS, Sandbox, locks_that_hold

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="these locks are Linux' own")
HELD = set(asyncio.run(locks_that_hold()))
locked = pytest.mark.skipif(not HELD >= KERNEL_LOCKS, reason="this kernel has only Python's own lock")


def body(*lines: str) -> str:
    return "import json, os, sys, threading\ndef main(inputs):\n" + "".join(f"    {line}\n" for line in lines)


async def run(source: str, inputs=None, **limits) -> CodeReply:
    return await Sandbox().run(CodeRequest(source, inputs, **{"timeout_s": 20, **limits}))


async def refusal(source: str, **limits) -> tuple[str, str]:
    with pytest.raises(WireloomError) as raised:
        await run(source, **limits)
    return raised.value.code, raised.value.message


@pytest.fixture(autouse=True)
def nothing_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = _children(os.getpid())  # other tests of the session may have some
    yield
    assert list(tmp_path.iterdir()) == []
    assert set(_children(os.getpid())) <= set(before)


async def test_main_is_given_the_inputs_and_gives_json():
    inputs = {"n": 2, "text": "é\ud800\u0000", "list": [None, True, 1.5]}
    reply = await run(body("return {'given': inputs, 'twice': inputs['n'] * 2}"), inputs)

    assert reply == CodeReply({"given": inputs, "twice": 4})


async def test_the_standard_library_is_there():
    reply = await run(
        "import csv, datetime, decimal, hashlib, re, sqlite3, statistics, zoneinfo\n"
        + body("with sqlite3.connect(':memory:') as db: return db.execute('select 1').fetchall()")
    )

    assert reply.value == [[1]]


async def test_what_is_printed_is_kept_with_the_value_up_to_16_kib():
    small = await run(body("print('to', 'out'); print('to err', file=sys.stderr); return 1"))
    large = await run(body("print('x' * 100_000); return 1"))

    assert (sorted(small.printed.splitlines()), small.cut) == (["to err", "to out"], False)
    assert (large.printed, large.cut) == ("x" * KEPT, True)


async def test_it_sees_no_environment_and_an_empty_folder(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    reply = await run(
        body("return [[k for k in os.environ if k != 'LC_CTYPE'], os.listdir('.'), os.listdir(os.getcwd())]")
    )

    assert reply.value == [[], [], []]


async def test_it_inherits_no_file():
    held, other = os.pipe()
    os.set_inheritable(held, True)
    try:
        reply = await run(
            body(
                "held = []",
                "for n in range(1024):",
                "    try: os.fstat(n); held.append(n)",
                "    except OSError: pass",
                "return held",
            )
        )

    finally:
        os.close(held)
        os.close(other)

    # Its input, which has ended, both ways to print, and the answer's.
    assert reply.value == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["while True: os.fork()"], "PermissionError"),
        (["threading.Thread(target=print).start()"], "RuntimeError: can't start new thread"),
        (["import subprocess", "subprocess.run(['ls'])"], "PermissionError"),
        (["os.execv('/bin/ls', ['ls'])"], "PermissionError"),
        (["os.kill(os.getppid(), 9)"], "PermissionError"),
        (["return open('/etc/passwd').read()"], "PermissionError"),
        (["return open(f'/proc/{os.getppid()}/environ').read()"], "PermissionError"),
        (["return open(f'/proc/self/environ').read()"], "PermissionError"),
        (["return os.listdir('/')"], "PermissionError"),
        (["open('x', 'w').write('x' * 10**9)"], "PermissionError"),
        (["os.mkdir('x')"], "PermissionError"),
        (["import socket", "socket.create_connection(('127.0.0.1', 80))"], "PermissionError"),
        (["import socket", "socket.socket(socket.AF_UNIX)"], "PermissionError"),
        (["import urllib.request", "urllib.request.urlopen('http://example.com')"], "PermissionError"),
        (["import resource", "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))"], "PermissionError"),
        (["import fcntl", "fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())"], "PermissionError"),
        (["os.sched_setaffinity(os.getppid(), {0})"], "PermissionError"),
        (["import ctypes", "ctypes.string_at(0)"], "PermissionError"),
        (["import wireloom.engine.errors, django"], "ModuleNotFoundError"),
        (["return main(inputs)"], "RecursionError"),
        (["sys.exit(3)"], "The code ended itself."),
        (["os._exit(0)"], "The code ended its process before it gave anything."),
        (["os.abort()"], "The code crashed (SIG"),
        (["raise KeyboardInterrupt"], "KeyboardInterrupt"),
        (["os.write(1, b'x'); os.closerange(0, 100); return 1"], ""),
    ],
)  # fmt: skip
async def test_what_it_may_not_do_ends_it_with_a_sentence(lines, said):
    code, message = await refusal(body(*lines))

    assert code == "code_error"
    assert said in message


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        (["return 'x' * 10**10"], "code_limit", "The code wanted more memory than the 128 MiB it may have."),
        (["kept = []", "while True: kept.append('x' * 10**6)"], "code_limit", "The code wanted more memory than the 128 MiB it may have."),
        (["while True: pass"], "timeout", "The code took longer than 0.5 s."),
        (["import time", "time.sleep(60)"], "timeout", "The code took longer than 0.5 s."),
        (["while True: print('x' * 10**6)"], "output_too_large", "The code may print 32 MiB; it printed more."),
        (["return ['x' * 10**6] * 30"], "output_too_large", "A step may give 25 MiB; the code gave more."),
        (["return {1, 2}"], "invalid_output", "main gave set, which is no JSON: Object of type set is not JSON serializable"),
        (["return float('nan')"], "invalid_output", "main gave float, which is no JSON: Out of range float values are not JSON compliant: nan"),
    ],
)  # fmt: skip
async def test_what_it_asks_too_much_of_has_a_code_of_its_own(lines, code, said):
    assert await refusal(body(*lines), timeout_s=0.5 if code == "timeout" else 20, memory_mb=128) == (
        code,
        said,
    )


async def test_an_answer_nested_too_deep_is_no_json():
    code, message = await refusal(body("deep = []", "for _ in range(10**5): deep = [deep]", "return deep"))

    assert (code, message.partition(":")[0]) == ("invalid_output", "main gave list, which is no JSON")


async def test_it_is_told_in_its_own_lines_and_without_a_path_of_the_server():
    code, message = await refusal(
        body("try: json.loads('{')", "except ValueError as e: raise KeyError('lost') from e")
    )

    assert code == "code_error"
    assert message == (
        "Traceback (most recent call last):\n"
        '  File "<code>", line 3, in main\n'
        "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)\n"
        "\nThe above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\n"
        '  File "<code>", line 4, in main\n'
        "KeyError: 'lost'"
    )


async def test_what_it_printed_is_told_with_what_went_wrong():
    code, message = await refusal(body("print('so far')", "raise ValueError('no further')"))

    assert (code, message.splitlines()[-4:]) == (
        "code_error",
        ["ValueError: no further", "", "It had printed:", "so far"],
    )


async def test_no_path_of_the_server_is_told_whatever_goes_wrong():
    _, lost = await refusal(body("from json import lost"))
    _, group = await refusal(
        body(
            "try: json.loads('{')",
            "except ValueError as error: raise ExceptionGroup('several', [error, KeyError(os.getcwd())])",
        )
    )

    assert "cannot import name 'lost' from 'json' (<python>/json/__init__.py)" in lost
    assert "KeyError: '<folder>'" in group
    assert "/" not in group.replace("'{'", "")


async def test_code_that_answers_in_place_of_its_process_is_cut_short():
    forged = "os.write(3, json.dumps({'ok': False, 'kind': 'X', 'message': 'x' * 10**6}).encode() + b'\\n'); os._exit(0)"

    assert await refusal(body(forged)) == ("code_error", "x" * 4000)


async def test_code_that_makes_up_its_own_answer_harms_nobody():
    forged = r"os.write(3, b'{\"ok\": true, \"locks\": 5}\n[1]'); os._exit(0)"

    assert (await run(body(forged))).value == [1]


async def test_a_run_that_is_cancelled_leaves_no_process():
    task = asyncio.ensure_future(run(body("import time", "time.sleep(60)")))
    await asyncio.sleep(0.3)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_so_many_run_at_once_and_the_others_wait():
    sandbox = Sandbox(at_once=2)
    nap = CodeRequest(body("import time", "time.sleep(0.4); return inputs"), 1)
    began = time.monotonic()
    replies = await asyncio.gather(*(sandbox.run(nap) for _ in range(4)))

    assert [one.value for one in replies] == [1, 1, 1, 1]
    assert time.monotonic() - began > 0.8


@pytest.mark.parametrize(
    "lines", [["print('x' * 10**8)"], ["print('x' * 10**6)", "while True: pass"], ["return 1"]]
)
def test_no_pipe_stays_open_on_the_servers_loop(lines):
    uvloop = pytest.importorskip("uvloop")

    async def tried():
        with contextlib.suppress(WireloomError):
            await run(body(*lines), "x" * 10**6, timeout_s=0.5)

    uvloop.run(tried())
    gc.collect()


@linux
def test_it_dies_with_the_process_that_started_it(tmp_path):
    script = (
        f"import tempfile; tempfile.tempdir = {str(tmp_path)!r}\n"
        "import asyncio; from wireloom.sandbox.sandbox import Sandbox; from wireloom.engine.services import CodeRequest\n"
        "asyncio.run(Sandbox().run(CodeRequest('import time\\ndef main(i): time.sleep(60)', None)))"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) as parent:
        deadline = time.monotonic() + 20
        while not (children := _children(parent.pid)) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        parent.send_signal(signal.SIGKILL)
    try:
        deadline = time.monotonic() + 10
        while any(map(_is_alive, children)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert children
        assert not any(map(_is_alive, children))
    finally:
        # Who is killed cannot tidy up.
        for folder in tmp_path.iterdir():
            folder.rmdir()


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # the thread has just ended
            found += map(int, thread.read_text().split())
    return found


def _is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


#: Tries each thing, and prints the names of those that were done.
ATTEMPTS = """
import ctypes, fcntl, os, signal, socket, sys, threading
libc = ctypes.CDLL(None)
attempts = {
    "fork": os.fork,
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "thread": lambda: threading.Thread(target=print).start(),
    "internet": socket.socket,
    "unix": lambda: socket.socket(socket.AF_UNIX),
    "owner": lambda: fcntl.fcntl(0, 8, os.getppid()),
    "which": lambda: fcntl.fcntl(0, 10, 9),
    "priority": lambda: os.sched_setaffinity(os.getppid(), {0}),
    "signal": lambda: os.kill(os.getppid(), 0),
    "read": lambda: open("/etc/passwd"),
    "environ": lambda: open(f"/proc/{os.getppid()}/environ"),
    "list": lambda: os.listdir("/"),
    "write": lambda: open("/tmp/wireloom-attempt", "w"),
    "folder": lambda: os.mkdir("/tmp/wireloom-attempt"),
    "rights": lambda: os.chmod("/tmp", 0o1777),
}
def attempt(done):
    for name, one in attempts.items():
        try:
            one()
        except (OSError, RuntimeError):
            continue
        done.append(name)
        if name == "fork" and os.getpid() != me: os._exit(0)
me = os.getpid()
"""


def attempted(locked: str) -> str:
    script = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nimport os\nfrom wireloom.sandbox import locks\n{ATTEMPTS}\ndone = []\n{locked}\nattempt(done)\nprint(done)"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], check=True, capture_output=True, text=True, timeout=30
    ).stdout.strip()


@linux
def test_the_attempts_would_succeed_without_a_lock():
    """So that the two tests below prove something."""
    harmless = "for name in ('fork', 'exec', 'write', 'folder', 'rights'): del attempts[name]"

    assert attempted(harmless) == (
        "['thread', 'internet', 'unix', 'owner', 'which', 'priority', 'signal', 'read', 'environ', 'list']"
    )


@locked
def test_the_kernel_alone_holds_whoever_breaks_out_of_python():
    taken = "for _, one in locks._kernel_locks(os.getppid(), locks._readable()): locks._tried(one)"

    assert attempted(taken) == "[]"


@linux
def test_pythons_own_lock_alone_holds_what_python_sees():
    assert attempted("locks.watch(locks._readable())") == "['thread', 'priority']"
