"""`make bench [ONLY=noops,agents,served,canvas]`: measure and print."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from bench import agents, noops, served
from bench.measuring import HEADER, Row

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"


def canvas() -> None:
    """The front end's own measurements, in a real browser."""
    subprocess.run(["node", "bench/canvas.mjs"], cwd=FRONTEND, check=True)


TABLES: dict[str, Callable[[], Iterable[Row]]] = {
    "noops": noops.rows,
    "agents": agents.rows,
    "served": served.rows,
}


def main() -> None:
    wanted = os.environ.get("ONLY", ",".join([*TABLES, "canvas"])).split(",")
    unknown = set(wanted) - {*TABLES, "canvas"}
    if unknown:
        sys.exit(f"There is nothing to measure called {', '.join(sorted(unknown))}.")
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}")
    print(HEADER)
    for name, rows in TABLES.items():
        if name in wanted:
            for row in rows():
                print(row, flush=True)
    if "canvas" in wanted:
        canvas()


if __name__ == "__main__":
    main()
