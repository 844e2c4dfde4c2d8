"""The egress guard's rules: which URL, host and address a request may go to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal

from wireloom.net.addresses import Address, Network, is_public, layers, parse_address
from wireloom.net.errors import EgressDenied, InvalidSetting

#: Who chose a request's host. `guarded`: a user did, so its addresses are checked.
#: `trusted`: the operator named it, so it is let through, for that host and port alone.
type Trust = Literal["guarded", "trusted"]

SCHEMES = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """Where guarded requests may go: the public internet and `networks`."""

    networks: tuple[Network, ...] = ()

    def allows(self, address: Address) -> bool:
        if is_public(address):
            return True
        inner = list(layers(address))[-1]
        return any(inner.version == network.version and inner in network for network in self.networks)

    def check(self, host: str, addresses: Iterable[str]) -> None:
        """Raise EgressDenied unless every one of `host`'s addresses is allowed."""
        for text in addresses:
            address = parse_address(text)
            if address is None or not self.allows(address):
                raise EgressDenied(f"Requests to {host!r} are not allowed: it is not on the public internet.")


def parse_networks(text: str) -> tuple[Network, ...]:
    """Read `WIRELOOM_EGRESS_ALLOW`: networks or single addresses, parted by commas.

    Raises InvalidSetting for an entry that is neither, or has bits set beyond its mask.
    """
    return tuple(_parse_network(entry) for part in text.split(",") if (entry := part.strip()))


def _parse_network(entry: str) -> Network:
    try:
        return ip_network(entry)
    except ValueError as error:
        raise InvalidSetting(
            f"WIRELOOM_EGRESS_ALLOW holds {entry!r}, which is not a network: {error}."
        ) from None
