"""C-STORE: what each status means, and how it ends with nodes on loopback that are not as they should be."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from io import BytesIO

import pytest
from pydicom import dcmread, dcmwrite
from pynetdicom import AE, evt

from calcinet.delivery import deliver, destination
from calcinet.delivery.dimse import check_status
from calcinet.delivery.outcome import Busy, Misdirected, Refused, Unreachable
from calcinet.delivery.transport import connect
from calcinet.delivery.wholeness import read_instance
from tests.support.captures import capture

CONTENT = capture(21)
INSTANCE = read_instance(CONTENT)

pytestmark = pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
"""The DICOM library leaves the socket of a failed association to the garbage collector, which says so."""


@pytest.mark.parametrize(
    ("status", "what"),
    [(0x0000, None), (0xB000, None), (0xA700, Busy), (0x0110, Busy), (0xA900, Refused), (0xC001, Refused)],
)
def test_status_of_c_store(status, what):
    if what is None:
        check_status(status)
    else:
        with pytest.raises(what):
            check_status(status)


@contextmanager
def node(kinds=(INSTANCE.kind,), on_store=lambda _: 0, **settings):
    """A node that takes these kinds; `on_store` gives its status, or does something else."""
    entity = AE(ae_title="PARTNER")
    for name, value in settings.items():
        setattr(entity, name, value)
    for sop_class, syntax in kinds:
        entity.add_supported_context(sop_class, syntax)
    opened = []
    handlers = [(evt.EVT_C_STORE, on_store), (evt.EVT_ACCEPTED, opened.append)]
    server = entity.start_server(("127.0.0.1", 0), block=False, evt_handlers=handlers)
    try:
        yield destination(f"dicom://PARTNER@127.0.0.1:{server.socket.getsockname()[1]}"), opened
    finally:
        server.shutdown()


@contextmanager
def listener(act):
    """A program that takes connections, and is no DICOM node."""
    server = socket.create_server(("127.0.0.1", 0))
    lines = []

    def run() -> None:
        with suppress(OSError):
            while True:
                lines.append(server.accept()[0])
                act(lines[-1])

    threading.Thread(target=run, daemon=True).start()
    yield destination(f"dicom://PARTNER@127.0.0.1:{server.getsockname()[1]}")
    server.shutdown(socket.SHUT_RDWR)
    for line in (server, *lines):
        line.close()


def outcome(where) -> BaseException | None:
    try:
        with connect(where, [INSTANCE.kind]) as connection:
            connection.send(CONTENT, INSTANCE)
    except (Busy, Refused, Unreachable) as reason:
        return reason
    return None


def test_node_that_takes_the_object():
    with node() as (where, _):
        assert outcome(where) is None


def test_node_that_does_not_know_our_title():
    with node(require_calling_aet=["SOMEBODY"]) as (where, _):
        reason = outcome(where)

    assert type(reason) is Misdirected
    assert "check its title, and that it knows ours" in str(reason)


def test_node_that_takes_other_kinds_alone():
    """Verification, which is no storage."""
    with node(kinds=[("1.2.840.10008.1.1", "1.2.840.10008.1.2")]) as (where, _):
        reason = outcome(where)

    assert type(reason) is Refused
    assert "does not take objects of this kind" in str(reason)


def test_node_that_aborts_in_the_middle():
    with node(on_store=lambda event: event.assoc.abort() or 0) as (where, _):
        reason = outcome(where)

    assert type(reason) is Unreachable
    assert "before the object was confirmed" in str(reason)


@pytest.mark.parametrize("status", [0xA700, 0x0110])
def test_node_that_is_full(status):
    with node(on_store=lambda _: status) as (where, _):
        assert type(outcome(where)) is Busy


@pytest.mark.parametrize(
    "act",
    [socket.socket.close, lambda line: line.sendall(b"HTTP/1.1 400\r\n\r\n"), lambda line: line.sendall(bytes(90))],
)
def test_program_that_is_no_node(monkeypatch, act):
    monkeypatch.setattr("calcinet.delivery.dimse.CONNECT_S", 0.5)
    with listener(act) as where:
        assert isinstance(outcome(where), Unreachable)


def test_node_that_never_answers_is_given_up(monkeypatch):
    """It takes the connection and says nothing."""
    monkeypatch.setattr("calcinet.delivery.dimse.CONNECT_S", 0.3)
    began = time.monotonic()
    with listener(lambda _: None) as where:
        reason = outcome(where)

    assert "does not answer" in str(reason)
    assert time.monotonic() - began < 3


def test_node_that_never_confirms_is_given_up(monkeypatch):
    monkeypatch.setattr("calcinet.delivery.dimse.TIMEOUT_S", 0.4)
    with node(on_store=lambda _: time.sleep(1.5) or 0) as (where, _):
        reason = outcome(where)

    assert isinstance(reason, Unreachable)
    assert not reason.again


def test_130_kinds_go_over_two_associations(box, monkeypatch):
    """One association carries 128; the node takes private kinds."""
    monkeypatch.setattr("pynetdicom._config.UNRESTRICTED_STORAGE_SERVICE", True)
    kinds = [(f"1.2.826.0.1.3680043.8.498.9.{number}", INSTANCE.syntax) for number in range(130)]
    stored = []

    def store(event) -> int:
        stored.append(event.request.AffectedSOPClassUID)
        return 0

    with node(kinds=kinds, on_store=store) as (where, opened):
        for number, (sop_class, _) in enumerate(kinds):
            dataset = dcmread(BytesIO(capture(3000 + number)))
            dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = sop_class
            stream = BytesIO()
            dcmwrite(stream, dataset)
            box.put(stream.getvalue(), where)
        done = deliver(box, where, attempts=1)

    assert (done.sent, done.waiting, done.refused) == (130, 0, 0)
    assert sorted(stored) == sorted(sop_class for sop_class, _ in kinds)
    assert len(opened) == 2
