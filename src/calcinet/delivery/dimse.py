"""Delivery by C-STORE (PS3.4 B) over one association."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydicom import dcmread
from pynetdicom import AE

from calcinet.delivery.destination import Node
from calcinet.delivery.outcome import Busy, Refused, Unreachable

TIMEOUT_S: Final = 30.0
"""Our choice: a busy archive answers within seconds."""

MOST_CONTEXTS: Final = 128
"""Presentation contexts of one association (PS3.8 9.3.2.2)."""

Kind = tuple[str, str]
"""SOP Class UID and Transfer Syntax UID."""


@dataclass(frozen=True, slots=True)
class Association:
    """An open association."""

    association: Any

    def send(self, path: Path) -> None:
        """Send one object; see `Connection`."""
        try:
            status = self.association.send_c_store(dcmread(path))
        except ValueError:  # no context was accepted for it
            raise Refused("the receiver does not take objects of this kind") from None
        except RuntimeError as error:
            raise Unreachable("the association ended") from error
        if "Status" not in status:
            raise Unreachable("the association broke off before the object was confirmed")
        check_status(status.Status)


def check_status(status: int) -> None:
    """Turn a status of C-STORE (PS3.4 B.2.3) into nothing, or into why the object was not taken."""
    if status == 0 or status & 0xF000 == 0xB000:  # success, or taken with a warning
        return
    if status & 0xFF00 == 0xA700 or status == 0x0110:  # out of resources, processing failure
        raise Busy(f"the receiver could not take it now (status {status:04X})")
    raise Refused(f"the receiver refused it (status {status:04X})")


@contextmanager
def associate(where: Node, paths: Sequence[Path]) -> Iterator[Association]:
    """Open an association for objects of these kinds, and release it.

    Raises
    ------
    Unreachable
        If the node does not answer or does not let us in.
    """
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)  # what goes wrong is said once, by us
    entity = AE(ae_title=where.calling)
    entity.acse_timeout = entity.dimse_timeout = entity.network_timeout = entity.connection_timeout = TIMEOUT_S
    for sop_class, syntax in sorted({_read_kind(path) for path in paths})[:MOST_CONTEXTS]:
        entity.add_requested_context(sop_class, syntax)
    association = entity.associate(where.host, where.port, ae_title=where.called)
    if not association.is_established:
        raise Unreachable("the node does not answer, or does not know us")
    try:
        yield Association(association)
    finally:
        if association.is_established:
            association.release()
        association.join(TIMEOUT_S)  # its thread closes the socket, after a connection that broke off too


def _read_kind(path: Path) -> Kind:
    header = dcmread(path, stop_before_pixels=True, specific_tags=["SOPClassUID"])
    return str(header.SOPClassUID), str(header.file_meta.TransferSyntaxUID)
