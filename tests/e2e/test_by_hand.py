"""A workflow made by hand from nothing to its answer, and one run on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browser import PHONE, Watched
from tests.server.live import serve

pytestmark = pytest.mark.browser

OWNER = "owner"
PASSWORD = "correct horse battery"
RUN_MS = 30_000
#: A list of completions takes no Enter within 75 ms of its opening, lest it take one meant for the text.
JUST_OPENED_MS = 150


def card(page: Page, name: str) -> Locator:
    """The node's card, whatever is wrong with it."""
    return page.get_by_role("group", name=re.compile(f"^{name},"))


def add(page: Page, name: str) -> None:
    """Type a node type's name after `/`, and take what is offered."""
    page.get_by_role("region", name="Canvas").focus()
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Node type").fill(name)
    page.keyboard.press("Enter")
    expect(card(page, name)).to_have_count(1)


def wire(page: Page, source: str, target: str) -> None:
    """Drag from the output of one card to the input of another."""
    start, end = (
        card(page, name).locator(f".react-flow__handle.{side}").bounding_box()
        for name, side in ((source, "source"), (target, "target"))
    )
    assert start and end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
    page.mouse.up()


def leave_field(page: Page) -> None:
    """Press Escape until it has left the field; a list of completions that has just opened takes one for itself."""
    for _ in range(5):
        page.keyboard.press("Escape")
        if not page.evaluate("document.activeElement.closest('.cm-editor') !== null"):
            return
        page.wait_for_timeout(JUST_OPENED_MS)
    raise AssertionError("Escape does not leave the field.")


def edges(page: Page) -> Locator:
    """Every wire on the canvas."""
    return page.locator(".react-flow__edge")


def test_a_workflow_is_built_by_hand_published_run_and_brought_back(page: Page, tmp_path):
    page.emulate_media(reduced_motion="reduce")  # so that the view does not glide under the pointer
    with serve(tmp_path / "data") as live:
        page.goto(f"{live.url}{live.link}")
        page.get_by_role("link", name="All workflows").click()
        page.get_by_role("button", name="New workflow").click()

        # Three nodes by their names, two wires by hand.
        for name in ("Input", "Transform", "Output"):
            add(page, name)
        page.get_by_role("button", name="Tidy up").click()
        page.get_by_role("button", name="Fit to view").click()
        wire(page, "Input", "Transform")
        wire(page, "Transform", "Output")
        expect(edges(page)).to_have_count(2)

        # What the workflow asks for.
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Add an input").click()
        page.get_by_label("Name of the input").fill("topic")

        # A transform that says nothing is wrong, until it says something.
        problems = page.get_by_role("button", name="1 problem")
        expect(problems).to_be_visible()
        card(page, "Transform").click()
        expression = page.get_by_role("textbox", name="Expression")
        expression.click()
        page.keyboard.type("1 + 1")
        page.keyboard.press("Control+a")
        page.keyboard.type("input.to")
        page.get_by_role("option", name=re.compile("^topic")).wait_for()
        page.wait_for_timeout(JUST_OPENED_MS)
        page.keyboard.press("Enter")
        page.keyboard.type(".up")
        page.get_by_role("option", name=re.compile("^upper")).wait_for()
        page.wait_for_timeout(JUST_OPENED_MS)
        page.keyboard.press("Enter")
        page.keyboard.type("()")
        expect(expression).to_have_text("input.topic.upper()")
        expect(problems).to_have_count(0)

        # Copied, pasted, undone and done again.
        transforms = page.get_by_role("group", name=re.compile(r"^Transform( \d)?,"))
        leave_field(page)
        page.keyboard.press("Control+c")
        page.keyboard.press("Control+v")
        expect(transforms).to_have_count(2)
        page.keyboard.press("Control+z")
        expect(transforms).to_have_count(1)
        page.keyboard.press("Control+Shift+z")
        expect(transforms).to_have_count(2)
        page.keyboard.press("Control+z")
        expect(transforms).to_have_count(1)

        # Published, then run.
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(page.get_by_role("button", name="Versions: v1 is live")).to_be_visible()
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_label(re.compile("^Topic")).fill("a knot")
        page.get_by_role("button", name=re.compile("^Run the draft")).click()
        expect(page.get_by_role("group", name="Output", exact=True)).to_have_text("A KNOT", timeout=RUN_MS)

        # The draft goes on; the version is looked at, brought back, and undo brings back the draft.
        card(page, "Output").click()
        page.keyboard.press("Delete")
        expect(card(page, "Output")).to_have_count(0)
        versions = page.get_by_role("button", name="Versions: Draft differs from v1")
        versions.click()
        expect(page.get_by_role("list", name="Published versions")).to_contain_text("1 node more")
        page.get_by_role("button", name="Look at version 1").click()
        shown = page.get_by_role("region", name="Version 1, to look at")
        expect(shown.get_by_role("group", name=re.compile("^Output,"))).to_be_visible()
        page.get_by_role("button", name="Restore", exact=True).click()
        expect(card(page, "Output")).to_be_visible()
        expect(page.get_by_role("button", name="Versions: v1 is live")).to_be_visible()
        page.get_by_role("button", name="Undo: restore version 1").click()
        expect(card(page, "Output")).to_have_count(0)
        expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


def test_on_a_phone_one_signs_in_with_a_password_runs_and_reads_the_answer(
    chromium: Browser, watched: Watched, tmp_path
):
    graph = {
        "schema": 1,
        "inputs": {"type": "object", "properties": {"who": {"type": "string"}}, "required": ["who"]},
        "nodes": [
            {"id": "ask", "type": "input", "label": "Guest"},
            {
                "id": "greet",
                "type": "output",
                "label": "Greeting",
                "position": {"x": 320, "y": 0},
                "config": {"value": '"Welcome, " + input.who'},
            },
        ],
        "edges": [{"source": "ask", "target": "greet"}],
    }
    with serve(tmp_path / "data") as live:
        live.ask("POST", "/api/v1/workflows/", {"name": "Reception", "graph": graph})
        desk = watched.over(chromium.new_page())
        desk.goto(f"{live.url}{live.link}")
        desk.goto(f"{live.url}/settings/account")
        desk.get_by_label("New password").fill(PASSWORD)
        desk.get_by_role("button", name="Set the password").click()
        expect(desk.get_by_text("The password is set")).to_be_visible()
        desk.close()

        context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
        phone = watched.over(context.new_page())
        phone.goto(f"{live.url}/")
        phone.get_by_label("Username").fill(OWNER)
        phone.get_by_label("Password").fill(PASSWORD)
        phone.get_by_role("button", name="Sign in").tap()
        phone.get_by_role("link", name=re.compile("^Reception")).tap()
        phone.get_by_role("button", name="Run", exact=True).tap()
        phone.get_by_label(re.compile("^Who")).fill("Ada")
        phone.get_by_role("button", name=re.compile("^Run the draft")).tap()
        answer = phone.get_by_role("group", name="Output", exact=True)
        expect(answer).to_have_text("Welcome, Ada", timeout=RUN_MS)
        expect(answer).to_be_in_viewport()
        context.close()
