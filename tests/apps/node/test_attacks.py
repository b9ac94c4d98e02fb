"""Attacks on the listener: messages that are no messages, TLS of yesterday, and what was recorded sent again."""

import shutil
import socket
import ssl
import struct
import threading
import time
import warnings
from contextlib import suppress

import pytest
from pydicom import config
from pydicom.dataset import Dataset
from pydicom.uid import ImplicitVRLittleEndian
from pynetdicom import AE
from pynetdicom.dsutils import encode
from pynetdicom.sop_class import Verification

from calcinet.apps.node.register import Register
from calcinet.apps.node.shelf import Shelf
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.queue import Queue
from calcinet.reception import Listener, Listening, read_caller
from calcinet.reception.tls import make_context
from tests.reception.test_tls import papers as papers
from tests.support.nodes import ECHOSCU, PATIENCE_S
from tests.support.partners import need

SILENT_S = 20
"""Who says nothing for so long says nothing more."""

OPENSSL = shutil.which("openssl")


@pytest.fixture(scope="module")
def open_node(tmp_path_factory):
    """A node without TLS that keeps what it takes as `calcinet node` does, and the folder of it."""
    data = DataFolder(tmp_path_factory.mktemp("node"))
    data.make()
    shelf = Shelf(data.received, Register(data.register), Queue(data.queue))
    where = Listening(title="CALCINET", host="127.0.0.1", port=0, callers=[read_caller("WARD")])
    running = Listener(where, shelf.take, lambda _: None)
    yield running, data.root
    running.close()


def make_command(**elements) -> bytes:
    """A command set as PS3.7 6.3.1 has it, with a group length that is right."""
    command = Dataset()
    with config.disable_value_validation():
        for keyword, value in elements.items():
            setattr(command, keyword, value)
    body = encode(command, is_implicit_vr=True, is_little_endian=True)
    return struct.pack("<HHLL", 0, 0, 4, len(body)) + body


def pack(content: bytes, control: int, context: int = 1) -> bytes:
    """A P-DATA-TF of one value (PS3.8 9.3.5); control 3 is the last part of a command, 2 that of a dataset."""
    value = struct.pack(">LBB", len(content) + 2, context, control) + content
    return struct.pack(">BBL", 4, 0, len(value)) + value


STORE = {"AffectedSOPClassUID": "1.2.840.10008.5.1.4.1.1.7", "CommandField": 1, "MessageID": 1, "Priority": 0}
MALFORMED = {
    "no command": pack(b"", 3),
    "noise": pack(bytes(range(256)), 3),
    "unknown command": pack(make_command(CommandField=0x7777, MessageID=1, CommandDataSetType=0x0101), 3),
    "answer that nobody asked for": pack(make_command(CommandField=0x8001, MessageIDBeingRespondedTo=9, Status=0), 3),
    "store without identifiers": pack(make_command(CommandField=1, MessageID=1, CommandDataSetType=1), 3)
    + pack(b"\x08\x00\x18\x00\xff\xff\xff\x7f", 2),
    "store that climbs": pack(make_command(**STORE, AffectedSOPInstanceUID="../../x", CommandDataSetType=1), 3)
    + pack(b"\x10\x00\x10\x00\x02\x00\x00\x00xx", 2),
    "dataset before its command": pack(b"\x08\x00\x18\x00\x02\x00\x00\x001.", 2),
    "context that was not agreed": pack(make_command(CommandField=0x30, MessageID=1, CommandDataSetType=257), 3, 77),
    "length beyond its unit": struct.pack(">BBLLBB", 4, 0, 12, 2**31 - 1, 1, 3) + bytes(6),
    "length of none": struct.pack(">BBLL", 4, 0, 4, 0),
}


@pytest.mark.parametrize("kind", MALFORMED)
@pytest.mark.filterwarnings("ignore")
def test_malformed_message_keeps_nothing_and_nobody_out(open_node, kind):
    """After an association that is in order; whatever follows, nothing is taken and the next caller is answered."""
    node, folder = open_node
    association = establish(node, Verification, STORE["AffectedSOPClassUID"])
    with suppress(OSError):
        association.dul.socket.socket.sendall(MALFORMED[kind])
    association.abort()

    ask_as_ward(node)
    assert list((folder / "received").iterdir()) == []
    assert not list(folder.parent.rglob("x"))


def establish(node, *kinds):
    """An association as WARD; on a busy machine the greeting may come too late, and is tried again."""
    until = time.monotonic() + PATIENCE_S
    entity = AE(ae_title="WARD")
    for kind in kinds:
        entity.add_requested_context(kind, ImplicitVRLittleEndian)
    while True:
        association = entity.associate("127.0.0.1", node.port, ae_title="CALCINET")
        if association.is_established:
            return association
        assert time.monotonic() < until


def ask_as_ward(node):
    """An echo that must be answered."""
    association = establish(node, Verification)
    assert association.send_c_echo().Status == 0
    association.release()


@pytest.fixture
def secret(papers):
    """A node with TLS that asks for certificates."""
    context = make_context(papers / "node.pem", papers / "node.key", papers / "ca.pem")
    where = Listening(title="CALCINET", host="127.0.0.1", port=0, callers=[read_caller("WARD")], tls=context)
    running = Listener(where, lambda _: None, lambda _: None)
    yield running
    running.close()


def make_caller(papers, **bounds) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(papers / "caller.pem", papers / "caller.key")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for name, value in bounds.items():
            setattr(context, name, value)
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1], ids=["1.0", "1.1"])
def test_tls_of_yesterday_is_not_spoken(papers, secret, version):
    """Somebody in the middle who talks both sides down: the node itself says no (alert 70, protocol version)."""
    context = make_caller(papers, minimum_version=version, maximum_version=version)
    context.set_ciphers("ALL:@SECLEVEL=0")
    line = socket.create_connection(("127.0.0.1", secret.port), timeout=SILENT_S)
    with line, pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
        context.wrap_socket(line)


@pytest.mark.parametrize("ciphers", ["AES128-SHA", "NULL-SHA256", "AECDH-AES128-SHA"])
def test_weak_cipher_is_not_agreed_on(papers, secret, ciphers):
    """Without forward secrecy, without a cipher, without an identity."""
    context = make_caller(papers, maximum_version=ssl.TLSVersion.TLSv1_2)
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    line = socket.create_connection(("127.0.0.1", secret.port), timeout=SILENT_S)
    with line, pytest.raises((ssl.SSLError, ConnectionError)):
        context.wrap_socket(line)


def test_association_that_was_recorded_opens_nothing_when_it_is_replayed(papers, secret):
    """All that a caller with the right certificate sent, byte by byte, is sent again: TLS takes none of it."""
    need(OPENSSL and ECHOSCU, "openssl and DCMTK")
    sent: list[bytes] = []
    answers: list[bytes] = []
    context = make_caller(papers)
    with socket.create_server(("127.0.0.1", 0)) as between:
        relay = threading.Thread(target=pass_on, args=(between, secret.port, sent, answers), daemon=True)
        relay.start()
        line = socket.create_connection(between.getsockname(), timeout=SILENT_S)
        with line, context.wrap_socket(line) as covered:
            covered.sendall(make_greeting())
            assert covered.recv(1) == b"\x02"  # the association is accepted
        relay.join(SILENT_S)
    received = b""
    with socket.create_connection(("127.0.0.1", secret.port), timeout=SILENT_S) as line, suppress(OSError):
        line.sendall(b"".join(sent))
        while piece := line.recv(65536):
            received += piece

    assert len(b"".join(sent)) > 500
    assert len(received) < len(b"".join(answers))
    assert b"\x15\x03" in received or not received.endswith(b"".join(answers)[-16:])


def make_greeting() -> bytes:
    """A request for an association for echoes, as WARD."""
    item = bytes([0x30, 0, 0, 17]) + b"1.2.840.10008.1.1" + bytes([0x40, 0, 0, 17]) + b"1.2.840.10008.1.2"
    context = struct.pack(">BBHBBBB", 0x20, 0, len(item) + 4, 1, 0, 0, 0) + item
    application = struct.pack(">BBH", 0x10, 0, 21) + b"1.2.840.10008.3.1.1.1"
    own = struct.pack(">BBHL", 0x51, 0, 4, 16384) + struct.pack(">BBH", 0x52, 0, 5) + b"1.2.3"
    user = struct.pack(">BBH", 0x50, 0, len(own)) + own
    body = struct.pack(">HH", 1, 0) + b"CALCINET".ljust(16) + b"WARD".ljust(16) + bytes(32)
    body += application + context + user
    return struct.pack(">BBL", 1, 0, len(body)) + body


def pass_on(between: socket.socket, port: int, sent: list[bytes], answers: list[bytes]) -> None:
    """Stand between two and keep what each says."""
    caller, _ = between.accept()
    with caller, socket.create_connection(("127.0.0.1", port)) as node:
        back = threading.Thread(target=copy, args=(node, caller, answers), daemon=True)
        back.start()
        copy(caller, node, sent)
        with suppress(OSError):
            node.shutdown(socket.SHUT_WR)
        back.join(SILENT_S)


def copy(source: socket.socket, target: socket.socket, kept: list[bytes]) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            kept.append(piece)
            target.sendall(piece)
