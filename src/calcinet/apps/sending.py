"""Sending on the command line: objects into the outbox, and from there to their receivers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from calcinet.apps.console import Exit, complain, progress_bar, show
from calcinet.apps.given_paths import name_path, require_there
from calcinet.apps.json_results import describe_deliveries
from calcinet.delivery import ATTEMPTS, Delivered, Destination, Outbox, default_outbox, deliver, destination
from calcinet.delivery.outbox import REFUSED, OutboxFull, Stray, read_waiting
from calcinet.delivery.tries import Tried
from calcinet.delivery.wholeness import MAGIC, PREAMBLE, NotWhole
from calcinet.errors import BadInput, Unreadable
from calcinet.extras import require_extras
from calcinet.given_files import is_regular, read_given, read_head
from calcinet.limits import OBJECT_BYTES

WAITING: Final = "calcinet.outbox/1"
"""Schema of what --list --json prints."""

MOST_TOLD = 10
"""Sentences about single objects. Our choice: more scroll away what matters."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of all objects of a call."""

    deliveries: Mapping[Destination, Delivered]
    not_taken: Sequence[str]
    """A sentence for each object that the outbox did not take, and for each folder of it that is none of ours."""

    @property
    def exit(self) -> Exit:
        """Whether all was delivered."""
        if all(done.whole for done in self.deliveries.values()) and not self.not_taken:
            return Exit.DONE
        return Exit.FAILURE

    def as_json(self) -> dict[str, Any]:
        """As --json prints it."""
        return describe_deliveries({str(receiver): done for receiver, done in self.deliveries.items()}, self.not_taken)


def send_objects(
    paths: Sequence[Path], to: str | None, outbox: Path | None, *, attempts: int = ATTEMPTS, quiet: bool = False
) -> Exit:
    """Put the objects under `paths` into the outbox, and deliver them; without paths, what waits there.

    Raises
    ------
    BadInput
        If paths are given without a destination, or hold no whole DICOM object, or what sends is not installed.
    """
    sent = send_all(paths, to, outbox, attempts=attempts, quiet=quiet)
    if not sent.deliveries and not sent.not_taken:
        show("Nothing waits in the outbox.")
    if not quiet:
        tell_sent(sent)
    return sent.exit


def tell_sent(sent: Sent) -> None:
    """Say how much was delivered where."""
    for receiver, done in sent.deliveries.items():
        if done.sent:
            show(f"{count_objects(done.sent)} delivered to {receiver}")


def send_all(
    paths: Sequence[Path], to: str | None, outbox: Path | None, *, attempts: int = ATTEMPTS, quiet: bool = False
) -> Sent:
    """As `send_objects`, with nothing on stdout.

    Raises
    ------
    BadInput
        As `send_objects`.
    """
    require_extras(["hospital"], "calcinet send")
    box = Outbox(outbox or default_outbox())
    if paths and to is None:
        raise BadInput("where to? Give --to with the receiver's address")
    receivers = _choose_receivers(box, to)
    shortfall: list[str] = []
    if paths:
        shortfall += put_objects(find_objects(paths), box, receivers[0])
    if to is None:
        shortfall += [describe_stray(stray) for stray in box.strays()]
    for line in _shorten(shortfall):
        complain(line)
    return Sent({receiver: _deliver_to(receiver, box, attempts, quiet=quiet) for receiver in receivers}, shortfall)


def _choose_receivers(box: Outbox, to: str | None) -> list[Destination]:
    """The one that is named, else all for whom something waits."""
    if to is not None:
        return [destination(to)]
    return [receiver for receiver in box.destinations() if box.waiting(receiver)]


def put_objects(objects: Sequence[Path], box: Outbox, receiver: Destination) -> list[str]:
    """Put DICOM files into the outbox; says which of them were not, and why.

    Raises
    ------
    BadInput
        If none of them is a whole DICOM object.
    """
    told = []
    for number, path in enumerate(objects, start=1):
        try:
            box.put(_read_given(path), receiver)
        except NotWhole as error:
            told.append(f"{_name_given(error.uid, number, len(objects))}: {error}")
        except OutboxFull as error:
            told.append(f"{count_objects(len(objects) - number + 1)} not put into the outbox: {error}")
            return told
    if len(told) == len(objects):
        raise BadInput("; ".join(_shorten(told)))
    return told


def _read_given(path: Path) -> bytes:
    try:
        return read_given(path, OBJECT_BYTES)
    except Unreadable as error:
        raise NotWhole(str(error)) from None


def _name_given(uid: str, number: int, count: int) -> str:
    """Say which of the files it is, by its identifier where it has one: the name of a file may name somebody."""
    if uid:
        return f"object {uid}"
    return f"file {number} of {count}"


def _shorten(told: Sequence[str]) -> list[str]:
    """The first sentences, and how many more there are."""
    if len(told) <= MOST_TOLD:
        return list(told)
    return [*told[:MOST_TOLD], f"and {len(told) - MOST_TOLD} more"]


def drop_objects(to: str | None, outbox: Path | None) -> list[str]:
    """Delete what waits for a destination and what it refused; says how many objects.

    Raises
    ------
    BadInput
        If no destination is given.
    """
    if to is None:
        raise BadInput("whose objects? Give --to with the receiver's address, as `calcinet send --list` shows it")
    box, receiver = Outbox(outbox or default_outbox()), destination(to)
    with box.locked(receiver, complain):
        count = box.drop(receiver)
    return [f"{count_objects(count)} for {receiver} deleted from the outbox."]


def list_waiting(outbox: Path | None) -> list[str]:
    """Say what waits and what was refused, destination by destination and study by study."""
    box = Outbox(outbox or default_outbox())
    lines = []
    for receiver in box.destinations():
        state = _describe_state(box, receiver)
        if state:
            lines += [f"{receiver}: {'; '.join(state)}", *_describe_studies(box.waiting(receiver))]
    lines += [describe_stray(stray) for stray in box.strays()]
    return lines or ["Nothing waits in the outbox."]


def list_as_json(outbox: Path | None) -> dict[str, Any]:
    """The same for programs: each object that waits, by its receiver."""
    box = Outbox(outbox or default_outbox())
    destinations = []
    for receiver in box.destinations():
        tries = box.tries(receiver)
        waiting = [_describe_object(path, tries.get(path.name, Tried())) for path in box.waiting(receiver)]
        refused = len(box.refused(receiver))
        if waiting or refused:
            folder = str(box.folder_of(receiver) / REFUSED)
            entry = {"address": str(receiver), "waiting": waiting, "refused": refused, "refused_folder": folder}
            destinations.append(entry)
    strays = [{"folder": str(stray.folder), "waiting": stray.waiting, "why": stray.why} for stray in box.strays()]
    return {"schema": WAITING, "destinations": destinations, "strays": strays}


def _describe_object(path: Path, tried: Tried) -> dict[str, Any]:
    since = datetime.fromtimestamp(path.lstat().st_mtime).astimezone().isoformat(timespec="seconds")
    told = {"uid": None, "study": None, "kind": None, "since": since, "tried": tried.times, "because": tried.because}
    with suppress(NotWhole):
        _, instance = read_waiting(path)
        told |= {"uid": str(instance.uid), "study": instance.study, "kind": instance.kind_name}
    return told


def _describe_state(box: Outbox, receiver: Destination) -> list[str]:
    state = []
    if waiting := box.waiting(receiver):
        state.append(f"{count_objects(len(waiting))} waiting{_describe_tries(waiting, box.tries(receiver))}")
    if refused := len(box.refused(receiver)):
        reasons = box.folder_of(receiver) / REFUSED
        state.append(f"{count_objects(refused)} refused for good, reasons in {reasons}")
    return state


def _describe_tries(waiting: Sequence[Path], tries: dict[str, Tried]) -> str:
    """Since when they wait, and what was tried."""
    since = datetime.fromtimestamp(min(path.lstat().st_mtime for path in waiting))
    told = f" since {since:%Y-%m-%d %H:%M}"
    tried = max((tries.get(path.name, Tried()) for path in waiting), key=lambda one: one.times)
    if tried.times:
        told += f", tried {count_times(tried.times)}: {tried.because}"
    return told


def _describe_studies(waiting: Sequence[Path]) -> list[str]:
    """What waits of each study, by kind."""
    studies: dict[str, Counter[str]] = {}
    for path in waiting:
        try:
            _, instance = read_waiting(path)
            studies.setdefault(f"study {instance.study}", Counter())[instance.kind_name] += 1
        except NotWhole:
            studies.setdefault("not whole, and set aside when it is tried", Counter())["file"] += 1
    return [f"  {study}: {_count_kinds(kinds)}" for study, kinds in studies.items()]


def _count_kinds(kinds: Counter[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))


def describe_stray(stray: Stray) -> str:
    """Say that something waits where nothing is delivered from."""
    return (
        f"{count_objects(stray.waiting)} in {stray.folder}, and nothing is delivered from there: {stray.why}. Give the"
        " receiver's address again with --to, and they go on"
    )


def find_objects(paths: Sequence[Path]) -> list[Path]:
    """Every DICOM file that is named, or lies in a folder that is named.

    Raises
    ------
    BadInput
        If a path does not exist, or none of them holds one.
    """
    found = []
    require_there(paths)
    for number, path in enumerate(paths, start=1):
        if not path.is_dir() and not is_regular(path):
            raise BadInput(f"{name_path(path, number, len(paths))} is neither a file nor a folder: give DICOM objects")
        found += [file for file in _list_files(path) if _may_be_dicom(file)]
    if not found:
        raise BadInput("no DICOM object there: `calcinet examine film.dcm --formats dicom` makes some")
    return found


def _list_files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(inside for inside in path.rglob("*") if is_regular(inside))


def _may_be_dicom(path: Path) -> bool:
    """Whether a file begins as DICOM does, or cannot be opened, which is said when it is read."""
    try:
        return read_head(path, PREAMBLE + len(MAGIC))[PREAMBLE:] == MAGIC
    except Unreadable:
        return True


def _deliver_to(receiver: Destination, box: Outbox, attempts: int, *, quiet: bool) -> Delivered:
    def say(sentence: str) -> None:
        if not quiet:
            complain(f"{receiver}: {sentence}")

    with progress_bar("sending", quiet=quiet) as progress:
        done = deliver(box, receiver, attempts=attempts, progress=progress or _ignore_progress, say=say)
    for line in describe_shortfall(done, receiver):
        complain(line)
    return done


def _ignore_progress(done: int, total: int) -> None:
    """Show nothing, where no terminal looks."""


def describe_shortfall(done: Delivered, where: Destination) -> list[str]:
    """What was not delivered, why, and how to go on."""
    lines = []
    if done.waiting:
        lines.append(
            f"{count_objects(done.waiting)} for {where} still in the outbox: {done.because}. Nothing is lost;"
            " `calcinet send` tries again"
        )
    if done.refused:
        lines.append(
            f"{count_objects(done.refused)} refused by {where} for good, or not whole: kept with the reason in the"
            " outbox, in the folder `refused`"
        )
        lines += _shorten(done.refusals)
    return lines


def count_objects(number: int) -> str:
    """Say a number of objects.

    >>> count_objects(1), count_objects(2)
    ('1 object', '2 objects')
    """
    if number == 1:
        return "1 object"
    return f"{number} objects"


def count_times(number: int) -> str:
    """Say how often."""
    if number == 1:
        return "once"
    return f"{number} times"
