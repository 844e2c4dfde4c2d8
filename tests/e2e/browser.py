"""A real browser that takes nothing lightly: an error in the console, a failed request or a 500 fails the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

WIDE = {"width": 1440, "height": 900}
#: How long a page may take to show something on a busy machine.
PATIENCE_MS = 20_000
PHONE = {"width": 390, "height": 844}
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert path, "no Chromium here; scripts/test.py leaves these tests out then"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            chromium_sandbox=os.geteuid() != 0,  # Chromium's sandbox refuses root
            args=ARGUMENTS,
        )
        yield browser
        browser.close()


@dataclass
class Watched:
    """What went wrong on a page. `allowed` are parts of messages that a test provokes on purpose."""

    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("response", self._response)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} {response.url}")

    def check(self) -> None:
        assert [one for one in self.problems if not any(part in one for part in self.allowed)] == []


@pytest.fixture
def watched() -> Iterator[Watched]:
    one = Watched()
    yield one
    one.check()


@pytest.fixture
def page(chromium: Browser, watched: Watched) -> Iterator[Page]:
    context = chromium.new_context(viewport=WIDE)
    yield watched.over(context.new_page())
    context.close()
