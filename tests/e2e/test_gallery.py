"""Every gallery workflow runs to its end on the model that is always there."""

from __future__ import annotations

import pytest

from tests.runs.outside import check_history, events_of, run_of, start, until
from tests.server.live import serve

SLUGS = [
    "research-pipeline",
    "parallel-analysis",
    "classify-and-route",
    "quality-check",
    "translate-and-compare",
]


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("gallery") / "data") as live:
        yield live


def test_the_gallery_has_these(gallery):
    assert [one["slug"] for one in gallery.ask("GET", "/api/v1/templates/").json["results"]] == SLUGS


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_runs_to_its_end_on_the_local_model(gallery, slug):
    template = next(
        one for one in gallery.ask("GET", "/api/v1/templates/").json["results"] if one["slug"] == slug
    )
    workflow = gallery.ask("POST", f"/api/v1/templates/{slug}/use/").json
    run = start(gallery, workflow["id"], input=template["sample_input"])
    ended = until(gallery, run["id"], "succeeded", "failed", within_s=120)
    assert (ended["status"], ended["error"]) == ("succeeded", None)
    assert ended["output"]
    assert ended["usage"]["output_tokens"] > 0
    check_history(events_of(gallery, run["id"]))
    assert run_of(gallery, run["id"])["usage"]["cost_usd"] == 0.0
