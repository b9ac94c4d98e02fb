"""Who may call: titles, each with the addresses that it may call from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from calcinet.errors import BadInput

TITLE: Final = re.compile(r"[ -?A-\[\]-~]{1,16}")
"""An application entity title: at most 16 printable characters, no backslash (PS3.5 6.2, AE); no @, which parts it from
an address here."""

HOW: Final = "give TITLE or TITLE@ADDRESS, for instance MODALITY1@192.168.7.20 or WARD@10.1.0.0/16"


@dataclass(frozen=True, slots=True)
class Caller:
    """An entity that may call, from one network or, where none is given, from anywhere."""

    title: str
    network: IPv4Network | IPv6Network | None = None

    def __str__(self) -> str:
        if self.network is None:
            return self.title
        return f"{self.title}@{self.network}"

    def is_at(self, address: str) -> bool:
        """Whether it may call from this address, a number."""
        if self.network is None:
            return True
        return _read_address(address) in self.network


def read_caller(given: str) -> Caller:
    """Read who may call.

    >>> str(read_caller("MODALITY1@192.168.7.20")), str(read_caller("WARD"))
    ('MODALITY1@192.168.7.20/32', 'WARD')

    Raises
    ------
    BadInput
        If it is no title, or its address is no number of a host or of a network.
    """
    title, at, address = given.partition("@")
    if not TITLE.fullmatch(title) or not title.strip():
        raise BadInput(f"a caller is known by its title, at most 16 letters: {HOW}")
    if not at:
        return Caller(title.strip())
    try:
        network = ip_network(address)
    except ValueError:
        raise BadInput(f"the address of a caller is a number, or a network without bits of a host: {HOW}") from None
    return Caller(title.strip(), network)


def find_fault(callers: Sequence[Caller], title: str, address: str) -> str | None:
    """Why nobody of this title may call from this address; None where it may.

    >>> find_fault([read_caller("WARD@10.1.0.0/16")], "WARD", "10.2.0.1")
    'its title may not call from this address'
    """
    named = [caller for caller in callers if caller.title == title]
    if not named:
        return "its title is not among those that may call"
    if not any(caller.is_at(address) for caller in named):
        return "its title may not call from this address"
    return None


def _read_address(address: str) -> object:
    """A number of IPv4 that came as one of IPv6 is itself."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found
