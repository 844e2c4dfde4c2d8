"""Loops and splits in the browser: drawn, watched, looked into; outputs pinned, and parts run by themselves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser import PATIENCE_MS
from tests.e2e.test_by_hand import card
from tests.server.live import Live, serve

pytestmark = pytest.mark.browser

LOOP = {
    "schema": 1,
    "nodes": [
        {"id": "start", "type": "input", "label": "Start"},
        {
            "id": "draft",
            "type": "transform",
            "label": "Draft",
            "position": {"x": 320, "y": 0},
            "config": {"template": "Draft {{ iteration }}"},
        },
        {
            "id": "judge",
            "type": "condition",
            "label": "Judge",
            "position": {"x": 640, "y": 0},
            "config": {"expression": "iteration >= 3"},
        },
        {"id": "end", "type": "output", "label": "End", "position": {"x": 1000, "y": 0}},
    ],
    "edges": [
        {"source": "start", "target": "draft"},
        {"source": "draft", "target": "judge"},
        {"source": "judge", "source_port": "true", "target": "end"},
    ],
}

SPLIT = {
    "schema": 1,
    "inputs": {"type": "object", "properties": {"rows": {"type": "array", "default": [5, 0, 2]}}},
    "nodes": [
        {
            "id": "rows",
            "type": "split",
            "label": "Rows",
            "config": {"items": "input.rows", "on_item_error": "null"},
        },
        {
            "id": "share",
            "type": "transform",
            "label": "Share",
            "position": {"x": 360, "y": 0},
            "config": {"expression": "10 / item"},
        },
        {
            "id": "all",
            "type": "join",
            "label": "All",
            "position": {"x": 720, "y": 0},
            "config": {"mode": "collect"},
        },
        {
            "id": "count",
            "type": "transform",
            "label": "Count",
            "position": {"x": 1040, "y": 0},
            "config": {"expression": "size(nodes.all)"},
        },
    ],
    "edges": [
        {"source": "rows", "target": "share"},
        {"source": "share", "target": "all"},
        {"source": "all", "target": "count"},
    ],
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory):
    with serve(tmp_path_factory.mktemp("repeats") / "data") as one:
        yield one


@pytest.fixture(scope="module")
def session(live: Live, chromium):
    """The one sign-in of this server's one link, for every page."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{live.url}{live.link}")
    page.get_by_role("link", name="All workflows").wait_for()
    yield context.storage_state()
    context.close()


@pytest.fixture
def signed_in(page: Page, session) -> Page:
    page.context.add_cookies(session["cookies"])
    page.emulate_media(reduced_motion="reduce")  # so that the view does not glide under the pointer
    return page


def open_workflow(page: Page, live: Live, graph: dict[str, object], name: str) -> str:
    """Its id, once its cards are there."""
    workflow = live.ask("POST", "/api/v1/workflows/", {"name": name, "graph": graph}).json["id"]
    page.goto(f"{live.url}/workflows/{workflow}")
    page.locator(".react-flow__node").first.wait_for()
    return str(workflow)


def port(page: Page, node: str, selector: str) -> tuple[float, float]:
    """The middle of a port."""
    box = page.locator(f'.react-flow__node[data-id="{node}"] {selector}').bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def waterfall(page: Page) -> Locator:
    """The rows of the run."""
    return page.get_by_role("list", name="Steps of the run")


def test_a_loop_is_drawn_by_dragging_back_and_its_passes_are_told(signed_in: Page, live):
    page = signed_in
    open_workflow(page, live, LOOP, "A loop")
    expect(page.get_by_text("'iteration' exists only inside a loop.")).to_have_count(2)

    # Dragged back, the wire says what it would do, and opens as a loop.
    page.mouse.move(*port(page, "judge", ".source[data-port='false']"))
    page.mouse.down()
    page.mouse.move(*port(page, "draft", ".target"), steps=8)
    expect(page.get_by_text("Loop back to Draft, up to 10 times")).to_be_visible()
    page.mouse.up()
    passes = page.get_by_label("Passes at most")
    expect(passes).to_have_value("10")
    passes.fill("5")
    expect(page.locator(".wire__label")).to_have_text("≤ 5×")
    expect(page.locator(".region")).to_have_text("loop ≤ 5×")
    expect(card(page, "Judge")).to_contain_text("Exhausted")

    # Each pass is seen on the card, in the waterfall and in the inspector.
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("group", name="Output", exact=True)).to_have_text("Draft 3")
    expect(card(page, "Draft")).to_contain_text("pass 3")
    expect(waterfall(page).get_by_role("button", name=re.compile("^Pass [123]"))).to_have_count(3)
    card(page, "Draft").click()
    page.get_by_role("tab", name="Last run").click()
    inspector = page.get_by_role("complementary", name="Inspector")
    output = inspector.get_by_role("group", name="Output", exact=True)
    expect(output).to_have_text("Draft 3")
    inspector.get_by_role("button", name="The one before").click()
    expect(output).to_have_text("Draft 2")


def test_a_split_counts_its_items_and_leads_to_the_one_that_failed(signed_in: Page, live):
    page = signed_in
    open_workflow(page, live, SPLIT, "A split")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".region")).to_have_text("each of input.rows")
    expect(card(page, "Share")).to_contain_text("3 of 3, 1 failed")

    page.get_by_role("link", name="Open the run").click()
    page.locator('.react-flow__node[data-id="share"]').click()
    details = page.get_by_role("complementary", name="Details")
    expect(details.get_by_role("group", name="Output", exact=True)).to_have_text("5")
    details.get_by_role("button", name="The next that failed").click()
    expect(details).to_contain_text("Division by zero.")
    expect(page).to_have_url(re.compile("step=share%3A1$"))
    expect(waterfall(page).get_by_role("button", name="Item 2")).to_have_attribute("aria-expanded", "true")
    page.reload()
    expect(details).to_contain_text("Division by zero.")


def test_a_pinned_output_stands_in_for_its_node_and_a_part_runs_by_itself(signed_in: Page, live):
    page = signed_in
    workflow = open_workflow(page, live, SPLIT, "Parts")
    page.get_by_role("button", name="Run", exact=True).click()
    result = page.get_by_role("group", name="Output", exact=True)
    expect(result).to_have_text("3")

    # One node alone works on what the run before it gave.
    card(page, "Count").click()
    page.get_by_role("button", name="More for this node").click()
    page.get_by_role("menuitem", name="Run only this").click()
    expect(waterfall(page).get_by_role("listitem")).to_have_text(
        [re.compile(f"^{name}") for name in ("All", "Count")]
    )
    expect(page.locator(".run-panel").get_by_role("group", name="Output", exact=True)).to_have_text("3")

    # Pinned and changed, an output is what the next run goes on with.
    card(page, "All").click()
    page.get_by_role("tab", name="Last run").click()
    page.get_by_role("button", name="Pin this output").click()
    editor = page.get_by_role("textbox", name="Pinned output")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("[7")
    expect(card(page, "All")).to_contain_text("pinned")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".run-panel").get_by_role("group", name="Output", exact=True)).to_have_text(
        "1", timeout=PATIENCE_MS
    )
    draft = live.ask("GET", f"/api/v1/workflows/{workflow}/").json["graph"]
    assert [node.get("pin") for node in draft["nodes"]] == [None, None, {"output": [7]}, None]

    page.get_by_role("button", name="Unpin").click()
    expect(card(page, "All")).not_to_contain_text("pinned")
