"""The listener with callers that are not as they should be: bounds are kept, and the others go on."""

import socket
import struct
import time

import pytest

from calcinet.delivery import destination
from calcinet.delivery.outcome import Unreachable
from calcinet.delivery.transport import ask
from calcinet.reception import Listener, Listening, read_caller

GREETING = b"\x01\x00"
"""Type of the unit that asks for an association, and a reserved byte (PS3.8 9.3.2)."""


@pytest.fixture
def heard(monkeypatch):
    """A listener with two associations and a second of patience, and what it says."""
    monkeypatch.setenv("CALCINET_MAX_ASSOCIATIONS", "2")
    monkeypatch.setenv("CALCINET_MAX_RECEIVING_SECONDS", "1")
    said = []
    where = Listening(title="CALCINET", host="127.0.0.1", port=0, callers=[read_caller("CALCINET")])
    running = Listener(where, lambda _: None, said.append)
    yield running, said
    running.close()


def await_line(said, part):
    until = time.monotonic() + 60
    while not any(part in line for line in said):
        assert time.monotonic() < until, said
        time.sleep(0.02)


def echo(listener):
    ask(destination(f"dicom://CALCINET@127.0.0.1:{listener.port}"))


def test_those_who_went_away_before_they_greeted_take_no_place(heard):
    """Twenty connections that are closed at once; there is room for four, and for two associations."""
    listener, _ = heard
    for _ in range(20):
        socket.create_connection(("127.0.0.1", listener.port)).close()

    until = time.monotonic() + 60
    while True:
        try:
            echo(listener)
        except Unreachable:
            assert time.monotonic() < until
            continue
        break


def test_unit_that_is_announced_too_large_is_not_waited_for(heard):
    """4 GiB are announced; the connection is aborted by the provider before any of them is sent."""
    listener, said = heard
    with socket.create_connection(("127.0.0.1", listener.port)) as line:
        line.sendall(GREETING + struct.pack(">L", 2**32 - 1))
        answer = line.recv(64)

    assert answer[:1] == b"\x07"
    await_line(said, "a unit of 4,294,967,295 bytes was announced")
    echo(listener)


def test_unit_that_never_ends_is_not_waited_for(heard):
    """A second of patience for a whole unit."""
    listener, _ = heard
    with socket.create_connection(("127.0.0.1", listener.port)) as line:
        line.sendall(GREETING + struct.pack(">L", 1000))
        line.settimeout(60)
        answer = line.recv(64)

    assert answer[:1] == b"\x07"
    echo(listener)
