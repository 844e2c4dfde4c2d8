"""Nodes made in code. Each constructor makes one type of node; a workflow places it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from wireloom.engine.services import Json
from wireloom.graph.document import OnError
from wireloom.graph.node_type import NodeType, Reducer, StartRule
from wireloom.sdk.errors import InvalidNode
from wireloom.sdk.functions import NodeFunction, condition_type, transform_type

if TYPE_CHECKING:
    from wireloom.agents.tool import Tool
    from wireloom.sdk.workflow import Workflow

#: What every constructor takes beside its own: how attempts are made, and what a failure means (RUNS.md X3, X13).
type Policy = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """A node that is not placed yet. `policy` holds `timeout_s`, `max_attempts`, `on_error`, `default`."""

    name: str
    type: str
    config: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = field(default_factory=dict)
    tools: tuple[Tool, ...] = ()
    #: The node type of a Python function, and the workflow inside, where the node has one.
    function: NodeType | None = None
    workflow: Workflow | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidNode("A node needs a name.")

    @classmethod
    def agent(
        cls,
        name: str,
        prompt: str,
        *,
        system: str | None = None,
        model: str | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        tools: Iterable[Tool] = (),
        output_schema: Mapping[str, Any] | None = None,
        max_rounds: int | None = None,
        **policy: Any,
    ) -> Node:
        """Ask a model. Its prompt may name inputs as `{topic}`; what its parents gave stands before it.

        Raises InvalidNode for a blank prompt.
        """
        if not prompt.strip():
            raise InvalidNode(f"The agent {name!r} needs a prompt.")
        given = tuple(tools)
        config = _without_none(
            prompt=prompt,
            system=system,
            model=model,
            temperature=temperature,
            max_tokens=max_tokens,
            tools=[tool.name for tool in given] or None,
            output_schema=output_schema,
            limits=None if max_rounds is None else {"max_rounds": max_rounds},
        )
        return cls(name, "agent", config, _policy(policy), tools=given)

    @classmethod
    def route(
        cls,
        name: str,
        prompt: str,
        choices: Mapping[str, str],
        *,
        model: str | None = None,
        **policy: Any,
    ) -> Node:
        """Let a model choose the port: `choices` are ports, each with when to take it."""
        listed = [{"name": port, "description": when} for port, when in choices.items()]
        config = _without_none(prompt=prompt, choices=listed, model=model)
        return cls(name, "route", config, _policy(policy))

    @classmethod
    def transform(cls, name: str, how: str | NodeFunction, **policy: Any) -> Node:
        """Make a value: by an expression, or by a function of the list of its parents' outputs in edge order."""
        if callable(how):
            made = transform_type(how)
            return cls(name, made.name, policy=_policy(policy), function=made)
        return cls(name, "transform", {"expression": how}, _policy(policy))

    @classmethod
    def template(cls, name: str, template: str, **policy: Any) -> Node:
        """Make a text from a template."""
        return cls(name, "transform", {"template": template}, _policy(policy))

    @classmethod
    def condition(
        cls,
        name: str,
        how: str | NodeFunction | Mapping[str, str],
        *,
        ports: Sequence[str] = ("true", "false"),
        **policy: Any,
    ) -> Node:
        """Choose a port: by an expression, by one expression per port (and `default`), or by a function.

        The function is given the list of its parents' outputs in edge order,
        and gives true, false or the name of one of `ports`.
        """
        if callable(how):
            made = condition_type(how, ports)
            return cls(name, made.name, policy=_policy(policy), function=made)
        if isinstance(how, str):
            return cls(name, "condition", {"expression": how}, _policy(policy))
        cases = [{"name": port, "expression": expression} for port, expression in how.items()]
        return cls(name, "condition", {"cases": cases}, _policy(policy))

    @classmethod
    def split(
        cls,
        name: str,
        items: str,
        *,
        max_concurrency: int = 10,
        on_item_error: Literal["fail", "null", "drop"] = "fail",
        **policy: Any,
    ) -> Node:
        """Do what follows for each item that the expression gives."""
        config = {"items": items, "max_concurrency": max_concurrency, "on_item_error": on_item_error}
        return cls(name, "split", config, _policy(policy))

    @classmethod
    def join(cls, name: str, mode: StartRule = "all", *, cancel_losers: bool = False, **policy: Any) -> Node:
        """Bring branches together, take the first, or collect a split's items."""
        return cls(name, "join", {"mode": mode, "cancel_losers": cancel_losers}, _policy(policy))

    @classmethod
    def delay(
        cls, name: str, duration_s: float | None = None, *, until: str | None = None, **policy: Any
    ) -> Node:
        """Wait for so many seconds, or until the moment that an expression gives."""
        return cls(name, "delay", _without_none(duration_s=duration_s, until=until), _policy(policy))

    @classmethod
    def input(cls, name: str = "Input") -> Node:
        """Give the run's input."""
        return cls(name, "input")

    @classmethod
    def output(cls, name: str = "Output", value: str | None = None) -> Node:
        """Give what reaches it, or what the expression gives, as the run's output."""
        return cls(name, "output", _without_none(value=value))

    @classmethod
    def set_variable(
        cls, name: str, variable: str, value: str, *, reducer: Reducer | None = None, **policy: Any
    ) -> Node:
        """Write a variable; every node after this one reads it as `vars.<variable>`."""
        config = _without_none(name=variable, value=value, reducer=reducer)
        return cls(name, "set_variable", config, _policy(policy))

    @classmethod
    def code(
        cls, name: str, source: str, *, timeout_s: float = 30.0, memory_mb: int = 256, **policy: Any
    ) -> Node:
        """Run Python that defines `main(inputs)`, in a process of its own. The executor must allow it."""
        config = {"source": source, "timeout_s": timeout_s, "memory_mb": memory_mb}
        return cls(name, "code", config, _policy(policy))

    @classmethod
    def subworkflow(
        cls, name: str, workflow: Workflow, *, fields: Mapping[str, str] | None = None, **policy: Any
    ) -> Node:
        """Run another workflow as one step; `fields` gives each field of its input by an expression."""
        return cls(
            name,
            "subworkflow",
            {"workflow": workflow.slug, "version": 1, "input": dict(fields or {})},
            _policy(policy),
            workflow=workflow,
        )

    @classmethod
    def http_request(
        cls,
        name: str,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Json = None,
        ok_statuses: Sequence[int] | None = None,
        **policy: Any,
    ) -> Node:
        """Call a web address; texts are templates."""
        config = _without_none(
            url=url,
            method=method,
            headers=headers,
            query=query,
            body=body,
            ok_statuses=None if ok_statuses is None else list(ok_statuses),
        )
        return cls(name, "http_request", config, _policy(policy))


def _without_none(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


#: What `**policy` of the constructors may hold.
_POLICY = frozenset({"timeout_s", "max_attempts", "on_error", "default", "on_interrupt"})


def _policy(given: Mapping[str, Any]) -> Policy:
    unknown = sorted(given.keys() - _POLICY)
    if unknown:
        raise InvalidNode(f"A node takes no {', '.join(unknown)}.")
    return dict(given)


__all__ = ["Node", "OnError"]
