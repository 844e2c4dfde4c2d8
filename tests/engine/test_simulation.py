"""A thousand seeded runs on virtual time, with crashes: whatever the order, what RUNS.md promises holds.

A failure names its seed; `simulate(seed)` plays it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.engine.checks import check_history
from tests.engine.documents import random_workflow
from tests.engine.simulated import SHAKY, Case, Plant, crashing, simulate, world_of
from tests.engine.virtual import drive, plan_of, virtually
from wireloom.engine.execution import Execution
from wireloom.engine.plan import Plan
from wireloom.graph.problems import InvalidWorkflow

SEEDS_A_TEST = 50


def over(beginning: int, play: Callable[[int], Any]) -> None:
    for seed in range(beginning, beginning + SEEDS_A_TEST):
        try:
            play(seed)
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise


@pytest.mark.parametrize("beginning", range(0, 1_200, SEEDS_A_TEST))
def test_any_order_of_completion_and_any_crashes_give_what_the_rules_say(beginning):
    over(beginning, simulate)


@pytest.mark.prove
@pytest.mark.parametrize("beginning", range(100_000, 110_000, SEEDS_A_TEST))
def test_ten_thousand_more_seeds_hold(beginning):
    over(beginning, simulate)


def test_most_seeds_hold_a_workflow():
    assert sum(simulate(seed) for seed in range(100)) > 75


def racing_plan(seed: int, **settings: Any) -> Plan | None:
    """A workflow whose outcome may hang on which comes first; None if chance drew none that can run."""
    drawn = random_workflow(Random(seed), ends_by_clock=True)
    drawn.document["settings"] |= settings
    try:
        return plan_of(drawn.document, SHAKY, workflows=drawn.workflows)
    except InvalidWorkflow:
        return None


@pytest.mark.parametrize("beginning", range(0, 400, SEEDS_A_TEST))
def test_x19_a_cancellation_at_any_moment_ends_every_step_once(beginning):
    def play(seed: int) -> None:
        moment = Random(seed).uniform(0, 20)

        async def cancel(execution: Execution) -> None:
            await asyncio.sleep(moment)
            execution.cancel()

        if plan := racing_plan(seed):
            ran = virtually(drive(plan, {"n": seed % 6}, world=world_of(seed, 1), meanwhile=cancel))
            assert ran.outcome.status in ("cancelled", "succeeded", "failed")
            check_history(ran.events)

    over(beginning, play)


@pytest.mark.parametrize("beginning", range(0, 400, SEEDS_A_TEST))
def test_x13_a_time_limit_at_any_moment_ends_every_step_once(beginning):
    def play(seed: int) -> None:
        if plan := racing_plan(seed, timeout_s=Random(seed).uniform(0.01, 20)):
            ran = virtually(drive(plan, {"n": seed % 6}, world=world_of(seed, 1)))
            assert ran.outcome.status in ("succeeded", "failed")
            check_history(ran.events)

    over(beginning, play)


@pytest.mark.parametrize("beginning", range(0, 400, SEEDS_A_TEST))
def test_x7_a_run_with_races_ends_every_step_once_whatever_crashes(beginning):
    def play(seed: int) -> None:
        if plan := racing_plan(seed):
            crashing(Case(seed, plan, {"n": seed % 6}), Plant())

    over(beginning, play)
