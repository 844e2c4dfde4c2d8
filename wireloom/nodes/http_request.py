from __future__ import annotations

import json
from typing import Annotated, Literal
from urllib.parse import urlencode, urlsplit

from pydantic import Field

from wireloom.engine.node_io import Inputs, Output
from wireloom.engine.services import HttpRequest, Json, Services
from wireloom.graph.config import JsonTemplateField, NodeConfig, TemplateField, widget
from wireloom.graph.json_values import is_json_text
from wireloom.graph.node_type import NodeType, Port


class HttpRequestConfig(NodeConfig):
    """Call a web address, and give its status, headers and body. What it asks carries an idempotency key, so that trying again is safe where the other side knows it."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] = Field(
        default="GET", title="Method", json_schema_extra={"x-kind": "text"}
    )
    url: TemplateField = Field(title="Address")
    headers: dict[str, TemplateField] = Field(default_factory=dict, title="Headers")
    query: dict[str, TemplateField] = Field(
        default_factory=dict, title="Query", description="Added to the address, escaped."
    )
    body: JsonTemplateField = Field(
        default=None,
        title="Body",
        description="Text, or JSON whose texts are templates.",
        json_schema_extra=widget("long"),
    )
    credential: str | None = Field(
        default=None,
        title="Credential",
        description="By name; sent as a bearer token, to its own host alone.",
        json_schema_extra=widget("credential"),
    )
    ok_statuses: tuple[Annotated[int, Field(ge=100, le=599)], ...] | None = Field(
        default=None, title="Good statuses", description="Empty: 200 to 299. Any other fails the step."
    )


async def call(config: HttpRequestConfig, inputs: Inputs, services: Services) -> Output:
    reply = await services.http.send(_request(config, inputs))
    return Output({"status": reply.status, "headers": reply.headers, "body": reply.body})


def _request(config: HttpRequestConfig, inputs: Inputs) -> HttpRequest:
    headers = {name: inputs.render(template) for name, template in config.headers.items()}
    body = _body(inputs.fill(config.body))
    if body is not None and "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = "application/json" if is_json_text(body) else "text/plain; charset=utf-8"
    return HttpRequest(
        config.method, _address(config, inputs), headers, body, config.credential, config.ok_statuses
    )


def _address(config: HttpRequestConfig, inputs: Inputs) -> str:
    url = inputs.render(config.url)
    if not config.query:
        return url
    query = urlencode({name: inputs.render(template) for name, template in config.query.items()})
    parts = urlsplit(url)
    return parts._replace(query=f"{parts.query}&{query}" if parts.query else query).geturl()


def _body(value: Json) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


HTTP_REQUEST = NodeType(
    name="http_request",
    version=1,
    group="connect",
    label="HTTP request",
    icon="globe",
    config=HttpRequestConfig,
    run=call,
    effect="effect",
    outputs=(Port("out", "object"),),
    summary="{method} {url}",
)
