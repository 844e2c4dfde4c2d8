"""What a server holds does not grow with the runs that it has driven."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.runs.outside import agents, make_workflow, provider, start
from tests.server.live import serve

#: The first fill what fills once: the database's page caches, pools, arenas.
WARM, MORE = 1_000, 1_000
#: How much a run may leave behind, KiB: room for noise, and for nothing of its own.
MOST_KIB = 1


@pytest.mark.prove
def test_a_thousand_runs_leave_nothing_behind(tmp_path):
    with provider(tmp_path) as stub, serve(tmp_path / "data", **stub.environment) as live:
        workflow = make_workflow(live, agents("one", "two", "three"))

        def drive(_):
            run = start(live, workflow, input={"text": "word " * 500}, headers={"Prefer": "wait=30"})
            assert run["status"] == "succeeded"

        def holds(runs):
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(drive, range(runs)))
            time.sleep(12)  # texts linger for a while
            return live.memory_mib()

        before = holds(WARM)
        after = holds(MORE)
    print(f"{before:.1f} MiB after {WARM} runs, {after:.1f} MiB after {WARM + MORE}")
    assert (after - before) * 1024 / MORE < MOST_KIB
