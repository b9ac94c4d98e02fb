"""Sending on the command line: objects into the outbox, and from there to their receivers."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from calcinet.apps.console import Exit, complain, progress_bar
from calcinet.delivery import ATTEMPTS, Delivered, Destination, Outbox, default_outbox, deliver, destination
from calcinet.delivery.outbox import REFUSED
from calcinet.errors import BadInput, Unreadable
from calcinet.extras import require_extras

PREAMBLE = 128
MAGIC = b"DICM"
"""How a DICOM file begins (PS3.10 7.1)."""


def send_objects(
    paths: Sequence[Path], to: str | None, outbox: Path | None, *, attempts: int = ATTEMPTS, quiet: bool = False
) -> Exit:
    """Put the objects under `paths` into the outbox, and deliver them; without paths, what waits there.

    Raises
    ------
    BadInput
        If paths are given without a destination, or hold no DICOM object, or what sends is not installed.
    """
    require_extras(["hospital"], "calcinet send")
    box = Outbox(outbox or default_outbox())
    if paths and to is None:
        raise BadInput("where to? Give --to with the receiver's address")
    receivers = _choose_receivers(box, to)
    if paths:
        put_objects(find_objects(paths), box, receivers[0])
    if not receivers:
        print("Nothing waits in the outbox.")
        return Exit.DONE
    delivered = [_deliver_to(receiver, box, attempts, quiet=quiet) for receiver in receivers]
    if all(delivered):
        return Exit.DONE
    return Exit.FAILURE


def _choose_receivers(box: Outbox, to: str | None) -> list[Destination]:
    """The one that is named, else all for whom something waits."""
    if to is not None:
        return [destination(to)]
    return [receiver for receiver in box.destinations() if box.waiting(receiver)]


def put_objects(objects: Iterable[Path], box: Outbox, receiver: Destination) -> int:
    """Put DICOM files into the outbox; says how many."""
    count = 0
    for path in objects:
        box.put(path.read_bytes(), receiver)
        count += 1
    return count


def list_waiting(outbox: Path | None) -> list[str]:
    """Say what waits and what was refused, destination by destination."""
    box = Outbox(outbox or default_outbox())
    lines = []
    for receiver in box.destinations():
        state = _describe_state(box, receiver)
        if state:
            lines.append(f"{receiver}: {'; '.join(state)}")
    return lines or ["Nothing waits in the outbox."]


def _describe_state(box: Outbox, receiver: Destination) -> list[str]:
    state = []
    if waiting := len(box.waiting(receiver)):
        state.append(f"{_count_objects(waiting)} waiting")
    if refused := len(box.refused(receiver)):
        reasons = box.folder_of(receiver) / REFUSED
        state.append(f"{_count_objects(refused)} refused for good, reasons in {reasons}")
    return state


def find_objects(paths: Sequence[Path]) -> list[Path]:
    """Every DICOM file that is named, or lies in a folder that is named.

    Raises
    ------
    BadInput
        If a path does not exist, or none of them holds one.
    """
    found = []
    for number, path in enumerate(paths, start=1):
        if not path.exists():
            raise BadInput(f"path {number} of {len(paths)} does not exist: check its spelling")
        found += [file for file in _list_files(path) if _is_dicom(file)]
    if not found:
        raise BadInput("no DICOM object there: `calcinet examine film.dcm --formats dicom` makes some")
    return found


def _list_files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(inside for inside in path.rglob("*") if inside.is_file())


def _is_dicom(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(PREAMBLE + len(MAGIC))[PREAMBLE:] == MAGIC
    except OSError as error:
        raise Unreadable("a file cannot be opened: check its permissions", code="cannot-open") from error


def _deliver_to(receiver: Destination, box: Outbox, attempts: int, *, quiet: bool) -> bool:
    with progress_bar("sending", quiet=quiet) as progress:
        done = deliver(box, receiver, attempts=attempts, progress=progress or _ignore_progress)
    if not quiet and done.sent:
        print(f"{_count_objects(done.sent)} delivered to {receiver}")
    for line in describe_shortfall(done, receiver):
        complain(line)
    return done.whole


def _ignore_progress(done: int, total: int) -> None:
    """Show nothing, where no terminal looks."""


def describe_shortfall(done: Delivered, where: Destination) -> list[str]:
    """What was not delivered, why, and how to go on."""
    lines = []
    if done.waiting:
        lines.append(
            f"{_count_objects(done.waiting)} for {where} wait in the outbox: {done.because}. Nothing is lost;"
            " `calcinet send` tries again"
        )
    if done.refused:
        lines.append(
            f"{_count_objects(done.refused)} refused by {where} for good: {done.because}. Kept with the reason in the"
            " outbox, in the folder `refused`"
        )
    return lines


def _count_objects(number: int) -> str:
    if number == 1:
        return "1 object"
    return f"{number} objects"
