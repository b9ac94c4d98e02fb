"""Kill a program in the middle of 500 writes to a store, ten times: `python -m tools.kill_store [--store URL]`.

Each round a process of its own adds 500 records, one a transaction, and says of each that it was acknowledged. SIGKILL
ends it at a random moment. Afterwards every record that was acknowledged must be there, letter by letter, at most one
more may be (written, and killed before it could be said), and the audit must be as it was written.

Exit codes: 0 nothing lost and every chain valid, 1 something else was found, 2 wrong usage.
"""

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from calcinet.record import Clinical, ModelRecord, Record
from calcinet.store import Store

WRITES: Final = 500
"""Records that a process would add if it lived."""

KILLS: Final = 10
LONGEST_PAUSE_S: Final = 0.05
"""Between an acknowledgement and the kill. Our choice: as long as a write takes, so that any step of it is met."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one kill left."""

    acknowledged: int
    kept: int
    lost: int
    """Acknowledged, and not there or not as given."""
    unsaid: int
    """There, and never acknowledged."""
    entries: int
    """Of the audit."""
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Nothing lost, at most the write that the kill met, chain valid."""
        return self.lost == 0 and self.unsaid <= 1 and not self.faults


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.kill_store", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--store", help="an empty database; a file that is removed afterwards where not given")
    parser.add_argument("--kills", type=int, default=KILLS, help=f"how many; {KILLS} where not given")
    parser.add_argument("--writes", type=int, default=WRITES, help=f"of each process; {WRITES} where not given")
    parser.add_argument("--seed", type=int, default=0, help="of the moments; 0 where not given")
    parser.add_argument("--write", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.write is not None:
        write_records(asked.store, asked.write, asked.writes)
        return 0
    with tempfile.TemporaryDirectory(prefix="calcinet-kill-") as folder:
        os.environ["CALCINET_KEY"] = str(Path(folder) / "store.key")
        rounds = kill_rounds(asked.store or str(Path(folder) / "store.sqlite"), asked.kills, asked.writes, asked.seed)
    acknowledged, lost = sum(one.acknowledged for one in rounds), sum(one.lost for one in rounds)
    sound = all(one.is_sound for one in rounds)
    state = "valid" if sound else "NOT valid"
    print(f"{len(rounds)} kills: {acknowledged} writes acknowledged, {lost} lost, chain {state}")
    return 0 if sound else 1


def kill_rounds(place: str, kills: int, writes: int, seed: int) -> list[Round]:
    """Kill so many processes over one store, and look at it after each."""
    moments = random.Random(seed)
    with Store.open(place, who="start", make=True):
        pass
    rounds = []
    known = 0
    for number in range(kills):
        acknowledged = _write_and_kill(place, number, writes, moments)
        seen = _look(place, number, acknowledged, known)
        known += seen.kept
        rounds.append(seen)
        print(
            f"kill {number + 1}: {seen.acknowledged} of {writes} acknowledged, {seen.kept} kept, {seen.lost} lost,"
            f" {seen.unsaid} unsaid, {seen.entries} entries, {'valid' if not seen.faults else seen.faults[0]}",
            flush=True,
        )
    return rounds


def write_records(place: str, number: int, writes: int) -> None:
    """Add records one by one, and say of each that it is kept."""
    with Store.open(place, who=f"writer {number}") as store:
        for at in range(writes):
            store.add([make_content(number, at)], patient=str(at % 7))
            print(at, flush=True)


def make_content(number: int, at: int) -> bytes:
    """A record that no other is equal to."""
    clinical = Clinical(impression=f"round {number}, write {at}")
    return Record(version="0", model=ModelRecord(name="m"), clinical=clinical).to_json().encode()


def _write_and_kill(place: str, number: int, writes: int, moments: random.Random) -> int:
    """Let a process write and end it in the middle; gives how many writes it acknowledged."""
    last = moments.randrange(writes // 10, writes - writes // 10)
    command = [
        sys.executable,
        "-m",
        "tools.kill_store",
        "--store",
        place,
        "--write",
        str(number),
        "--writes",
        str(writes),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        count = 0
        for line in writer.stdout:
            count += 1
            if int(line) == last:
                time.sleep(moments.uniform(0, LONGEST_PAUSE_S))
                writer.send_signal(signal.SIGKILL)
        return count  # lines that were on their way are acknowledged, too


def _look(place: str, number: int, acknowledged: int, known: int) -> Round:
    """What is in the store of this round."""
    with Store.open(place, who="look") as store:
        kept = store.records()
        mine = {one.sha256: one.number for one in kept if one.added_by == f"writer {number}"}
        lost = 0
        for at in range(acknowledged):
            content = make_content(number, at)
            found = mine.pop(_hash(content), None)
            if found is None or store.read(found).original.encode() != content:
                lost += 1
        verified = store.verify()
    return Round(
        acknowledged=acknowledged,
        kept=len(kept) - known,
        lost=lost,
        unsaid=len(mine),
        entries=verified.entries,
        faults=verified.faults,
    )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
