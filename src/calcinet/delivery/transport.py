"""The connection that a destination asks for: C-STORE to a DICOM node, STOW-RS to a DICOMweb service."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from calcinet.delivery.destination import Destination, Node
from calcinet.delivery.outcome import Connection

MOST_KINDS: Final = 128
"""Kinds of objects of one connection: presentation contexts of one association (PS3.8 9.3.2.2)."""

Kind = tuple[str, str]
"""SOP Class UID and Transfer Syntax UID."""


def ask(where: Destination) -> None:
    """Ask a receiver whether it is there, and lets us in; nothing is sent.

    Raises
    ------
    Unreachable, Refused
        If it does not, with the reason.
    """
    if isinstance(where, Node):
        from calcinet.delivery.dimse import echo

        echo(where)
    else:
        from calcinet.delivery.stow import open_service

        with open_service(where) as service:
            service.ask()


@contextmanager
def connect(where: Destination, kinds: Sequence[Kind]) -> Iterator[Connection]:
    """Connect to a receiver that is to take objects of these kinds; the library for its kind is loaded only then.

    Raises
    ------
    Unreachable
        If a node does not answer or does not let us in; a service is asked for the first time with the first object.
    Refused
        If a node takes none of these kinds.
    """
    if isinstance(where, Node):
        from calcinet.delivery.dimse import associate

        with associate(where, kinds) as association:
            yield association
    else:
        from calcinet.delivery.stow import open_service

        with open_service(where) as service:
            yield service
