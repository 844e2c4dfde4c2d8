"""What answers cost, from LiteLLM's table and without LiteLLM."""

import json
import subprocess
import sys

import pytest

from wireloom.engine.services import Usage
from wireloom.llm.prices import FREE, Price, Prices

TABLE = {
    "sample_spec": {
        "input_cost_per_token": 0.0,
        "output_cost_per_token": 0.0,
        "mode": "one of: chat, embedding",
    },
    "gpt-4o-mini": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 1.0,
        "output_cost_per_token": 4.0,
        "cache_read_input_token_cost": 0.5,
    },
    "together_ai/org/model": {
        "litellm_provider": "together_ai",
        "mode": "chat",
        "input_cost_per_token": 2.0,
        "output_cost_per_token": 3.0,
    },
    "xai/grok": {
        "litellm_provider": "xai",
        "mode": "chat",
        "input_cost_per_token": 1.0,
        "input_cost_per_token_above_128k_tokens": 10.0,
        "input_cost_per_token_above_256k_tokens": 100.0,
        "output_cost_per_token": 1.0,
    },
    "text-embedding-3-small": {
        "litellm_provider": "openai",
        "mode": "embedding",
        "input_cost_per_token": 1.0,
    },
}


@pytest.fixture
def prices(tmp_path):
    path = tmp_path / "table.json"
    path.write_text(json.dumps(TABLE))
    return Prices(path)


@pytest.mark.parametrize(
    ("model", "usage", "cost"),
    [
        ("openai/gpt-4o-mini", Usage(10, 5), 30.0),
        ("openai/gpt-4o-mini", Usage(10, 5, cached_tokens=4), 28.0),
        ("openai/gpt-4o-mini", Usage(), 0.0),
        ("together/org/model", Usage(1, 1), 5.0),
        ("xai/grok", Usage(128_000, 1), 128_001.0),
        ("xai/grok", Usage(128_001, 0), 1_280_010.0),
        ("xai/grok", Usage(300_000, 0), 30_000_000.0),
        ("ollama/llama3", Usage(10, 5), 0.0),
        ("local/smollm2-135m", Usage(10, 5), 0.0),
        ("openai/unheard-of", Usage(10, 5), None),
        ("xai/gpt-4o-mini", Usage(10, 5), None),
        ("openai/text-embedding-3-small", Usage(10, 5), None),
    ],
)
def test_an_answer_costs_what_the_table_says(prices, model, usage, cost):
    price = prices.price(model)

    assert (None if price is None else price.cost(usage)) == cost


def test_without_a_table_only_free_models_have_a_price(tmp_path):
    prices = Prices(tmp_path / "none.json")

    assert (prices.price("openai/gpt-4o-mini"), prices.price("local/smollm2-135m")) == (None, FREE)


def test_the_published_table_is_read_without_importing_litellm():
    script = (
        "import sys; from wireloom.llm.prices import Prices;"
        "print(Prices().price('openai/gpt-4o-mini'), 'litellm' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == f"{Price(1.5e-07, 6e-07, 7.5e-08, most_output=16_384)} False"
