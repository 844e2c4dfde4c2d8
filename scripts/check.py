"""`make check`: everything that can be said about the code without running it. All checks run; any failure fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
FRONTEND = ROOT / "frontend"

type Command = tuple[str, list[str | Path], Path]

CHECKS: list[Command] = [
    ("format", [BIN / "ruff", "format", "--check", "--quiet", "."], ROOT),
    ("lint", [BIN / "ruff", "check", "--quiet", "."], ROOT),
    ("import rules", [BIN / "lint-imports", "--no-logo"], ROOT),
    ("types", [BIN / "mypy", "wireloom", "accounts", "builder", "runs", "server"], ROOT),
    ("migrations", [BIN / "python", "manage.py", "makemigrations", "--check", "--dry-run"], ROOT),
    ("django", [BIN / "python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"], ROOT),
    ("taken from API", [BIN / "python", "scripts/api_types.py", "--check"], ROOT),
    ("front end format", ["npm", "run", "--silent", "format:check"], FRONTEND),
    ("front end lint", ["npm", "run", "--silent", "lint"], FRONTEND),
    ("front end types", ["npm", "run", "--silent", "typecheck"], FRONTEND),
    ("duplicate code", ["npm", "run", "--silent", "duplicates"], FRONTEND),
]


def passes(name: str, command: list[str | Path], folder: Path) -> bool:
    began = time.monotonic()
    environment = {**os.environ, "WIRELOOM_DATA_DIR": str(ROOT / "var" / "check")}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    verdict = "failed" if done.returncode else "ok"
    print(f"{name:<18} {verdict:<7} {time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout.decode(errors="replace"), flush=True)
    return not done.returncode


if __name__ == "__main__":
    verdicts = [passes(*check) for check in CHECKS]
    sys.exit(0 if all(verdicts) else 1)
