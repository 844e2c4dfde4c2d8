"""Circuit breakers: when they open, whom they let through, what they never count."""

from __future__ import annotations

import pytest

from tests.llm.calls import Recorder
from tests.stubs.provider import Script, StubProvider
from wireloom.engine.services import ChatRequest, Message
from wireloom.llm.breaker import OPEN_S, WINDOW_S, Breaker
from wireloom.llm.credentials import EnvironmentCredentials
from wireloom.llm.errors import (
    CircuitOpen,
    ProviderError,
    ProviderRateLimit,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
)
from wireloom.llm.models import Models
from wireloom.llm.service import ModelService

MODEL = "openai/gpt-4o-mini"
ASK = ChatRequest(MODEL, (Message("user", "When?"),))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock) -> Breaker:
    return Breaker(MODEL, clock)


def call(breaker, error=None):
    """Make one call that ends so; give whether it was let through."""
    try:
        with breaker:
            if error is not None:
                raise error("no", provider="openai")
    except CircuitOpen:
        return False
    except ProviderError:
        pass
    return True


def test_five_failures_within_a_minute_open_it_for_a_minute(breaker, clock):
    for _ in range(5):
        assert call(breaker, ProviderUnavailable)

    assert (breaker.state, call(breaker), breaker.left_s) == ("open", False, OPEN_S)
    clock.now = OPEN_S
    assert (breaker.state, call(breaker), breaker.state) == ("half_open", True, "closed")


def test_failures_that_lie_farther_apart_do_not(breaker, clock):
    for _ in range(12):
        assert call(breaker, ProviderTimeout)
        clock.now += WINDOW_S / 4 + 1

    assert breaker.state == "closed"


def test_one_success_forgets_the_failures_before_it(breaker):
    for _ in range(4):
        call(breaker, ProviderUnavailable)
    call(breaker)
    for _ in range(4):
        call(breaker, ProviderUnavailable)

    assert breaker.state == "closed"


@pytest.mark.parametrize("error", [ProviderRefused, ProviderRateLimit])
def test_what_the_caller_did_wrong_is_never_counted(breaker, error):
    for _ in range(20):
        assert call(breaker, error)

    assert breaker.state == "closed"


def test_half_open_lets_one_probe_through_at_a_time(breaker, clock):
    for _ in range(5):
        call(breaker, ProviderUnavailable)
    clock.now = OPEN_S

    with breaker:
        assert not call(breaker)
    assert breaker.state == "closed"


def test_a_probe_that_fails_opens_it_again(breaker, clock):
    for _ in range(5):
        call(breaker, ProviderUnavailable)
    clock.now = OPEN_S
    assert call(breaker, ProviderUnavailable)

    assert (breaker.state, breaker.left_s) == ("open", OPEN_S)


def test_a_probe_that_is_cut_short_leaves_the_next_call_to_try(breaker, clock):
    for _ in range(5):
        call(breaker, ProviderUnavailable)
    clock.now = OPEN_S
    with pytest.raises(KeyboardInterrupt), breaker:
        raise KeyboardInterrupt

    assert call(breaker)


async def test_an_open_breaker_spares_the_provider_and_is_seen_among_the_models():
    async with StubProvider() as stub:
        stub.otherwise = Script(status=500)
        keys = {"OPENAI_API_KEY": "sk-test-0123456789", "OPENAI_BASE_URL": f"{stub.url}/v1"}
        credentials, models = EnvironmentCredentials(keys), Models(local_model=False)
        try:
            for expected in (*[ProviderUnavailable] * 5, CircuitOpen, CircuitOpen):
                # A service of its own each time: the breaker outlives steps and runs.
                with pytest.raises(expected) as caught:
                    await ModelService(models, credentials, Recorder()).complete(ASK)

            assert (len(stub.calls), caught.value.code, caught.value.retryable) == (5, "circuit_open", False)
            assert models.breaker_states(await credentials.every()) == {MODEL: "open"}
            assert models.breaker_states([]) == {}
        finally:
            await models.aclose()
