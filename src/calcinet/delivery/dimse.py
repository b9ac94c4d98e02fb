"""Delivery by C-STORE (PS3.4 B) over one association."""

import logging
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import ImplicitVRLittleEndian
from pynetdicom import AE

from calcinet.delivery.destination import Node
from calcinet.delivery.outcome import Busy, Misdirected, Refused, Unreachable
from calcinet.delivery.tls import make_caller_context
from calcinet.delivery.wholeness import Instance

CONNECT_S: Final = 10.0
"""For a connection, and for the answer to our greeting. Our choice: a node that is there answers within a second."""

TIMEOUT_S: Final = 30.0
"""Our choice: a busy archive answers within seconds."""

NO_SUCH_KIND: Final = "the receiver does not take objects of this kind"

REJECTED_FOR_GOOD: Final = 1
"""Result of an association that is rejected not for a while alone (PS3.8 9.3.4)."""

VERIFICATION: Final = "1.2.840.10008.1.1"
"""Verification SOP Class (PS3.4 A.4)."""

FAILED: Final = 0x0110
"""Stands for a status that did not come."""

Kind = tuple[str, str]
"""SOP Class UID and Transfer Syntax UID."""


@dataclass(frozen=True, slots=True)
class Association:
    """An open association."""

    association: Any

    def send(self, content: bytes, instance: Instance) -> None:
        """Send one object; see `Connection`."""
        if instance.kind not in _list_accepted(self.association):
            if not self.association.is_established:
                raise Unreachable("the association ended")
            raise Refused(NO_SUCH_KIND)
        check_status(self._store(content))

    def _store(self, content: bytes) -> int:
        """The status with which the node answers."""
        began = time.monotonic()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the library quotes values of the object
                answer: Dataset = self.association.send_c_store(dcmread(BytesIO(content)))
            return int(answer.Status)
        except RuntimeError as error:
            raise Unreachable("the association ended") from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            if time.monotonic() - began >= TIMEOUT_S:
                raise Unreachable(f"the node did not answer within {TIMEOUT_S:.0f} s", again=False) from error
            if isinstance(error, AttributeError) or not self.association.is_established:
                raise Unreachable("the association broke off before the object was confirmed") from error
            raise Refused("it cannot be written in the form that the receiver takes") from error


def _list_accepted(association: Any) -> set[Kind]:
    return {(context.abstract_syntax, context.transfer_syntax[0]) for context in association.accepted_contexts}


def echo(where: Node) -> None:
    """Ask a node whether it is there, and lets us in (C-ECHO, PS3.4 A).

    Raises
    ------
    Unreachable
        If it does not answer or does not let us in.
    """
    try:
        with associate(where, [(VERIFICATION, ImplicitVRLittleEndian)]) as association:
            answer: Dataset = association.association.send_c_echo()
            if int(answer.get("Status", FAILED)) != 0:
                raise Unreachable("the node lets us in, and did not answer")
    except Refused:
        raise Unreachable("the node lets us in, and answers no echo (Verification is not among its services)") from None


def check_status(status: int) -> None:
    """Turn a status of C-STORE (PS3.4 B.2.3) into nothing, or into why the object was not taken."""
    if status == 0 or status & 0xF000 == 0xB000:  # success, or taken with a warning
        return
    if status & 0xFF00 == 0xA700 or status == 0x0110:  # out of resources, processing failure
        raise Busy(f"the receiver could not take it now (status {status:04X})")
    raise Refused(f"the receiver refused it (status {status:04X})")


@contextmanager
def associate(where: Node, kinds: Sequence[Kind]) -> Iterator[Association]:
    """Open an association for objects of these kinds, at most `transport.MOST_KINDS`, and release it.

    Raises
    ------
    Unreachable
        If the node does not answer or does not let us in.
    Refused
        If it takes none of these kinds.
    BadInput
        If files for TLS cannot be read.
    """
    logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)  # what goes wrong is said once, by us
    entity = AE(ae_title=where.calling)
    entity.acse_timeout = entity.connection_timeout = CONNECT_S
    entity.dimse_timeout = entity.network_timeout = TIMEOUT_S
    for sop_class, syntax in kinds:
        entity.add_requested_context(sop_class, syntax)
    tls = (make_caller_context(), where.host) if where.secret else None
    association = entity.associate(where.host, where.port, ae_title=where.called, tls_args=tls)
    line = association.dul.socket and association.dul.socket.socket
    try:
        if not association.is_established:
            raise _explain(association, where)
        yield Association(association)
    finally:
        if association.is_established:
            association.release()
        if association.is_alive():
            association.join(TIMEOUT_S)  # its thread ends the connection, one that broke off too
        if line is not None:  # the library leaves one open that never was connected, or whose other end went first
            line.close()


def _explain(association: Any, where: Node) -> Exception:
    """Why there is no association."""
    if association.is_rejected and association.acceptor.primitive.result == REJECTED_FOR_GOOD:
        return Misdirected("the node does not let us in: check its title, and that it knows ours")
    if association.rejected_contexts:
        return Refused(NO_SUCH_KIND)
    if where.secret:
        return Unreachable(
            "the node does not answer over TLS, shows no certificate that we trust, or wants one of ours"
        )
    return Unreachable("the node does not answer, or breaks off")
