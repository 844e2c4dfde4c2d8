"""What a model's tokens cost, from the table that LiteLLM publishes in its package.

The table is read as the JSON file it is: LiteLLM itself is never imported, which
would take seconds. Without it every price is unknown, save those of models that cost nothing.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import orjson

from wireloom.engine.services import Json, Usage
from wireloom.llm.providers import Provider, provider_named

_TABLE = "model_prices_and_context_window_backup.json"
_TIER = re.compile(r"input_cost_per_token_above_(\d+)k_tokens")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per token. `above` holds the prices for requests of more input tokens than it names."""

    input: float
    output: float
    cached: float
    above: tuple[tuple[int, Price], ...] = ()

    def cost(self, usage: Usage) -> float:
        """US dollars for `usage`, of whose input the cached tokens are a part."""
        for threshold, price in self.above:
            if usage.input_tokens > threshold:
                return price.cost(usage)
        fresh = max(0, usage.input_tokens - usage.cached_tokens)
        return fresh * self.input + usage.cached_tokens * self.cached + usage.output_tokens * self.output


FREE = Price(0.0, 0.0, 0.0)


class Prices:
    """The price table, read once, when first asked for."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or _published()
        self._prices: dict[str, Price] | None = None

    async def prepare(self) -> None:
        """Read the table off the event loop, unless that has been done."""
        if self._prices is None:
            self._prices = await asyncio.to_thread(_read, self._path)

    def price(self, model: str) -> Price | None:
        """Give the price of `model` (`provider/name`), None if it is not known."""
        provider_name, _, name = model.partition("/")
        provider = provider_named(provider_name)
        if provider.free or provider_name == "local":
            return FREE
        if self._prices is None:
            self._prices = _read(self._path)
        return self._prices.get(_key(provider, name))

    def cost(self, model: str, usage: Usage) -> float | None:
        """US dollars for what `model` consumed, None if its price is not known."""
        price = self.price(model)
        return None if price is None else price.cost(usage)


def _key(provider: Provider, name: str) -> str:
    return f"{provider.litellm_name or provider.name}/{name}"


def _published() -> Path | None:
    spec = find_spec("litellm")  # finds, and does not import
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).with_name(_TABLE)


def _read(path: Path | None) -> dict[str, Price]:
    if path is None or not path.exists():
        return {}
    table: dict[str, dict[str, Json]] = orjson.loads(path.read_bytes())
    prices: dict[str, Price] = {}
    for name, entry in table.items():
        price = _price(entry)
        if price is not None:
            # Some are listed with their provider's name in front, some without.
            prices[name] = price
            prices.setdefault(f"{entry.get('litellm_provider')}/{name}", price)
    return prices


def _price(entry: dict[str, Json]) -> Price | None:
    base = _tier(entry, "")
    if base is None or entry.get("mode") not in {"chat", "responses", "completion"}:
        return None
    sizes = sorted((int(match[1]) for key in entry if (match := _TIER.fullmatch(key))), reverse=True)
    tiers = ((size * 1000, _tier(entry, f"_above_{size}k_tokens")) for size in sizes)
    above = tuple((size, price) for size, price in tiers if price is not None)
    return Price(base.input, base.output, base.cached, above)


def _tier(entry: dict[str, Json], suffix: str) -> Price | None:
    def per_token(name: str) -> float | None:
        value = entry.get(name + suffix, entry.get(name))
        return float(value) if isinstance(value, int | float) else None

    paid, output = per_token("input_cost_per_token"), per_token("output_cost_per_token")
    if paid is None or output is None:
        return None
    cached = per_token("cache_read_input_token_cost")
    return Price(paid, output, paid if cached is None else cached)
