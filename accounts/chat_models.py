"""The chat models of this process, and the credentials with which each workspace asks them."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from accounts.models import Credential as Row
from accounts.secrets import unseal
from accounts.web.lifecycle import Lifecycle
from accounts.web.threads import in_thread
from wireloom.llm.credentials import Credential, EnvironmentCredentials

if TYPE_CHECKING:
    from wireloom.llm.models import Models

#: How long another process' change of a credential may go unseen, seconds.
FRESH_S = 5.0

_stored: dict[str, tuple[float, list[Credential]]] = {}


class ModelsOfProcess:
    """One `Models` for the whole process, made when it is first asked for, on the server's event loop."""

    def __init__(self) -> None:
        self._models: Models | None = None
        self._environment: EnvironmentCredentials | None = None

    def models(self) -> Models:
        """The models. Only for the event loop."""
        if self._models is None:
            # Brings aiohttp and more, which no start should wait for.
            from wireloom.llm.environment import models_from

            self._models = models_from(os.environ)
        return self._models

    @property
    def environment(self) -> EnvironmentCredentials:
        """The operator's own credentials. Raises InvalidSetting for one whose file cannot be read."""
        if self._environment is None:
            self._environment = EnvironmentCredentials()
        return self._environment

    def keep(self, lifecycle: Lifecycle) -> None:
        """End with the server."""
        lifecycle.on_stop(self._close)

    async def _close(self) -> None:
        models, self._models = self._models, None
        if models is not None:
            await models.aclose()


process = ModelsOfProcess()


class WorkspaceCredentials:
    """A workspace's stored credentials, and behind them the operator's; a `CredentialSource` of the library."""

    def __init__(self, workspace_id: str) -> None:
        self._workspace_id = workspace_id

    async def find(self, provider: str, name: str | None) -> Credential | None:
        """The credential called `name`, or with None the provider's default: the oldest stored one, else the operator's."""
        stored = await self._load()
        if name is not None:
            return next((one for one in stored if one.name == name), None)
        own = next((one for one in stored if one.provider == provider), None)
        return own or await process.environment.find(provider, None)

    async def every(self) -> Sequence[Credential]:
        """All of them, the default of each provider before its others."""
        return [*await self._load(), *await process.environment.every()]

    async def _load(self) -> list[Credential]:
        known = _stored.get(self._workspace_id)
        if known is None or known[0] < time.monotonic():
            known = time.monotonic() + FRESH_S, await in_thread(_unsealed, self._workspace_id)
            _stored[self._workspace_id] = known
        return known[1]


def forget_stored(workspace_id: str) -> None:
    """Read the workspace's credentials anew when next needed: one was changed."""
    _stored.pop(workspace_id, None)


def _unsealed(workspace_id: str) -> list[Credential]:
    rows = Row.objects.unscoped().filter(workspace=workspace_id).order_by("id")
    return [Credential(row.name, row.provider, unseal(row.secret), row.base_url or None) for row in rows]


async def choices(workspace_id: str) -> list[dict[str, Any]]:
    """What can be chosen in the workspace, the default first. `breaker` is null where none watches the provider."""
    found = await process.models().available(WorkspaceCredentials(workspace_id))
    return [{**choice.as_json(), "available": True, "breaker": None} for choice in found]
