"""The models of this process, and the credentials that a workspace brings to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.models import Credential as StoredCredential
from accounts.secrets import unseal
from accounts.web.threads import in_thread
from wireloom.llm.credentials import Credential, EnvironmentCredentials

if TYPE_CHECKING:
    from wireloom.llm.models import Models


@cache
def models() -> Models:
    """One pool of connections and one local model for all workspaces. Belongs to the server's event loop."""
    # The HTTP client is loaded when the first model is asked.
    from wireloom.llm.models import Models
    from wireloom.net.egress import EgressPolicy

    options = settings.WIRELOOM
    return Models(policy=EgressPolicy(options.egress_allow), local_model=options.local_model)


async def close_models() -> None:
    """End the local model and all connections, if any were made."""
    if models.cache_info().currsize:
        await models().aclose()
        models.cache_clear()


@cache
def _environment() -> EnvironmentCredentials:
    return EnvironmentCredentials()


class WorkspaceCredentials:
    """A workspace's own credentials before those that the environment names; the oldest of a provider is its default."""

    def __init__(self, workspace_id: str) -> None:
        self._workspace_id = workspace_id

    async def find(self, provider: str, name: str | None) -> Credential | None:
        """The credential called `name`, or with None the default one of `provider`."""
        own = await in_thread(self._stored, provider, name)
        if own or name is not None:
            return own[0] if own else None
        return await _environment().find(provider, None)

    async def every(self) -> Sequence[Credential]:
        """All of them, the workspace's own first."""
        return [*await in_thread(self._stored, None, None), *await _environment().every()]

    def _stored(self, provider: str | None, name: str | None) -> list[Credential]:
        rows = StoredCredential.objects.unscoped().filter(workspace_id=self._workspace_id).order_by("id")
        if name is not None:
            rows = rows.filter(name=name)
        elif provider is not None:
            rows = rows.filter(provider=provider)
        return [
            Credential(row.name, row.provider, unseal(row.secret), row.base_url or None, trusted=False)
            for row in rows
        ]
