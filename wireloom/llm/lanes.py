"""Which lane a provider is asked over."""

from __future__ import annotations

from dataclasses import dataclass

from wireloom.llm import litellm_lane
from wireloom.llm.protocol import RemoteLane
from wireloom.llm.providers import Provider


@dataclass(frozen=True, slots=True)
class LanePolicy:
    """Each provider's own lane, unless `forced` says one for all."""

    forced: RemoteLane | None = None

    def of(self, provider: Provider) -> RemoteLane | None:
        """Give the lane of `provider`, None if nothing installed here can ask it."""
        preferred = self.forced or provider.lane
        if preferred == "direct" or litellm_lane.installed():
            return preferred
        # Some providers of the LiteLLM lane speak OpenAI's wire as well, if less completely.
        return "direct" if provider.base_url and self.forced is None else None
