"""Whether the library can work here, and with what."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any


def health_check() -> dict[str, Any]:
    """What is here: `healthy`, the versions, whether LiteLLM and the local model are installed, which keys are set. Opens no connection."""
    from wireloom.llm import litellm_lane, local
    from wireloom.llm.credentials import EnvironmentCredentials

    providers = list(EnvironmentCredentials().providers)
    with_local = local.find_weights() is not None
    return {
        "healthy": True,
        "version": _version(),
        "python": sys.version.split()[0],
        "litellm": litellm_lane.installed(),
        "local_model": with_local,
        "providers": providers,
        "can_answer": bool(providers) or with_local,
    }


def _version() -> str:
    try:
        return version("wireloom")
    except PackageNotFoundError:
        return "unknown"
