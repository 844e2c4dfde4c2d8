"""`make test`: every lane of tests, the fast ones first, and one closing line that counts them all.

scripts/test.py [--prove]    with --prove, the long lanes instead
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
RESULTS = ROOT / "var" / "test-results"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@dataclass
class Result:
    """What became of one lane."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    #: The tests that failed, by name.
    names: list[str] = field(default_factory=list)


def pytest(*arguments: str) -> Result:
    report = RESULTS / "pytest.xml"
    report.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        f"--junit-xml={report}",
        "-o",
        "junit_family=xunit1",
        *arguments,
    ]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if not report.exists():
        return Result(failed=1, names=[f"pytest {' '.join(arguments)} (exit {code})"])
    result = Result()
    for case in ElementTree.parse(report).iter("testcase"):
        outcomes = {child.tag for child in case}
        if outcomes & {"failure", "error"}:
            result.failed += 1
            result.names.append(f"{case.get('file') or case.get('classname')}::{case.get('name')}")
        elif "skipped" in outcomes:
            result.skipped += 1
        else:
            result.passed += 1
    if code and not result.failed:
        result.failed, result.names = 1, [f"pytest {' '.join(arguments)} (exit {code})"]
    return result


def vitest() -> Result:
    report = RESULTS / "vitest.json"
    report.unlink(missing_ok=True)
    command = ["npx", "vitest", "run", "--reporter=default", "--reporter=json", f"--outputFile.json={report}"]
    code = subprocess.run(command, cwd=FRONTEND, check=False).returncode
    if not report.exists():
        return Result(failed=1, names=[f"vitest (exit {code})"])
    told = json.loads(report.read_text(encoding="utf-8"))
    names = [
        case["fullName"]
        for file in told["testResults"]
        for case in file["assertionResults"]
        if case["status"] == "failed"
    ]
    failed = told["numFailedTests"] or (1 if code else 0)
    return Result(told["numPassedTests"], failed, told["numPendingTests"], names)


def browser() -> Result:
    """Newcomers' paths in a real browser against the real server."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        print(
            "The browser tests are left out: no Chromium here (Debian: apt-get install chromium).", flush=True
        )
        return Result(skipped=1)
    os.environ["CHROMIUM"] = found
    return pytest("-m", "browser")


#: What runs mean does not depend on the database: these run on both.
ON_POSTGRES = [
    "tests/accounts/test_idempotency.py",
    *(
        f"tests/runs/{name}.py"
        for name in ("test_journal", "test_retention", "driving/test_sharing", "driving/test_takeover")
    ),
]


def on_postgres(*arguments: str) -> Result:
    """The same tests on a Postgres of their own."""
    command = [sys.executable, "-m", "tests.postgres"]
    missing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if missing.returncode:
        print(f"The tests on Postgres are left out. {missing.stderr.strip()}", flush=True)
        return Result(skipped=1)
    os.environ["TESTS_DATABASE"] = "postgres"
    try:
        return pytest(*arguments)
    finally:
        del os.environ["TESTS_DATABASE"]


type Lane = tuple[str, Callable[[], Result]]

LANES: list[Lane] = [
    ("front end", vitest),
    ("Python", lambda: pytest("-m", "not browser and not prove")),
    ("Postgres", lambda: on_postgres("-m", "not slow and not prove", *ON_POSTGRES)),
    ("browser", browser),
]
PROOFS: list[Lane] = [
    ("long lanes", lambda: pytest("-m", "prove")),
    (
        "Postgres",
        lambda: on_postgres(
            "-m", "not browser and not prove", "tests/accounts", "tests/builder", "tests/runs"
        ),
    ),
]


def results(lanes: list[Lane]) -> Iterator[tuple[str, Result]]:
    for name, lane in lanes:
        print(f"== {name}", flush=True)
        began = time.monotonic()
        yield name, lane()
        print(f"== {name}: {time.monotonic() - began:.0f} s", flush=True)


def main() -> int:
    RESULTS.mkdir(parents=True, exist_ok=True)
    total = Result()
    for name, result in results(PROOFS if "--prove" in sys.argv[1:] else LANES):
        total.passed += result.passed
        total.failed += result.failed
        total.skipped += result.skipped
        total.names += [f"{name}: {test}" for test in result.names]
    print()
    for test in total.names:
        print(f"FAILED {test}")
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped", flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
