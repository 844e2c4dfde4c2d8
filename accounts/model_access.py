"""The models of this process, and the credentials that a workspace brings to them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings

from accounts.models import Credential as StoredCredential
from accounts.secrets import unseal
from accounts.web.threads import in_thread
from wireloom.llm.credentials import Credential, EnvironmentCredentials

if TYPE_CHECKING:
    from wireloom.llm.models import Models

#: How long another process' change of a credential may go unseen, seconds.
FRESH_S = 5.0

#: Each workspace's credentials, and until when they are believed.
_stored: dict[str, tuple[float, list[Credential]]] = {}


@cache
def models() -> Models:
    """One pool of connections and one local model for all workspaces. Belongs to the server's event loop."""
    # The HTTP client is loaded when the first model is asked.
    from wireloom.llm.models import Models
    from wireloom.net.egress import EgressPolicy

    options = settings.WIRELOOM
    return Models(
        policy=EgressPolicy(options.egress_allow), lane=options.lane, local_model=options.local_model
    )


async def close_models() -> None:
    """End the local model and all connections, if any were made."""
    if models.cache_info().currsize:
        await models().aclose()
        models.cache_clear()


@cache
def operators_credentials() -> EnvironmentCredentials:
    """What the environment names. Raises InvalidSetting for a secret whose file cannot be read."""
    return EnvironmentCredentials()


class WorkspaceCredentials:
    """A workspace's own credentials before those that the environment names; the oldest of a provider is its default."""

    def __init__(self, workspace_id: str) -> None:
        self._workspace_id = workspace_id

    async def find(self, provider: str, name: str | None) -> Credential | None:
        """The credential called `name`, or with None the default one of `provider`."""
        own = await self._own()
        if name is not None:
            return next((one for one in own if one.name == name), None)
        default = next((one for one in own if one.provider == provider), None)
        return default or await operators_credentials().find(provider, None)

    async def every(self) -> Sequence[Credential]:
        """All of them, the workspace's own first."""
        return [*await self._own(), *await operators_credentials().every()]

    async def _own(self) -> list[Credential]:
        until, own = _stored.get(self._workspace_id, (0.0, []))
        if until < time.monotonic():
            own = await in_thread(_unsealed, self._workspace_id)
            _stored[self._workspace_id] = time.monotonic() + FRESH_S, own
        return own


def forget_stored(workspace_id: str) -> None:
    """Read the workspace's credentials anew when next needed: one was changed."""
    _stored.pop(workspace_id, None)


def _unsealed(workspace_id: str) -> list[Credential]:
    rows = StoredCredential.objects.unscoped().filter(workspace_id=workspace_id).order_by("id")
    return [Credential(row.name, row.provider, unseal(row.secret), row.base_url or None) for row in rows]


async def choices(workspace_id: str) -> list[dict[str, Any]]:
    """What can be chosen in the workspace, the default first. `breaker` is null for a model that was not asked yet."""
    credentials = WorkspaceCredentials(workspace_id)
    found = await models().available(credentials)
    states = models().breaker_states(await credentials.every())
    return [{**choice.as_json(), "available": True, "breaker": states.get(choice.id)} for choice in found]
