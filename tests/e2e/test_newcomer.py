"""What a newcomer does in the first five minutes, on the real server with the real local model."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.runs.outside import check_history, events_of
from tests.server.live import serve

pytestmark = pytest.mark.browser

#: The tiny model writes a hundred words in a few seconds, on a busy machine in half a minute.
MODEL_MS = 120_000


def test_from_the_link_to_a_run_that_is_found_again(page: Page, tmp_path):
    with serve(tmp_path / "data") as live:
        # The link that the server prints leads to a workflow that can run at once.
        page.goto(f"{live.url}{live.link}")
        expect(page).to_have_url(re.compile(r"/workflows/\w+"))
        expect(page.get_by_role("group", name="Researcher, Agent")).to_be_visible()

        # The gallery has more of them.
        page.get_by_role("link", name="All workflows").click()
        page.get_by_role("button", name=re.compile("^Quality check")).click()
        writer = page.get_by_role("group", name=re.compile("^Writer"))
        expect(writer).to_be_visible()

        # A prompt is changed, and saved by itself.
        writer.click()
        prompt = page.get_by_role("textbox", name="Prompt", exact=True)
        prompt.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" Mention the moon.")
        expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()

        # It runs, node by node.
        page.get_by_role("button", name="Run", exact=True).click()
        steps = page.get_by_role("list", name="Steps of the run")
        expect(steps.get_by_role("button", name=re.compile("^Writer"))).to_be_visible(timeout=MODEL_MS)

        # A reload in the middle loses nothing.
        page.reload()
        expect(page.get_by_role("link", name="Open the run")).to_be_visible(timeout=MODEL_MS)
        expect(page.get_by_role("group", name="State of the run")).to_contain_text(
            "Succeeded", timeout=MODEL_MS
        )
        run_id = re.search(r"run=(\w+)", page.url)[1]

        # History knows it, and shows all that happened.
        page.goto(f"{live.url}/runs")
        page.get_by_role("link", name=re.compile("Quality check")).first.click()
        expect(page).to_have_url(f"{live.url}/runs/{run_id}")
        page.get_by_role("button", name=re.compile("^local.smollm2-135m")).first.click()
        expect(page.get_by_text("Mention the moon.").first).to_be_visible()

        events = events_of(live, run_id)
        check_history(events)
        assert events[-1]["type"] == "run.succeeded"


def test_a_workflow_is_drawn_by_hand_and_answers_to_undo(page: Page, tmp_path):
    with serve(tmp_path / "data") as live:
        page.goto(f"{live.url}{live.link}")
        page.get_by_role("link", name="All workflows").click()
        page.get_by_role("button", name="New workflow").click()
        expect(page).to_have_url(re.compile(r"/workflows/\w+"))

        expect(page.get_by_role("region", name="Canvas")).to_be_visible()
        page.keyboard.press("/")
        page.get_by_role("combobox", name=re.compile("node", re.I)).fill("transf")
        page.keyboard.press("Enter")
        node = page.get_by_role("group", name=re.compile("Transform$"))
        expect(node).to_have_count(1)
        page.get_by_role("button", name="Undo").click()
        expect(node).to_have_count(0)
        page.get_by_role("button", name="Redo").click()
        expect(node).to_have_count(1)

        # What is wrong is told before a run, at the node.
        page.keyboard.press("p")
        expect(page.get_by_role("tabpanel", name=re.compile("^Problems"))).to_contain_text("Transform")
        workflow = re.search(r"/workflows/(\w+)", page.url)[1]
        expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
        report = live.ask("POST", f"/api/v1/workflows/{workflow}/validate/", {}).json
        assert [problem["code"] for problem in report["errors"]] == ["missing_config"]


def test_a_watched_run_goes_on_over_a_restart(page: Page, tmp_path, watched):
    """The server is stopped and started again under an open page, which goes on where it was."""
    watched.allowed += ["WebSocket", "ERR_CONNECTION_REFUSED", "503", "Failed to load resource"]
    graph = {
        "schema": 1,
        "nodes": [
            {"id": "rest", "type": "delay", "label": "Rest", "config": {"duration_s": 12}},
            {"id": "out", "type": "output", "label": "Answer"},
        ],
        "edges": [{"source": "rest", "target": "out"}],
    }
    with serve(tmp_path / "data") as live:
        page.goto(f"{live.url}{live.link}")
        workflow = live.ask("POST", "/api/v1/workflows/", {"name": "Patient", "graph": graph}).json["id"]
        run = live.ask("POST", f"/api/v1/workflows/{workflow}/runs/", {"input": {"kept": "yes"}}).json["id"]
        page.goto(f"{live.url}/runs/{run}")
        expect(page.get_by_text("Waiting").first).to_be_visible()
        live.stop()
        port = live.port
    with serve(tmp_path / "data", WIRELOOM_PORT=str(port)) as live:
        expect(page.get_by_text("Succeeded").first).to_be_visible(timeout=60_000)
        expect(page.get_by_role("button", name=re.compile("^Answer"))).to_have_count(1)
        check_history(events_of(live, run))
