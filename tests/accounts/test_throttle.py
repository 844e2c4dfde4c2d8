from __future__ import annotations

from accounts import throttle
from accounts.throttle import Throttle


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_key_waits_until_its_oldest_failure_leaves_the_window() -> None:
    clock = Clock()
    window = Throttle(limit=2, window_s=10, clock=clock)
    window.fail("a")
    clock.now = 4
    window.fail("a")

    waits = [window.wait_s("a"), window.wait_s("b")]
    clock.now = 10

    assert waits == [6, 0]
    assert window.wait_s("a") == 0


def test_once_all_are_forgiven_nobody_need_wait() -> None:
    window = Throttle(limit=1, window_s=10, clock=Clock())
    window.fail("a")
    window.clear()

    assert window.wait_s("a") == 0


def test_it_remembers_a_bounded_number_of_keys() -> None:
    window = Throttle(limit=1, window_s=10, clock=Clock())
    for number in range(throttle.MAX_KEYS + 1):
        window.fail(str(number))

    assert [window.wait_s("0"), window.wait_s("1")] == [0, 10]
