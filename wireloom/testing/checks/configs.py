"""That configs are read, refused, given back, and brought from old versions to the present one."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from wireloom.graph.config import NodeConfig
from wireloom.graph.node_type import NodeType
from wireloom.graph.schemas import schema_problems
from wireloom.testing.example import Example

_STRANGE = "no_such_field"


def read(node_type: NodeType, config: Mapping[str, Any], example: Example | None = None) -> NodeConfig:
    """The config, as validation reads it. Raises ValidationError."""
    given = example.inputs().run_input if example else None
    inputs = tuple(given) if isinstance(given, Mapping) else ()
    return node_type.config.model_validate(dict(config), context={"inputs": inputs})


def check_configs(node_type: NodeType, examples: Sequence[Example]) -> Iterator[str]:
    for example in examples:
        try:
            config = read(node_type, example.config, example)
        except ValidationError as error:
            yield f"The example {_shown(example.config)} is not taken: {_first(error)}"
            continue
        yield from _check_schema(node_type, example)
        yield from _check_round_trip(node_type, example, config)
        yield from _check_strictness(node_type, example)


def check_migrations(node_type: NodeType, old: Mapping[int, Mapping[str, Any]]) -> Iterator[str]:
    past = range(1, node_type.version)
    for version in sorted(node_type.migrations.keys() - set(past)):
        yield f"There is a migration from version {version}, but the present version is {node_type.version}."
    for version in past:
        if version not in node_type.migrations:
            yield f"Nothing brings a config from version {version} to {version + 1}."
        elif version not in old:
            yield f"There is no old config of version {version} to prove its migration with."
        else:
            yield from _check_migration(node_type, version, old[version])


def _check_migration(node_type: NodeType, version: int, config: Mapping[str, Any]) -> Iterator[str]:
    given = copy.deepcopy(dict(config))
    try:
        migrated = node_type.migrated(given, version)
        read(node_type, migrated)
    except ValidationError as error:
        yield f"The config of version {version} is not taken once it is migrated: {_first(error)}"
    except Exception as error:  # noqa: BLE001 - a migration is the type's own code
        yield f"The config of version {version} cannot be migrated: {type(error).__name__}: {error}"
    if given != dict(config):
        yield f"The migration from version {version} changes the config that it is given; it must make a new one."


def _check_schema(node_type: NodeType, example: Example) -> Iterator[str]:
    schema = node_type.config.model_json_schema()
    for problem in schema_problems(dict(example.config), schema, code="invalid_config"):
        yield f"The example {_shown(example.config)} does not fit the config's own schema: {problem.message}"


def _check_round_trip(node_type: NodeType, example: Example, config: NodeConfig) -> Iterator[str]:
    try:
        again = read(node_type, config.model_dump(mode="json"), example)
    except ValidationError as error:
        yield f"What is read from {_shown(example.config)} is not taken when it is given back: {_first(error)}"
        return
    if again != config:
        yield f"What is read from {_shown(example.config)} is another config when it is given back."


def _check_strictness(node_type: NodeType, example: Example) -> Iterator[str]:
    try:
        read(node_type, {**example.config, _STRANGE: 1}, example)
    except ValidationError:
        return
    yield "Its config takes fields that it does not have, so a misspelt one goes unseen."


def _first(error: ValidationError) -> str:
    one = error.errors(include_url=False)[0]
    return f"{'.'.join(map(str, one['loc'])) or 'config'}: {one['msg']}"


def _shown(config: Mapping[str, Any]) -> str:
    return f"{dict(config)!r:.80}"
