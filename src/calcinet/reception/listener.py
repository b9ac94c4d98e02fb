"""A DICOM node that takes objects: C-ECHO and C-STORE as provider (PS3.4 A and B), for those alone who may call."""

import logging
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from socketserver import BaseServer
from threading import Thread
from typing import Any, Final

from pydicom.dataset import Dataset
from pynetdicom import AE, evt
from pynetdicom.transport import RequestHandler, ThreadedAssociationServer

from calcinet.errors import BadInput, MachineFault
from calcinet.limits import ASSOCIATIONS, RECEIVED_UNIT_BYTES, RECEIVING_SECONDS
from calcinet.reception.answers import Answer, NotTaken
from calcinet.reception.bounded_socket import BoundedSocket, Burden
from calcinet.reception.callers import Caller, find_fault
from calcinet.reception.kinds import OBJECTS, SYNTAXES, VERIFICATION
from calcinet.reception.lobby import GREETING_S, Lobby

UNCOUNTED: Final = 1 << 20
"""The library would count connections that ask for nothing; we count associations alone."""

WRONG_CALLER: Final = (1, 1, 3)
WRONG_CALLED: Final = (1, 1, 7)
"""Rejected for good by the user of the service: title of the caller, of the called not recognised (PS3.8 9.3.4)."""

TOO_MANY: Final = (2, 3, 2)
"""Rejected for now by the provider of the service: local limit exceeded (PS3.8 9.3.4)."""

LONGEST_COMMENT: Final = 64
"""Letters of Error Comment (PS3.5 6.2, LO)."""

QUIET: Final = logging.CRITICAL + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One object as it came."""

    content: bytes
    """The bytes of a DICOM file: the data set as it was sent, behind a header that names its transfer syntax."""
    uid: str
    """SOP Instance UID, as the command says it."""
    sop_class: str
    caller: str
    """Title of who sent it."""
    moved_by: str = ""
    """Title of who asked its sender for it by C-MOVE; empty where nobody did."""


Take = Callable[[Arrival], None]
"""Keeps an object; returns when it is safe, or raises NotTaken."""

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where it listens, and to whom."""

    title: str
    host: str
    port: int
    callers: Sequence[Caller]
    tls: ssl.SSLContext | None = None


class Listener:
    """Listens until it is closed."""

    def __init__(self, where: Listening, take: Take, log: Log) -> None:
        """Begin to listen.

        Raises
        ------
        BadInput
            If the title or the address cannot be.
        MachineFault
            If the port is taken.
        """
        logging.getLogger("pynetdicom").setLevel(QUIET)  # what goes wrong is said once, by us
        self._where, self._take, self._log = where, take, log
        entity = _make_entity(where)
        handlers: list[Any] = [
            (evt.EVT_REQUESTED, self._greet),
            (evt.EVT_C_ECHO, self._answer_echo),
            (evt.EVT_C_STORE, self._answer_store),
        ]
        try:
            self._server = _Server(entity, where, handlers, log)
        except (OverflowError, OSError) as error:
            raise _explain(error, where) from None
        self._thread = Thread(target=self._server.serve_forever, name="listener", daemon=True)
        self._thread.start()
        self._entity = entity

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Take no more callers, and abort those that are here; what they were not told they will send again."""
        BaseServer.shutdown(self._server)  # the library's own wants to have begun it
        self._server.server_close()
        for association in self._server.active_associations:
            association.abort()

    def _greet(self, event: Any) -> None:
        """Reject who may not call, or calls for somebody else."""
        event.assoc.dul.socket.leave_lobby()
        asked = event.assoc.requestor.primitive
        caller, address = asked.calling_ae_title.strip(), event.assoc.requestor.address
        fault, rejection = find_fault(self._where.callers, caller, address), WRONG_CALLER
        if fault is None and asked.called_ae_title.strip() != self._where.title:
            fault, rejection = "it calls another title than ours", WRONG_CALLED
        if fault is None and self._server.count_others(event.assoc) >= ASSOCIATIONS.value:
            fault, rejection = f"{ASSOCIATIONS.value} associations are open", TOO_MANY
        if fault is not None:
            self._log(f"rejected {_name_title(caller)} at {address}: {fault}")
            event.assoc.acse.send_reject(*rejection)
            event.assoc.kill()

    def _answer_echo(self, event: Any) -> int:
        _let_go(event, 0)
        return int(Answer.TAKEN)

    def _answer_store(self, event: Any) -> Dataset:
        """Have an object kept, and answer when it is, or why it is not."""
        answer, reason, size = Answer.TAKEN, "", 0
        caller = event.assoc.requestor.ae_title.strip()
        try:
            content = event.encoded_dataset()
            size = len(content)
            command = event.request
            self._take(
                Arrival(
                    content=content,
                    uid=str(command.AffectedSOPInstanceUID),
                    sop_class=str(command.AffectedSOPClassUID),
                    caller=caller,
                    moved_by=str(command.MoveOriginatorApplicationEntityTitle or "").strip(),
                )
            )
        except NotTaken as error:
            answer, reason = error.answer, str(error)
        except Exception as error:  # whatever it does to us, its sender is answered and the others go on
            answer, reason = Answer.FAILED, f"it could not be kept ({type(error).__name__})"
        finally:
            _let_go(event, size)
        status = Dataset()
        status.Status = int(answer)
        if reason:
            status.ErrorComment = reason[:LONGEST_COMMENT]
            self._log(f"refused an object of {_name_title(caller)} ({answer:04X}): {reason}")
        return status


class _Server(ThreadedAssociationServer):
    """Makes its connections secret in a thread of each, so that a slow one holds up nobody."""

    daemon_threads = True

    def __init__(self, entity: AE, where: Listening, handlers: list[Any], log: Log) -> None:
        self.tls, self.log = where.tls, log
        self.burden, self.lobby = Burden(), Lobby()
        contexts = entity.supported_contexts
        address = (where.host, where.port)
        super().__init__(entity, address, where.title, contexts, evt_handlers=handlers, request_handler=_Handler)

    def count_others(self, own: Any) -> int:
        """Number of associations that others have asked for, and that have not ended."""
        return sum(one is not own and one.requestor.primitive is not None for one in self.active_associations)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Whether there is room for a connection."""
        if self.lobby.admit(request, client_address[:2]):
            return True
        self.log(f"closed a connection of {client_address[0]}: too many are open that ask for nothing")
        return False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say that a connection failed before anything was asked on it."""
        del request
        self.lobby.leave(client_address[:2])
        self.log(f"a connection of {client_address[0]} failed before an association was asked for")


class _Handler(RequestHandler):
    """Gives each association a socket with bounds."""

    server: _Server

    def handle(self) -> None:
        """Begin an association."""
        patience_s = float(RECEIVING_SECONDS.value)
        peer = self.client_address[:2]
        if self.server.tls is not None:
            self.request.settimeout(min(GREETING_S, patience_s))
            self.request = self.server.tls.wrap_socket(self.request, server_side=True, do_handshake_on_connect=False)
            self.server.lobby.wrap(self.request, peer)
            self._shake_hands()
        self.request.settimeout(patience_s)
        association = self._create_association()
        association.dul.socket = None
        association.dul.event_queue.get_nowait()  # the library's own socket has said already that it is connected
        association.set_socket(
            BoundedSocket(
                association,
                self.request,
                self.server.burden,
                patience_s,
                self.server.log,
                lambda: self.server.lobby.leave(peer),
            )
        )
        evt.trigger(association, evt.EVT_CONN_OPEN, {"address": self.client_address})
        for thread in (association, association.dul):
            _contain(thread, association, self.server.log)
        association.start()

    def _shake_hands(self) -> None:
        try:
            self.request.do_handshake()
        except Exception:  # who has gone again leaves a socket without a layer of TLS: the library fails in its own way
            self.request.close()
            raise


def _contain(thread: Thread, association: Any, log: Log) -> None:
    """Have a thread of an association end that one alone: the library's fails where both ends break off at once."""
    run = thread.run

    def run_contained() -> None:
        try:
            run()
        except Exception as error:
            log(f"ended the association of {association.requestor.address}: out of step ({type(error).__name__})")
            association.dul.kill_dul()
            if association.dul.socket is not None:
                association.dul.socket.close()

    thread.run = run_contained  # type: ignore[method-assign]


def _make_entity(where: Listening) -> AE:
    try:
        entity = AE(ae_title=where.title)
    except ValueError:
        raise BadInput("a title has at most 16 letters, no backslash: give another one with --title") from None
    seconds = RECEIVING_SECONDS.value
    entity.acse_timeout = min(GREETING_S, seconds)
    entity.dimse_timeout = entity.network_timeout = seconds
    entity.maximum_associations = UNCOUNTED
    entity.maximum_pdu_size = RECEIVED_UNIT_BYTES.value
    entity.add_supported_context(VERIFICATION)
    for sop_class in OBJECTS:
        entity.add_supported_context(sop_class, list(SYNTAXES))
    return entity


def _explain(error: Exception, where: Listening) -> Exception:
    if isinstance(error, OSError) and error.strerror is not None and error.errno is not None and error.errno > 0:
        return MachineFault(f"{where.host}:{where.port} cannot be used ({error.strerror}): give another --port")
    return BadInput(f"{where.host}:{where.port} is no address of this machine")


def _let_go(event: Any, size: int) -> None:
    held = event.assoc.dul.socket
    if isinstance(held, BoundedSocket):
        held.let_go(all_of_it=event.assoc.dimse.msg_queue.empty(), count=size)


def _name_title(title: str) -> str:
    """A title as it is shown: what a caller made up must not look like a line of ours."""
    return title if title.isprintable() and title.isascii() else "a title that cannot be shown"
