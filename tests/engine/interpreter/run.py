"""RUNS.md, one region after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.engine.interpreter.book import Book, Place, Step
from tests.engine.interpreter.drawing import Area, Workflow
from tests.engine.interpreter.sight import ABSENT, Sight
from wireloom.errors import WireloomError
from wireloom.graph.document import Document, Edge, Node
from wireloom.graph.expressions import ExpressionError, type_name
from wireloom.graph.templates import compile_template


def interpret(
    document: Document, given: Any, *, workflows: Mapping[str, Document], answer: Callable[[str], str]
) -> Book:
    """Run a valid document; `answer` is the model."""
    book = Book(workflows, answer)
    book.output, book.errors = _Run(Workflow(document), given, "", book).go()
    book.status = "failed" if book.errors else "succeeded"
    return book


class _Run:
    """One workflow, or a sub-workflow, being run."""

    def __init__(self, workflow: Workflow, given: Any, prefix: str, book: Book) -> None:
        self.workflow = workflow
        self.sight = Sight(workflow, given)
        self.prefix = prefix
        self.book = book

    def go(self) -> tuple[Any, list[dict[str, Any]]]:
        top = Place(None)
        first = len(self.book.steps)
        self._do(top)
        if top.failures:
            self._doubt(first)
        return self._output(top), top.failures

    def _doubt(self, first: int) -> None:
        """All steps from the `first` on may or may not have been reached."""
        for step in list(self.book.steps.values())[first:]:
            step.certain = False

    def _output(self, top: Place) -> Any:
        """X12: the value of the one `output`, an object of several; without one, the live sinks likewise."""
        nodes, forward = self.workflow.nodes, self.workflow.forward
        declared = [name for name, node in nodes.items() if node.type == "output"]
        names = declared or [name for name in nodes if all(edge.source != name for edge in forward)]
        values = {name: self.sight.below(top, name) for name in names}
        live = {name: value for name, value in values.items() if value is not ABSENT}
        if len(names if declared else live) > 1:
            return live
        return next(iter(live.values()), None)

    # -- a region (X4)

    def _do(self, place: Place) -> None:
        """Do all units of a place, except what depends on one that failed."""
        failed: set[Any] = set()
        for unit in self.workflow.units(place.area):
            edges = self.workflow.edges_into(unit)
            sources: set[Any] = {self.workflow.unit(edge.source, place.area) for edge in edges}
            sources |= {
                area for area in self.workflow.areas if unit in area.closers
            }  # a join waits for all items
            if sources & failed:
                failed.add(unit)
                self._leave_out(place, unit)
            elif not (self._do_area if isinstance(unit, Area) else self._do_node)(place, unit, edges):
                failed.add(unit)

    def _leave_out(self, place: Place, unit: Any) -> None:
        for name in unit.members if isinstance(unit, Area) else (unit,):
            self.book.blocked.add(f"{self.prefix}{name}{place.suffix}")

    def _do_area(self, place: Place, area: Area, edges: list[Edge]) -> bool:
        if area.kind == "split":
            entered = "out" in place.steps[area.opener].ports
        else:
            entered = not edges or any(self.sight.end(edge, place) for edge in edges)
        if not entered:
            for name in self.workflow.order:
                if name in area.members:
                    self._skip(place, name)
            return True
        place.inside[area] = []
        return (self._do_split if area.kind == "split" else self._do_loop)(place, area)

    def _do_loop(self, place: Place, area: Area) -> bool:
        """X5."""
        back = [edge for edge in self.workflow.document.edges if edge.loop and edge.target == area.opener]
        limit = min(edge.loop.max_iterations or 0 for edge in back if edge.loop)
        previous = None
        for number in range(1, limit + 1):
            one = previous = Place(area, place, number, previous=previous)
            place.inside[area].append(one)
            self._do(one)
            if one.failures:
                place.failures += one.failures
                return False
            live = [edge for edge in back if self.sight.is_live(one, edge)]
            if not live:
                return True
        return self._exhausted(place, one, live)

    def _exhausted(self, place: Place, last: Place, live: list[Edge]) -> bool:
        wired = {edge.source for edge in self.workflow.document.edges if edge.source_port == "exhausted"}
        for edge in live:
            if edge.source in wired:
                step = self.sight.step_below(last, edge.source)
                assert step is not None
                step.ports += ("exhausted",)
        if any(edge.source in wired for edge in live):
            return True
        name = live[0].source
        message = f"The loop back from {name!r} was still wanted after {last.number} passes."
        place.failures.append(self._error("loop_exhausted", message, name, attempts=0))
        return False

    def _do_split(self, place: Place, area: Area) -> bool:
        """X6."""
        value = place.steps[area.opener].value
        if isinstance(value, dict):
            value = [{"key": key, "value": inner} for key, inner in value.items()]
        fails = False
        for number, item in enumerate(value if isinstance(value, list) else []):
            one = Place(area, place, number, item=item)
            place.inside[area].append(one)
            first = len(self.book.steps)
            self._do(one)
            if one.failures and self.workflow.on_item_error(area) == "fail":
                place.failures += one.failures
                fails = True
            elif one.failures:
                self._doubt(first)
        return not fails

    # -- a node (X2, X3, X7)

    def _do_node(self, place: Place, name: str, edges: list[Edge]) -> bool:
        node = self.workflow.nodes[name]
        if not self._starts(place, node, edges):
            self._skip(place, name)
            return True
        key = f"{self.prefix}{name}{place.suffix}"
        step = self._note(place, name, Step(key, "succeeded"))
        try:
            step.value, step.ports = self._run(place, node, step)
        except _Failed as error:
            return self._fail(place, node, step, error.errors)
        except WireloomError as error:
            return self._fail(place, node, step, [self._error(error.code, error.message, name)])
        finally:
            step.moment = len(self.book.steps)
        return True

    def _starts(self, place: Place, node: Node, edges: list[Edge]) -> bool:
        collected = self.sight.collected_by(node.id)
        if collected is not None:
            return collected in place.inside
        live = [self.sight.end(edge, place) is not None for edge in edges]
        return all(live) if node.config.get("mode") == "all" or not live else any(live)

    def _note(self, place: Place, name: str, step: Step) -> Step:
        assert step.key not in self.book.steps
        step.order = (self.workflow.rank[name], place.numbers)
        place.steps[name] = self.book.steps[step.key] = step
        return step

    def _skip(self, place: Place, name: str) -> None:
        key = f"{self.prefix}{name}{place.suffix}"
        self._note(place, name, Step(key, "skipped"))
        if (node := self.workflow.nodes[name]).type == "subworkflow":
            inner = _Run(self._inner(node), None, f"{key}.", self.book)
            for one in inner.workflow.order:
                inner._skip(Place(None), one)

    def _fail(self, place: Place, node: Node, step: Step, errors: list[dict[str, Any]]) -> bool:
        """X3; of several failures in a sub-workflow the first is the node's."""
        step.status = "failed"
        match node.policy.on_error:
            case "continue":
                step.value, step.ports = node.policy.default, ("out",)
            case "route":
                step.value, step.ports = errors[0], ("error",)
                self.book.ambiguous |= len(errors) > 1
            case _:
                place.failures += errors
        return bool(step.ports)

    def _error(self, code: str, message: str, name: str, attempts: int = 1) -> dict[str, Any]:
        node = self._ids() + name
        return {"code": code, "message": message, "node": node, "attempts": attempts}

    def _ids(self) -> str:
        """What stands before a node's id in the ids of a plan: the sub-workflows around it, without passes and items."""
        names = self.prefix.split(".")[:-1]
        return "".join(f"{one.partition(':')[0].partition('~')[0]}." for one in names)

    def _run(self, place: Place, node: Node, step: Step) -> tuple[Any, tuple[str, ...]]:
        config, out = node.config, ("out",)
        match node.type:
            case "input" | "delay":
                return self.sight.given_to(place, node), out
            case "output":
                has_own = config.get("value") is not None
                return self.sight.value(place, node, config["value"]) if has_own else self.sight.given_to(
                    place, node
                ), out
            case "transform":
                return self.sight.value(place, node, config["expression"]), out
            case "set_variable":
                return self.sight.value(place, node, config["value"]), out
            case "condition":
                return self.sight.given_to(place, node), (self._branch(place, node),)
            case "join":
                if config["mode"] == "collect":
                    return self.sight.collected(place, node), out
                return self.sight.live_values(place, node), out
            case "split":
                return self._items(place, node), out
            case "agent":
                prompt = compile_template(config["prompt"])
                return self.book.answer(prompt.render(self.sight.scope(place, node, prompt.references))), out
            case "subworkflow":
                return self._call(place, node, step), out
            case "shaky":
                if config["behaviour"].endswith("fails"):
                    raise WireloomError(config["behaviour"])
                return config["behaviour"], out
        raise AssertionError(node.type)

    def _branch(self, place: Place, node: Node) -> str:
        expression = node.config["expression"]
        value = self.sight.value(place, node, expression)
        if isinstance(value, bool):
            return "true" if value else "false"
        raise ExpressionError(f"A condition is true or false, but {expression!r} gave {type_name(value)}.")

    def _items(self, place: Place, node: Node) -> Any:
        expression = node.config["items"]
        value = self.sight.value(place, node, expression)
        if isinstance(value, dict):
            return [{"key": key, "value": inner} for key, inner in value.items()]
        if isinstance(value, list):
            return value
        message = (
            f"A split does the items of a list or an object, but {expression!r} gave {type_name(value)}."
        )
        raise _Failed([self._error("type_mismatch", message, node.id)])

    def _call(self, place: Place, node: Node, step: Step) -> Any:
        """X8."""
        fields = node.config.get("input")
        given = (
            {name: self.sight.value(place, node, one) for name, one in fields.items()}
            if fields
            else self.sight.given_to(place, node)
        )
        output, failures = _Run(self._inner(node), given, f"{step.key}.", self.book).go()
        if failures:
            raise _Failed(failures)
        return output

    def _inner(self, node: Node) -> Workflow:
        return Workflow(self.book.workflows[node.config["workflow"]])


class _Failed(Exception):
    """What a step may fail with."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(errors)
        self.errors = errors
