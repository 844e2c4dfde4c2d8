"""Renew the locks: every package with its hashes, no address of any registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).parent / "uv"
COMPILE = [
    "pip",
    "compile",
    "--universal",
    "--python-version",
    "3.12",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
    "--no-annotate",
    "--quiet",
    "--python-preference",
    "only-system",
]
SERVER = [
    "--override",
    "requirements/overrides.txt",
    "--extra",
    "litellm",
    "--extra",
    "local-model",
    "--extra",
    "server",
    "pyproject.toml",
]

LOCKS = {
    "bootstrap.txt": ["requirements/bootstrap.in"],
    "node.txt": ["requirements/node.in"],
    "server.txt": SERVER,
    "dev.txt": [*SERVER, "--extra", "dev"],
}

for name, sources in LOCKS.items():
    subprocess.run(
        [UV, *COMPILE, *sources, "-o", f"requirements/{name}"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    print(f"requirements/{name}")
