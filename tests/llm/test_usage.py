"""What providers say of tokens is taken for what it is worth."""

from __future__ import annotations

import pytest

from wireloom.engine.services import Usage
from wireloom.llm.answers import usage_of


@pytest.mark.parametrize("nonsense", [None, "12", -3, 2**71, True, 1.5, [1], {"a": 1}])
def test_what_is_no_count_is_taken_for_none(nonsense):
    usage = {"prompt_tokens": nonsense, "completion_tokens": 7, "completion_tokens_details": nonsense}
    assert usage_of(usage) == Usage(0, 7)


def test_all_four_counts_are_read():
    usage = {
        "prompt_tokens": 12,
        "completion_tokens": 7,
        "prompt_tokens_details": {"cached_tokens": 4},
        "completion_tokens_details": {"reasoning_tokens": 2},
    }
    assert usage_of(usage) == Usage(12, 7, 4, 2)
