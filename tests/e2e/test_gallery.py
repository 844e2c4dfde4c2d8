"""Every gallery workflow runs to its end: with a model that says what it should, and with the one that is always there."""

from __future__ import annotations

import json

import pytest

from tests.runs.outside import check_history, events_of, provider, start, until
from tests.server.live import serve

SLUGS = [
    "research-pipeline",
    "parallel-analysis",
    "classify-and-route",
    "quality-check",
    "translate-and-compare",
    "loop-until-good",
    "summarise-in-parts",
    "extract-to-json",
    "call-an-api",
    "agent-with-tools",
    "front-desk",
]
#: Where nobody answers, and the egress guard of a server that was told nothing lets nobody go.
NOWHERE = "http://127.0.0.1:9/"


def said(*texts):
    return [{"text": text} for text in texts]


def wish(name, **arguments):
    call = {"id": f"c-{name}", "name": name, "arguments": json.dumps(arguments)}
    return {"text": "", "tool_calls": [call], "finish": "tool_calls"}


def run_of(live, slug, **changes):
    """A run of a template, just taken home, on its sample input."""
    templates = live.ask("GET", "/api/v1/templates/").json["results"]
    sample = next(one["sample_input"] for one in templates if one["slug"] == slug)
    workflow = live.ask("POST", f"/api/v1/templates/{slug}/use/").json
    run = start(live, workflow["id"], input=sample | changes)
    ended = until(live, run["id"], "succeeded", "failed", within_s=120)
    assert (ended["status"], ended["error"]) == ("succeeded", None)
    check_history(events_of(live, run["id"]))
    return ended


def steps_of(live, run):
    listed = live.ask("GET", f"/api/v1/runs/{run['id']}/steps/?limit=200").json["results"]
    return {step["key"]: step["status"] for step in listed if step["status"] != "skipped"}


@pytest.fixture(scope="module")
def scripted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripted")
    with (
        provider(folder) as stub,
        serve(
            folder / "data",
            WIRELOOM_EGRESS_ALLOW="127.0.0.1/32",
            WIRELOOM_LIMITS="agent=1",
            **stub.environment,
        ) as live,
    ):
        yield live, stub


def test_the_gallery_has_these(scripted):
    live, _ = scripted

    assert [one["slug"] for one in live.ask("GET", "/api/v1/templates/").json["results"]] == SLUGS


@pytest.mark.parametrize(
    ("slug", "answers", "output"),
    [
        ("research-pipeline", said("facts", "article", "short"), "short"),
        ("parallel-analysis", said("one", "two", "three", "all"), "all"),
        ("classify-and-route", said("Complaint.", "Sorry!"), "Sorry!"),
        ("quality-check", said("Too short.", "Better."), "Better."),
        (
            "translate-and-compare",
            said("Le musée", "The museum", "Nothing."),
            {
                "original": "The museum is closed on Mondays, but the garden is open every day.",
                "translation": "Le musée",
                "back": "The museum",
                "verdict": "Nothing.",
            },
        ),
        (
            "loop-until-good",
            said("x" * 200, " Folds flat. "),
            {"text": "Folds flat.", "characters": 11, "pass": 2},
        ),
        (
            "summarise-in-parts",
            said("a", "b", "c", "d", "all"),
            {"summary": "all", "parts": ["a", "b", "c", "d"]},
        ),
        (
            "extract-to-json",
            said('{"customer": "Dana Brook", "product": "garden chair", "quantity": 3, "urgent": true}'),
            {"customer": "Dana Brook", "line": "3 x garden chair", "total": 73.5, "delivery": "express"},
        ),
        ("agent-with-tools", [wish("calculate", expression="84.5 * 0.85"), *said("71.825.")], "71.825."),
        ("front-desk", said('{"choice": "subject"}', "facts", "article", "short"), "short"),
        ("front-desk", said('{"choice": "customer"}', "praise", "Thank you!"), "Thank you!"),
    ],
)
def test_it_gives_what_its_model_leads_to(scripted, slug, answers, output):
    live, stub = scripted
    stub.script(*answers)

    assert run_of(live, slug)["output"] == output


def test_a_loop_that_is_never_good_enough_gives_its_shortest_draft_and_was_told_why(scripted):
    live, stub = scripted
    before = len(stub.prompts)
    stub.script(*said("x" * 300, "y" * 150, "z" * 200))
    ended = run_of(live, "loop-until-good")

    assert ended["output"] == {"text": "y" * 150, "characters": 150, "pass": 2}
    order = "Advertise this in one short sentence: A bicycle that folds into a backpack"
    assert stub.prompts[before:] == [
        order,
        f"{order}\n\nThis is too long. It has 300 characters, and 120 are allowed: {'x' * 300}",
        f"{order}\n\nThis is too long. It has 150 characters, and 120 are allowed: {'y' * 150}",
    ]


def test_a_text_without_paragraphs_to_summarise_is_summarised_from_nothing(scripted):
    live, stub = scripted
    stub.script(*said("Nothing was said."))

    assert run_of(live, "summarise-in-parts", text="\n\n")["output"] == {
        "summary": "Nothing was said.",
        "parts": [],
    }


def test_what_a_service_answers_is_explained(scripted):
    live, stub = scripted
    before = len(stub.prompts)
    stub.script(*said("There are no models."))
    ended = run_of(live, "call-an-api", url=f"{stub.url}/api/tags")

    assert ended["output"] == "There are no models."
    assert stub.prompts[before:] == [
        'A web service answered:\n\n{"models":[]}\n\nSay in two sentences what this tells.'
    ]


@pytest.mark.parametrize(
    ("path", "reason"), [("/nothing", "404"), ("/script", "405")], ids=["not-there", "not-allowed"]
)
def test_a_service_that_gives_no_answer_is_told_in_words(scripted, path, reason):
    live, stub = scripted
    ended = run_of(live, "call-an-api", url=f"{stub.url}{path}")

    assert ended["output"].startswith(f"{stub.url}{path} gave no answer: ")
    assert reason in ended["output"]
    assert steps_of(live, ended) == {
        "start": "succeeded",
        "fetch": "failed",
        "apologise": "succeeded",
        "result": "succeeded",
    }


def test_an_order_that_cannot_be_read_goes_its_own_way(scripted):
    live, stub = scripted
    stub.script(*said("I cannot.", "I really cannot.", "No."))
    ended = run_of(live, "extract-to-json", message="Hm.")

    assert ended["output"]["unread"] == "Hm."
    assert ended["output"]["reason"].startswith("The answer does not fit the schema: ")


def test_an_agent_is_given_what_its_tools_gave_and_does_without(scripted):
    live, stub = scripted
    before = len(stub.prompts)
    stub.script(wish("calculate", expression="84.5 * 0.85"), wish("current_time"), *said("Done."))
    run_of(live, "agent-with-tools")
    told, date = stub.prompts[before + 1 :]

    assert (told, len(date)) == ("71.825", len("2026-11-24T22:05:24+00:00"))
    stub.script(wish("calculate", expression="1"), wish("calculate", expression="1"))
    stub.script(wish("calculate", expression="1"))
    assert (
        run_of(live, "agent-with-tools")["output"]
        == "The agent asked for tools until its rounds were used up."
    )


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("local") / "data") as live:
        yield live


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_runs_to_its_end_on_the_local_model(local, slug):
    offline = {"url": NOWHERE} if slug == "call-an-api" else {}
    ended = run_of(local, slug, **offline)

    assert ended["output"]
    asked_a_model = not offline
    assert (ended["usage"]["output_tokens"] > 0) is asked_a_model
    assert ended["usage"]["cost_usd"] == (0.0 if asked_a_model else None)
