"""The connection that a destination asks for: C-STORE to a DICOM node, STOW-RS to a DICOMweb service."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from calcinet.delivery.destination import Destination, Node
from calcinet.delivery.outcome import Connection


@contextmanager
def connect(where: Destination, paths: Sequence[Path]) -> Iterator[Connection]:
    """Connect to a receiver that is to take these objects; the library for its kind is loaded only then.

    Raises
    ------
    Unreachable
        If a node does not answer or does not let us in; a service is asked for the first time with the first object.
    """
    if isinstance(where, Node):
        from calcinet.delivery.dimse import associate

        with associate(where, paths) as association:
            yield association
    else:
        from calcinet.delivery.stow import open_service

        with open_service(where) as service:
            yield service
