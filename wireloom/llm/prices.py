"""What a model's tokens cost, from the table that LiteLLM publishes in its package.

The table is read as the JSON file it is: LiteLLM itself is never imported, which
would take seconds. Without it every price is unknown, save those of models that cost nothing.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import batched
from pathlib import Path

import orjson

from wireloom.engine.services import Json, Usage
from wireloom.llm.providers import Provider, provider_named

_TABLE = "model_prices_and_context_window_backup.json"
_TIER = re.compile(r"input_cost_per_token_above_(\d+)k_tokens")


_CHAT_MODES = frozenset({"chat", "responses", "completion"})
#: Prices kept ready.
_MOST_FOUND = 1024

#: The longest answer of a model of which that is not known, in tokens.
MOST_OUTPUT = 65_536

#: One entry: threshold, input, output, cached; again for each tier; then the longest answer. Thousands of plain
#: tuples of numbers, other than of objects, cost the garbage collector nothing.
type Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per token. `above` holds the prices for requests of more input tokens than it names."""

    input: float
    output: float
    cached: float
    above: tuple[tuple[int, Price], ...] = ()
    #: The longest answer that the model gives, in tokens.
    most_output: int = MOST_OUTPUT

    def worst(self, input_tokens: int, output_tokens: int | None) -> float:
        """US dollars that a request of so many tokens costs at most; None: its answer may be as long as the model can."""
        return self.cost(Usage(input_tokens, self.most_output if output_tokens is None else output_tokens))

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
        self._table: dict[str, Row] | None = None
        self._reading = asyncio.Lock()
        self._found: dict[str, Price | None] = {}

    async def prepare(self) -> None:
        """Read the table off the event loop, unless that has been done."""
        if self._table is None:
            async with self._reading:
                self._table = self._table or await asyncio.to_thread(_read, self._path)

    def price(self, model: str) -> Price | None:
        """Give the price of `model` (`provider/name`), None if it is not known."""
        if model not in self._found:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            self._found[model] = self._find(model)
        return self._found[model]

    def _find(self, model: str) -> Price | None:
        provider_name, _, name = model.partition("/")
        provider = provider_named(provider_name)
        if provider.free or provider_name == "local":
            return FREE
        if self._table is None:
            self._table = _read(self._path)
        row = self._table.get(_key(provider, name))
        return None if row is None else _price(row)


def _key(provider: Provider, name: str) -> str:
    return f"{provider.litellm_name or provider.name}/{name}"


def _published() -> Path | None:
    spec = find_spec("litellm")  # finds, and does not import
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).with_name(_TABLE)


def _read(path: Path | None) -> dict[str, Row]:
    if path is None or not path.exists():
        return {}
    entries: dict[str, dict[str, Json]] = orjson.loads(path.read_bytes())
    table: dict[str, Row] = {}
    for name, entry in entries.items():
        row = _row(entry)
        if row:
            # Some are listed with their provider's name in front, some without.
            table[name] = row
            table.setdefault(f"{entry.get('litellm_provider')}/{name}", row)
    return table


def _row(entry: dict[str, Json]) -> Row:
    """The tiers of one entry, that of the largest requests first; nothing if it has no price for chat."""
    if entry.get("mode") not in _CHAT_MODES:
        return ()
    sizes = sorted((int(match[1]) for key in entry if (match := _TIER.fullmatch(key))), reverse=True)
    tiers = [(size * 1000, *_prices(entry, f"_above_{size}k_tokens")) for size in sizes]
    tiers.append((0, *_prices(entry, "")))
    row = [number for tier in tiers if None not in tier for number in tier if number is not None]
    most = entry.get("max_output_tokens")
    return (*row, float(most) if isinstance(most, int | float) else MOST_OUTPUT) if row else ()


def _prices(entry: dict[str, Json], suffix: str) -> tuple[float | None, float | None, float | None]:
    def per_token(name: str) -> float | None:
        value = entry.get(name + suffix, entry.get(name))
        return float(value) if isinstance(value, int | float) else None

    paid, output = per_token("input_cost_per_token"), per_token("output_cost_per_token")
    cached = per_token("cache_read_input_token_cost")
    return paid, output, paid if cached is None else cached


def _price(row: Row) -> Price:
    *tiers, most = row
    *above, (_, paid, output, cached) = batched(tiers, 4)
    return Price(
        paid,
        output,
        cached,
        tuple((int(tier[0]), Price(tier[1], tier[2], tier[3])) for tier in above),
        int(most),
    )
