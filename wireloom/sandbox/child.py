"""The process that runs people's code: started by `sandbox.py` with nothing but the standard library.

Its input is one JSON object: source, inputs, memory_bytes, cpu_s, parent. What
it gives goes out by its output, as one line of JSON that says how it went and,
if it went well, the value behind it. What the code prints goes out by its
error output.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT))

from wireloom.sandbox.locks import lock  # noqa: E402 - the only import from here, found by the line above

sys.path.remove(str(_ROOT))
for _name in [one for one in sys.modules if one.partition(".")[0] == "wireloom"]:
    del sys.modules[_name]

#: As what the code is shown in tracebacks.
NAME = "<code>"
#: Where this machine keeps Python and this process, and what is said of them instead.
_PATHS = {str(Path(os.__file__).parent): "<python>", os.getcwd(): "<folder>"}  # noqa: PTH109 - as the code sees it
#: How much of a traceback is told, in characters.
_SHOWN = 4000


def main() -> None:
    given = json.loads(sys.stdin.buffer.read())
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdin.close()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", line_buffering=False)  # type: ignore[union-attr]
    dumps, flush, leave = json.dumps, sys.stdout.flush, os._exit
    held = lock(given["parent"], given["memory_bytes"], given["cpu_s"])
    try:
        head, body = {"ok": True}, _encoded(_result(given["source"], given["inputs"]), dumps)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        head, body = _failure(error), b""
    with suppress(OSError, ValueError):  # the code may have closed it
        flush()
    answer.write(dumps({**head, "locks": held}).encode() + b"\n" + body)
    answer.flush()
    # Threads, handlers and finalizers of the code have no say in how it ends.
    leave(0)


class NoMain(Exception):
    """The code defines no `main`."""


class NoJson(Exception):
    """The code gave something else than JSON."""


def _result(source: str, inputs: Any) -> Any:
    room: dict[str, Any] = {"__name__": NAME, "__builtins__": __builtins__}
    exec(compile(source, NAME, "exec"), room)  # noqa: S102 - this is what the process is for
    if not callable(room.get("main")):
        raise NoMain("The code defines no function `main(inputs)`.")
    return room["main"](inputs)


def _encoded(value: Any, dumps: Any) -> bytes:
    try:
        text: str = dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")
    except (TypeError, ValueError, RecursionError) as error:
        raise NoJson(f"main gave {type(value).__name__}, which is no JSON: {error}") from None


def _failure(error: BaseException) -> dict[str, Any]:
    match error:
        case NoMain() | NoJson():
            return {"ok": False, "kind": type(error).__name__, "message": str(error)}
        case MemoryError():
            return {"ok": False, "kind": "MemoryError", "message": ""}
        case _:
            return {"ok": False, "kind": type(error).__name__, "message": _told(error)[-_SHOWN:]}


def _told(error: BaseException) -> str:
    """The traceback as its writer knows it: the code's own lines, none of ours, no path of this machine."""
    whole = traceback.TracebackException.from_exception(error)
    _keep_own(whole)
    text = "".join(whole.format()).rstrip()
    for path, name in _PATHS.items():
        text = text.replace(path, name)
    return text


def _keep_own(told: traceback.TracebackException) -> None:
    told.stack = traceback.StackSummary.from_list([one for one in told.stack if one.filename == NAME])
    for inner in (told.__cause__, told.__context__, *(told.exceptions or ())):
        if inner is not None:
            _keep_own(inner)


main()
