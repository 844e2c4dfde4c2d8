"""Which IP addresses are public, seen through every way to write one inside another."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

type Address = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network

#: Global by the registries, yet not a place on the public internet.
_HIDDEN = (
    IPv4Network("192.0.0.0/24"),  # protocol assignments; Oracle's metadata endpoint lives here
    IPv4Network("168.63.129.16/32"),  # Azure's platform endpoint, which hands out secrets
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, retired by RFC 7526
    IPv6Network("::/96"),  # IPv4-compatible, retired by RFC 4291
    IPv6Network("64:ff9b:1::/48"),  # NAT64 for private use, RFC 8215
    IPv6Network("2001::/32"),  # Teredo carries the address of whoever relays
    IPv6Network("fec0::/10"),  # site-local, retired by RFC 3879
)
_NAT64 = IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")
_ISATAP = (0x00005EFE, 0x02005EFE)


def parse_address(text: str) -> Address | None:
    """Give the address that `text` spells, a zone such as `%eth0` left out; None if it is a name."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether `address`, and every IPv4 address that it carries inside, is one of the public internet."""
    return all(_is_public(inner) for inner in layers(address))


def layers(address: Address) -> Iterator[Address]:
    """Give the address that packets to `address` end at, with each form that leads there.

    IPv4-mapped addresses are IPv4 outright. NAT64, 6to4 and ISATAP wrap one: both count.
    """
    if isinstance(address, IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    yield address
    number = int(address)
    if address in _NAT64 or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        yield IPv4Address(number & 0xFFFFFFFF)
    if address in _6TO4:
        yield IPv4Address((number >> 80) & 0xFFFFFFFF)


def _is_public(address: Address) -> bool:
    # The well-known NAT64 prefix is not "global" by itself; what it carries decides.
    if address in _NAT64:
        return True
    if address.is_multicast or address.is_reserved or any(address in network for network in _HIDDEN):
        return False
    return address.is_global
