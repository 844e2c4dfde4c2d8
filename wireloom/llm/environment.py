"""Models as the operator's environment asks for them."""

from __future__ import annotations

from collections.abc import Mapping

from wireloom.llm.models import Models
from wireloom.llm.protocol import RemoteLane
from wireloom.net.egress import EgressPolicy, parse_networks
from wireloom.net.errors import InvalidSetting


def models_from(environ: Mapping[str, str]) -> Models:
    """Make the models of a process from `WIRELOOM_LANE`, `WIRELOOM_LOCAL_MODEL` and `WIRELOOM_EGRESS_ALLOW`.

    Raises InvalidSetting for a value that cannot be understood.
    """
    return Models(
        policy=EgressPolicy(parse_networks(environ.get("WIRELOOM_EGRESS_ALLOW", ""))),
        lane=_lane(environ.get("WIRELOOM_LANE", "")),
        local_model=_switch("WIRELOOM_LOCAL_MODEL", environ.get("WIRELOOM_LOCAL_MODEL") or "1"),
    )


def _lane(value: str) -> RemoteLane | None:
    match value:
        case "":
            return None
        case "direct" | "litellm":
            return value
        case _:
            raise InvalidSetting(f"WIRELOOM_LANE is {value!r}, and must be direct or litellm.")


def _switch(name: str, value: str) -> bool:
    if value not in {"0", "1"}:
        raise InvalidSetting(f"{name} is {value!r}, and must be 1 or 0.")
    return value == "1"
