"""Sending on the command line: objects into the outbox, and from there to their receivers."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from calcinet.apps.console import Exit, complain, progress_bar
from calcinet.delivery import ATTEMPTS, Delivered, Destination, Outbox, default_outbox, deliver, destination
from calcinet.delivery.outbox import REFUSED
from calcinet.errors import BadInput, Unreadable

PREAMBLE = 128
MAGIC = b"DICM"
"""How a DICOM file begins (PS3.10 7.1)."""


def send(
    paths: Sequence[Path], to: str | None, outbox: Path | None, *, attempts: int = ATTEMPTS, quiet: bool = False
) -> Exit:
    """Put the objects under `paths` into the outbox, and deliver them; without paths, what waits there.

    Raises
    ------
    BadInput
        If paths are given without a destination, or hold no DICOM object.
    """
    box = Outbox(outbox or default_outbox())
    if paths and to is None:
        raise BadInput("where to? Give --to with the receiver's address")
    wheres = [destination(to)] if to is not None else [each for each in box.destinations() if box.waiting(each)]
    if paths:
        put(objects_under(paths), box, wheres[0])
    if not wheres:
        print("Nothing waits in the outbox.")
        return Exit.DONE
    done = [_delivered(box, where, attempts, quiet=quiet) for where in wheres]
    return Exit.DONE if all(done) else Exit.FAILURE


def put(objects: Iterable[Path], box: Outbox, where: Destination) -> int:
    """Put DICOM files into the outbox; says how many."""
    count = 0
    for path in objects:
        box.put(path.read_bytes(), where)
        count += 1
    return count


def waiting_list(outbox: Path | None) -> list[str]:
    """Say what waits and what was refused, destination by destination."""
    box = Outbox(outbox or default_outbox())
    lines = []
    for where in box.destinations():
        waiting, refused = len(box.waiting(where)), len(box.refused(where))
        told = [f"{_counted(waiting)} waiting"] if waiting else []
        told += (
            [f"{_counted(refused)} refused for good, reasons in {box.folder_of(where) / REFUSED}"] if refused else []
        )
        lines += [f"{where}: {'; '.join(told)}"] if told else []
    return lines or ["Nothing waits in the outbox."]


def objects_under(paths: Sequence[Path]) -> list[Path]:
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
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        found += [each for each in inside if _is_dicom(each)]
    if not found:
        raise BadInput("no DICOM object there: `calcinet examine film.dcm --formats dicom` makes some")
    return found


def _is_dicom(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(PREAMBLE + len(MAGIC))[PREAMBLE:] == MAGIC
    except OSError as error:
        raise Unreadable("a file cannot be opened: check its permissions", code="cannot-open") from error


def _delivered(box: Outbox, where: Destination, attempts: int, *, quiet: bool) -> bool:
    with progress_bar("sending", quiet=quiet) as progress:
        done = deliver(box, where, attempts=attempts, progress=progress or (lambda *_: None))
    if not quiet and done.sent:
        print(f"{_counted(done.sent)} delivered to {where}")
    for line in shortfall(done, where):
        complain(line)
    return done.whole


def shortfall(done: Delivered, where: Destination) -> list[str]:
    """What was not delivered, why, and how to go on."""
    lines = []
    if done.waiting:
        lines.append(
            f"{_counted(done.waiting)} for {where} wait in the outbox: {done.because}. Nothing is lost;"
            " `calcinet send` tries again"
        )
    if done.refused:
        lines.append(
            f"{_counted(done.refused)} refused by {where} for good: {done.because}. Kept with the reason in the"
            " outbox, in the folder `refused`"
        )
    return lines


def _counted(number: int) -> str:
    return f"{number} object" if number == 1 else f"{number} objects"
