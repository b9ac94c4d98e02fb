"""Malformed units and messages on the socket of a node: `python -m fuzz.node --seconds 1800`.

What a real caller sends (an association with an echo and an object) is recorded, changed and sent again, over
connection after connection: bits, lengths, types and order of units, cut off, repeated, with data in between. Most
sessions are let in first, and what follows is changed: units, fragments, and elements of commands (missing, of
another type, empty, huge, contradicting the data). In the end the node must answer an echo, must not have ended, and
its memory must be bounded.

Exit codes: 0 it does, 1 it does not, 2 wrong usage.
"""

import argparse
import random
import re
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pydicom
from pynetdicom import AE, evt

from calcinet.delivery import destination
from calcinet.delivery.outcome import Unreachable
from calcinet.delivery.transport import ask
from tests.support.captures import capture
from tests.support.nodes import Node

LENGTHS: Final = (0, 1, 5, 2**15, 2**16 - 1, 2**17, 2**31 - 1, 2**32 - 1)
"""That units and items are made to claim."""

MOST_BYTES: Final = 1 << 30
"""The node may have so much memory. Our choice: four times what it has after its start."""

THREADS: Final = 4
ANSWER_S: Final = 0.3
"""An answer is waited for so long. Our choice: what is not there by then waits for us."""

GREETING_S: Final = 5.0
"""To be let in is waited for so long: a session that is not let in gets no deeper."""

LET_IN: Final = 0.85
"""Share of the sessions that are let in before anything is changed. Our choice."""

P_DATA: Final = 4
"""Type of a unit that carries messages (PS3.8 9.3.5)."""

VALUES: Final[tuple[Any, ...]] = (
    0,
    1,
    0x0101,
    0x8001,
    0xFFFF,
    2**31,
    b"",
    b"\0",
    b"1.2.840.10008.1.1",
    b"9" * 64,
    b"A" * 70_000,
)
"""That elements of commands are set to: numbers of the standard and others, texts of no and of too great length."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz a node for a while and print what it bore."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="calcinet-fuzz-") as folder:
        node = Node(Path(folder) / "node" / "data", ("--accept", "MODALITY", "--quiet-seconds", "3600")).start()
        assert node.process is not None
        try:
            recorded = record_session(node.port)
            before = read_memory(node.process.pid)["VmRSS"]
            answers = bombard(node.port, recorded, asked.seconds, asked.seed)
            sound = answers_echo(node.port)
            memory = read_memory(node.process.pid)
        finally:
            node.kill()
    told = ", ".join(f"{count} {name}" for name, count in sorted(answers.items()))
    print(f"{sum(answers.values())} connections in {asked.seconds:.0f} s: {told}")
    most, now = memory["VmHWM"], memory["VmRSS"]
    print(f"memory: {before / 1e6:.0f} MB before, {now / 1e6:.0f} MB after, {most / 1e6:.0f} MB at most")
    print("an echo is answered" if sound else "NO ECHO IS ANSWERED")
    return 0 if sound and most < MOST_BYTES else 1


def record_session(port: int) -> list[bytes]:
    """The units that a caller sends: association, echo, an object, release."""
    sent: list[bytes] = []

    def keep(event: Any) -> None:
        sent.append(bytes(event.data))

    held = pydicom.dcmread(BytesIO(capture(1, 300)))
    entity = AE("MODALITY")
    entity.add_requested_context("1.2.840.10008.1.1")
    entity.add_requested_context(held.SOPClassUID, held.file_meta.TransferSyntaxUID)
    handlers: list[Any] = [(evt.EVT_DATA_SENT, keep)]
    association = entity.associate("127.0.0.1", port, ae_title="CALCINET", evt_handlers=handlers)
    association.send_c_echo()
    association.send_c_store(held)
    association.release()
    association.join()
    return sent


def bombard(port: int, recorded: Sequence[bytes], seconds: float, seed: int) -> Counter[str]:
    """Send changed sessions from several threads; counts what was answered last."""
    answers: Counter[str] = Counter()
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        chance = random.Random(f"{seed} {number}")
        while time.monotonic() < until:
            let_in = chance.random() < LET_IN
            answers[try_session(port, change(recorded, chance, let_in=let_in), let_in=let_in)] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def change(recorded: Sequence[bytes], chance: random.Random, *, let_in: bool) -> list[bytes]:
    """A session with a few changes; the greeting is left as it is where it is to be let in."""
    units = [bytearray(unit) for unit in recorded]
    for _ in range(chance.randint(1, 4)):
        first = min(1, len(units) - 1) if let_in else 0
        place = chance.randrange(first, len(units))
        chance.choice(CHANGES)(units, place, chance)
        if not units:
            break
    return [bytes(unit) for unit in units]


def flip_bits(units: list[bytearray], place: int, chance: random.Random) -> None:
    """Change some bits of a unit, mostly near its beginning, where its structure is."""
    unit = units[place]
    for _ in range(chance.randint(1, 8)):
        if unit:
            unit[min(int(chance.expovariate(1 / 60)), len(unit) - 1)] ^= 1 << chance.randrange(8)


def lie_about_length(units: list[bytearray], place: int, chance: random.Random) -> None:
    """Let a unit, or something in it, claim another length."""
    unit = units[place]
    where = 2 if chance.random() < 0.5 else chance.randrange(max(1, min(len(unit), 200)))
    unit[where : where + 4] = chance.choice(LENGTHS).to_bytes(4, chance.choice(("big", "little")))


def cut(units: list[bytearray], place: int, chance: random.Random) -> None:
    """End a unit too early."""
    del units[place][chance.randrange(max(1, len(units[place]))) :]


def insert(units: list[bytearray], place: int, chance: random.Random) -> None:
    """Put bytes into a unit."""
    where = chance.randrange(max(1, len(units[place])))
    units[place][where:where] = chance.randbytes(chance.choice((1, 6, 100, 5000)))


def repeat(units: list[bytearray], place: int, chance: random.Random) -> None:
    """Send a unit many times."""
    units[place:place] = [bytearray(units[place]) for _ in range(chance.choice((1, 2, 30)))]


def swap(units: list[bytearray], place: int, chance: random.Random) -> None:
    """Let two units change places."""
    other = chance.randrange(len(units))
    units[place], units[other] = units[other], units[place]


def leave_out(units: list[bytearray], place: int, chance: random.Random) -> None:
    """Send a unit not at all."""
    del chance
    del units[place]


def retype(units: list[bytearray], place: int, chance: random.Random) -> None:
    """Say that a unit is of another kind."""
    if units[place]:
        units[place][0] = chance.choice((0, 1, 2, 3, 4, 5, 6, 7, 8, 255))


def change_command(units: list[bytearray], place: int, chance: random.Random) -> None:
    """Change, leave out or repeat an element of a command, whose length is then put right (PS3.7 6.3)."""
    commands = [unit for unit in units if len(unit) > COMMAND_AT and unit[0] == P_DATA and unit[CONTROL_AT] & 1]
    if not commands:
        flip_bits(units, place, chance)
        return
    unit = chance.choice(commands)
    elements = split_command(bytes(unit[COMMAND_AT:]))
    if not elements:
        return
    which = chance.randrange(len(elements))
    tag, value = elements[which]
    how = chance.randrange(4)
    if how == 0:
        del elements[which]
    elif how == 1:
        elements[which:which] = [(tag, value)] * chance.choice((1, 20))
    elif how == 2:
        other = chance.choice(VALUES)
        size = 4 if isinstance(other, int) and other > 0xFFFF else 2
        elements[which] = tag, other.to_bytes(size, "little") if isinstance(other, int) else other
    else:
        elements[which] = tag[:2] + chance.randbytes(2), value
    wrap_command(unit, elements)


CONTROL_AT: Final = 11
COMMAND_AT: Final = 12
"""Message control header and command in a unit with one fragment (PS3.8 9.3.5.1)."""


def split_command(content: bytes) -> list[tuple[bytes, bytes]]:
    """Tags and values of a command: implicit, little endian."""
    elements, at = [], 0
    while at + 8 <= len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        elements.append((content[at : at + 4], content[at + 8 : at + 8 + length]))
        at += 8 + length
    return elements


def wrap_command(unit: bytearray, elements: Sequence[tuple[bytes, bytes]]) -> None:
    """Put a command into a unit, with the lengths of unit and fragment."""
    content = b"".join(tag + len(value).to_bytes(4, "little") + value for tag, value in elements)
    unit[COMMAND_AT:] = content
    unit[2:6] = (len(unit) - 6).to_bytes(4, "big")
    unit[6:10] = (len(unit) - 10).to_bytes(4, "big")


def split_fragment(units: list[bytearray], place: int, chance: random.Random) -> None:
    """Carry a message in two fragments, of which the second says that it is of another context or not the last."""
    unit = units[place]
    if len(unit) <= COMMAND_AT + 2 or unit[0] != P_DATA:
        return
    cut_at = chance.randrange(COMMAND_AT + 1, len(unit))
    rest = bytearray(unit[:COMMAND_AT] + unit[cut_at:])
    del unit[cut_at:]
    unit[CONTROL_AT] &= 1
    rest[CONTROL_AT - 1] = chance.choice((1, 2, 3, 255, rest[CONTROL_AT - 1]))
    rest[CONTROL_AT] = chance.choice((0, 1, 2, 3, rest[CONTROL_AT]))
    for part in (unit, rest):
        part[2:6] = (len(part) - 6).to_bytes(4, "big")
        part[6:10] = (len(part) - 10).to_bytes(4, "big")
    units.insert(place + 1, rest)


CHANGES: Final = (
    change_command,
    change_command,
    split_fragment,
    flip_bits,
    flip_bits,
    lie_about_length,
    cut,
    insert,
    repeat,
    swap,
    leave_out,
    retype,
)


def try_session(port: int, units: Sequence[bytes], *, let_in: bool = False) -> str:
    """Send a session; what it was answered last."""
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=GREETING_S) as line:
            for number, unit in enumerate(units):
                line.sendall(unit)
                line.settimeout(GREETING_S if let_in and number == 0 else ANSWER_S)
                answer = line.recv(1 << 14) or answer
            return name_answer(answer)
    except TimeoutError:
        return f"{name_answer(answer)}, then silence"
    except OSError:
        return f"{name_answer(answer)}, then cut off"


def name_answer(answer: bytes) -> str:
    """The kind of a unit that was answered."""
    kinds = {1: "greeting", 2: "accepted", 3: "rejected", 4: "message", 5: "release", 6: "released", 7: "aborted"}
    return kinds.get(answer[0], "other") if answer else "nothing"


def answers_echo(port: int) -> bool:
    """Whether the node still answers; all its lines may be taken for a while by those that said nothing more."""
    for _ in range(30):
        try:
            ask(destination(f"dicom://CALCINET@127.0.0.1:{port}?calling=MODALITY"))
        except Unreachable:
            time.sleep(3.0)
            continue
        return True
    return False


def read_memory(pid: int) -> dict[str, int]:
    """Bytes of memory that a process has, and has had at most."""
    told = Path(f"/proc/{pid}/status").read_text()
    return {name: 1024 * int(size) for name, size in re.findall(r"(Vm\w+):\s+(\d+) kB", told)}


if __name__ == "__main__":
    sys.exit(main())
