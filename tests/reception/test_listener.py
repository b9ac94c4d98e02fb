"""The listener with callers that are not as they should be: bounds are kept, and the others go on."""

import gc
import socket
import struct
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pynetdicom.fsm import StateMachine

from calcinet.delivery import destination
from calcinet.delivery.outcome import Unreachable
from calcinet.delivery.transport import ask
from calcinet.reception import Listener, Listening, read_caller
from calcinet.reception.lobby import YIELDING_S, Lobby

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


def test_no_socket_is_left_of_callers_who_break_off(heard):
    """Ten leave at once, ten with a unit begun, ten after a unit that is too large; none waits for the collector."""
    listener, _ = heard
    echo(listener)
    gc.collect()
    gc.disable()
    try:
        before = count_sockets()
        for start in (b"", GREETING, GREETING + struct.pack(">L", 2**32 - 1)):
            for _ in range(10):
                with socket.create_connection(("127.0.0.1", listener.port)) as line:
                    line.sendall(start)
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        until = time.monotonic() + 60
        while count_sockets() > before:
            assert time.monotonic() < until, f"{count_sockets()} sockets, {before} before"
            time.sleep(0.1)
    finally:
        gc.enable()


def test_association_that_fails_inside_ends_alone(heard, monkeypatch):
    """The library's states get an event that they do not know: that is said, and the next caller is heard."""
    listener, said = heard
    act = StateMachine.do_action

    def fail_at_a_release(machine, event):
        act(machine, "Evt20" if event == "Evt12" else event)

    monkeypatch.setattr(StateMachine, "do_action", fail_at_a_release)
    with suppress(Unreachable):
        echo(listener)
    await_line(said, "out of step")
    monkeypatch.undo()
    echo(listener)


def count_sockets():
    """Of this process."""
    links = []
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            links.append(str(entry.readlink()))
    return sum(link.startswith("socket:") for link in links)


def test_silent_connections_hold_no_place_of_those_who_speak(heard):
    """Forty of them, twenty times the places, stay open; a caller who waited a second is heard, and again after it."""
    listener, said = heard
    silent = [socket.create_connection(("127.0.0.1", listener.port)) for _ in range(40)]
    try:
        await_line(said, "closed a connection of 127.0.0.1: too many are open that ask for nothing")
        time.sleep(YIELDING_S)
        echo(listener)
        silent += [socket.create_connection(("127.0.0.1", listener.port)) for _ in range(40)]
        time.sleep(YIELDING_S)
        echo(listener)
    finally:
        for line in silent:
            line.close()


def test_one_address_leaves_places_to_another(monkeypatch):
    """Of four, two; the third of one address gives no way within the second, and that of another is let in."""
    monkeypatch.setenv("CALCINET_MAX_ASSOCIATIONS", "4")
    lobby, peers = Lobby(), [("10.0.0.1", port) for port in range(3)]
    ends = [socket.socketpair() for _ in range(4)]
    try:
        admitted = [lobby.admit(end[0], peer) for end, peer in zip(ends, peers, strict=False)]
        other = lobby.admit(ends[3][0], ("10.0.0.2", 1))
        lobby.leave(peers[0])
        again = lobby.admit(ends[2][0], peers[2])
    finally:
        for end in (line for pair in ends for line in pair):
            end.close()

    assert admitted == [True, True, False]
    assert (other, again) == (True, True)


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
