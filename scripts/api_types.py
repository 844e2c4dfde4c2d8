"""`make types`: what the front end takes from the server, renewed. With `--check` it is only compared.

That is the types of the API, drawn from its OpenAPI document, and the node
catalogue that the front end's tests draw their forms from.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
TYPES = FRONTEND / "src" / "api" / "generated.ts"
CATALOGUE = ROOT / "tests" / "contracts" / "catalogue.json"

SCHEMA = "from server.docs import schema_text; print(schema_text('json').decode())"
NODE_TYPES = (
    "import json; from wireloom.nodes import catalogue; print(json.dumps(catalogue().describe(), indent=2))"
)


def told(code: str, folder: Path) -> bytes:
    """What `code` prints, run in the server."""
    return subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", code],
        cwd=ROOT,
        env={**os.environ, "WIRELOOM_DATA_DIR": str(folder / "data")},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


def types(folder: Path) -> bytes:
    """The API as TypeScript."""
    schema, drawn = folder / "openapi.json", folder / "generated.ts"
    schema.write_bytes(told(SCHEMA, folder))
    command = ["npm", "run", "--silent", "types", "--", schema, "--output", drawn]
    subprocess.run(command, cwd=FRONTEND, stdout=subprocess.DEVNULL, check=True)
    return drawn.read_bytes()


def is_current(path: Path, content: bytes) -> bool:
    """Whether `path` holds `content`; says so where it does not."""
    if path.exists() and path.read_bytes() == content:
        return True
    sys.stdout.write(f"{path.relative_to(ROOT)} is not what the server tells: `make types` renews it.\n")
    return False


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="wireloom-types-") as name:
        folder = Path(name)
        files = {TYPES: types(folder), CATALOGUE: told(NODE_TYPES, folder)}
    if "--check" in sys.argv:
        stale = [path for path, content in files.items() if not is_current(path, content)]
        return 1 if stale else 0
    for path, content in files.items():
        path.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
