"""X7: a join that takes the first."""

from __future__ import annotations

from tests.engine.virtual import SLEEP, graph, play, sleeping


def first(*, cancel: bool = False) -> dict:
    return {"type": "join", "config": {"mode": "first", "cancel_losers": cancel}}


def race(*, cancel: bool = False, **more: dict) -> dict:
    return graph(
        {"fast": sleeping(1), "slow": sleeping(5), "join": first(cancel=cancel), "after": "output", **more},
        "fast > join",
        "slow > join",
        "join > after",
    )


def test_x7_first_runs_on_the_first_live_edge_and_gives_its_value():
    ran = play(race(), None, SLEEP)

    assert ran.output == "1"
    assert ran.times("step.started")[2:] == [("join", 1), ("after", 1)]
    assert ran.times("step.succeeded")[-1] == ("slow", 5)


def test_x7_the_winner_is_recorded():
    ran = play(race(), None, SLEEP)

    assert next(one.sources for one in ran.events if one.type == "step.started" and one.step == "join") == (
        "fast",
    )


def test_x7_losers_are_stopped_where_the_join_says_so():
    ran = play(race(cancel=True), None, SLEEP)

    assert (ran.outcome.status, ran.steps) == (
        "succeeded",
        {"fast": "succeeded", "slow": "cancelled", "join": "succeeded", "after": "succeeded"},
    )
    assert ran.execution.state.steps["slow"].error["code"] == "cancelled"
    assert round(ran.events[-1].at - ran.events[0].at, 3) == 1


def test_x7_a_loser_that_something_else_needs_goes_on():
    document = race(cancel=True, other={"type": "output"})
    document["edges"].append({"source": "slow", "target": "other"})

    ran = play(document, None, SLEEP)

    assert (ran.steps["slow"], ran.output) == ("succeeded", {"after": "1", "other": "5"})


def test_x7_what_leads_to_a_loser_is_stopped_too_and_what_follows_in_it_skipped():
    document = graph(
        {
            "fast": sleeping(1),
            "slow": sleeping(5),
            "slower": sleeping(5),
            "join": first(cancel=True),
        },
        "fast > join",
        "slow > slower",
        "slower > join",
    )

    assert play(document, None, SLEEP).steps == {
        "fast": "succeeded", "slow": "cancelled", "slower": "skipped", "join": "succeeded",
    }  # fmt: skip


def test_x7_a_loop_that_lost_is_stopped():
    document = graph(
        {
            "fast": sleeping(1),
            "turn": sleeping(2),
            "enough": {"type": "condition", "config": {"expression": "iteration == 9"}},
            "join": first(cancel=True),
        },
        "fast > join",
        "turn > enough",
        "enough.false > turn ~9",
        "enough.true > join",
    )

    ran = play(document, None, SLEEP)

    assert (ran.outcome.status, ran.output, ran.steps) == (
        "succeeded",
        "1",
        {"fast": "succeeded", "turn": "cancelled", "join": "succeeded"},
    )


def test_x7_a_dead_edge_is_passed_over_and_all_dead_skip_the_join():
    def document(*wins: str) -> dict:
        return graph(
            {
                "a": {"type": "condition", "config": {"expression": "false"}},
                "b": {"type": "condition", "config": {"expression": wins[0]}},
                "join": first(),
            },
            "a.true > join",
            "b.true > join",
        )

    assert play(document("true"), 7).output == 7
    assert play(document("false"), 7).steps["join"] == "skipped"


def test_x7_a_loser_that_fails_as_it_is_stopped_fails_nothing():
    from tests.engine.virtual import made_up

    async def stubborn(config, inputs, services):
        try:
            await services.clock.sleep(50)
        finally:
            raise ValueError("I was not done")

    document = graph(
        {"fast": sleeping(1), "slow": "stubborn", "join": first(cancel=True)}, "fast > join", "slow > join"
    )

    ran = play(document, None, SLEEP, made_up("stubborn", stubborn))

    assert (ran.outcome.status, ran.steps["slow"]) == ("succeeded", "cancelled")
