"""`make dev`: the server, restarted when its code changes, and Vite with hot reload; one Ctrl-C ends both."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
WATCHED = ("wireloom", "server", "accounts", "builder", "runs", "templates")
LOOK_S = 1.0


def changed_at() -> float:
    """When a source file last changed, in seconds since the epoch."""
    return max(path.stat().st_mtime for path in sources())


def sources() -> Iterator[Path]:
    for folder in WATCHED:
        for pattern in ("*.py", "*.html", "*.json"):
            yield from (ROOT / folder).rglob(pattern)


def serve() -> subprocess.Popen[bytes]:
    return subprocess.Popen([PYTHON, "manage.py", "serve", "--migrate"], cwd=ROOT)


def main() -> None:
    vite = subprocess.Popen(["npm", "run", "dev"], cwd=ROOT / "frontend", start_new_session=True)
    server, seen = serve(), changed_at()
    try:
        while vite.poll() is None:
            time.sleep(LOOK_S)
            if (now := changed_at()) > seen:
                seen = now
                server.terminate()
                server.wait()
                server = serve()
    except KeyboardInterrupt:
        sys.stdout.write("\n")
    finally:
        server.terminate()
        if vite.poll() is None:
            os.killpg(vite.pid, signal.SIGTERM)
        server.wait()


if __name__ == "__main__":
    main()
