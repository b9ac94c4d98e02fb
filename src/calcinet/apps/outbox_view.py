"""What waits in an outbox, object by object, as people and programs read it, and what they do about it."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from calcinet.apps.console import complain
from calcinet.apps.sending import WAITING, count_objects, count_times, describe_stray
from calcinet.delivery import Destination, Outbox, default_outbox, destination
from calcinet.delivery.outbox import REFUSED, read_waiting
from calcinet.delivery.tries import Tried
from calcinet.delivery.wholeness import NotWhole
from calcinet.errors import BadInput
from calcinet.text import Text, as_written, say

STEPS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
"""Seconds of the units that an age is said in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One object of an outbox."""

    uid: str
    """SOP Instance UID; that of its file where the object cannot be read."""
    study: str | None
    kind: str | None
    """Name of its SOP Class."""
    bytes: int
    since: str
    """When it was put there, as ISO 8601 has it."""
    tried: int
    because: str
    """The last answer."""
    last: str
    """When that came; empty where it was not noted."""
    refused: bool
    """Whether for good."""

    def age_s(self, now: datetime) -> float:
        """Seconds since it was put there."""
        return (now - datetime.fromisoformat(self.since)).total_seconds()


def list_items(box: Outbox, receiver: Destination) -> list[Item]:
    """Objects for a destination: first those that wait, then those that were refused for good, each oldest first."""
    tries = box.tries(receiver)
    items = [_read_item(path, tries.get(path.name, Tried()), refused=False) for path in box.waiting(receiver)]
    for path in box.refused(receiver):
        items.append(_read_item(path, Tried(because=box.reason(path)), refused=True))
    return [item for item in items if item is not None]


def _read_item(path: Path, tried: Tried, *, refused: bool) -> Item | None:
    try:
        about = path.lstat()
    except FileNotFoundError:  # delivered meanwhile
        return None
    uid, study, kind = path.stem, None, None
    with suppress(NotWhole):
        _, instance = read_waiting(path)
        uid, study, kind = str(instance.uid), instance.study, instance.kind_name
    return Item(
        uid=uid,
        study=study,
        kind=kind,
        bytes=about.st_size,
        since=datetime.fromtimestamp(about.st_mtime, UTC).isoformat(timespec="seconds"),
        tried=tried.times,
        because=tried.because,
        last=tried.last,
        refused=refused,
    )


def list_box(outbox: Path | None) -> list[str]:
    """Lines of all objects, destination by destination."""
    box, now = _open(outbox), datetime.now(UTC)
    lines: list[str] = []
    for receiver in box.destinations():
        items = list_items(box, receiver)
        waiting, refused = [one for one in items if not one.refused], [one for one in items if one.refused]
        if waiting:
            lines += [f"{receiver}: {_sum_up(waiting, now)}", *(f"  {_describe(one, now)}" for one in waiting)]
        if refused:
            lines += [f"{receiver}: {count_objects(len(refused))} refused for good"]
            lines += [f"  {_describe(one, now)}" for one in refused]
    lines += [describe_stray(stray) for stray in box.strays()]
    return lines or ["Nothing waits in the outbox."]


def describe_box(outbox: Path | None) -> dict[str, Any]:
    """The same for programs."""
    box = _open(outbox)
    destinations = []
    for receiver in box.destinations():
        items = list_items(box, receiver)
        if items:
            waiting = [asdict(one) for one in items if not one.refused]
            refused = [asdict(one) for one in items if one.refused]
            destinations.append({"address": str(receiver), "waiting": waiting, "refused": refused})
    strays = [{"folder": str(stray.folder), "waiting": stray.waiting, "why": stray.why} for stray in box.strays()]
    return {"schema": WAITING.replace("/1", "/2"), "destinations": destinations, "strays": strays}


def describe_one(uid: str, outbox: Path | None) -> list[dict[str, Any]]:
    """All that is known of an object, for each of its destinations.

    Raises
    ------
    BadInput
        If there is no such object.
    """
    box = _open(outbox)
    found = []
    for receiver in box.destinations():
        found += [{"address": str(receiver), **asdict(one)} for one in list_items(box, receiver) if one.uid == uid]
    if not found:
        raise BadInput(say("{uid} is not in the outbox: `calcinet outbox list` shows what is", uid=_name(uid)))
    return found


def show_one(uid: str, outbox: Path | None) -> list[str]:
    """The same for people."""
    names = {
        "address": "for",
        "kind": "kind",
        "study": "study",
        "bytes": "bytes",
        "since": "since",
        "tried": "tried",
        "last": "last tried",
        "because": "last answer",
    }
    lines = []
    for told in describe_one(uid, outbox):
        lines.append(f"{uid}: {'refused for good' if told['refused'] else 'waits'}")
        lines += [f"  {name}: {told[field]}" for field, name in names.items() if told[field] not in ("", None)]
    return lines


def put_back(uids: Sequence[str], to: str | None, outbox: Path | None) -> list[str | None]:
    """Let objects that were refused wait again; gives whom to deliver to, None for all.

    Raises
    ------
    BadInput
        If an object is not there.
    """
    box = _open(outbox)
    if not uids and to is None:
        return [None]
    receivers: dict[str | None, None] = {}
    for receiver, path in _find(box, uids, to):
        if path.parent.name == REFUSED:
            box.restore(path)
        receivers[str(receiver)] = None
    return list(receivers)


def drop_named(uids: Sequence[str], to: str | None, outbox: Path | None) -> list[str]:
    """Delete objects; says how many.

    Raises
    ------
    BadInput
        If an object is not there.
    """
    box = _open(outbox)
    found = list(_find(box, uids, to))
    for receiver in dict.fromkeys(receiver for receiver, _ in found):
        with box.locked(receiver, complain):
            for path in (path for where, path in found if where == receiver):
                box.forget(path)
    return [f"{count_objects(len(found))} deleted from the outbox."]


def _find(box: Outbox, uids: Sequence[str], to: str | None) -> Iterator[tuple[Destination, Path]]:
    """The files of objects, of all where none is named; nothing is given before each is known to be there."""
    receivers = box.destinations() if to is None else [destination(to)]
    held: list[tuple[Destination, Path]] = []
    for where in receivers:
        held += [(where, path) for path in [*box.waiting(where), *box.refused(where)]]
    stems = {path.stem for _, path in held}
    for uid in uids:
        if uid not in stems:
            raise BadInput(say("{uid} is not in the outbox: `calcinet outbox list` shows what is", uid=_name(uid)))
    yield from (one for one in held if not uids or one[1].stem in uids)


def _open(outbox: Path | None) -> Outbox:
    return Outbox(outbox or default_outbox())


def _name(uid: str) -> Text:
    """An identifier as it was given, where it is short and plain."""
    return as_written(uid) if len(uid) <= 64 and uid.isprintable() else say("this object")


def _sum_up(waiting: Sequence[Item], now: datetime) -> str:
    megabytes = sum(one.bytes for one in waiting) / 1e6
    oldest = max(one.age_s(now) for one in waiting)
    told = f"{count_objects(len(waiting))} waiting, {megabytes:.1f} MB, the oldest for {say_age(oldest)}"
    worst = max(waiting, key=lambda one: one.tried)
    if worst.tried:
        told += f"; tried {count_times(worst.tried)}: {worst.because}"
    return told


def _describe(item: Item, now: datetime) -> str:
    words = [item.uid, item.kind or "not whole", say_age(item.age_s(now))]
    if item.tried:
        words.append(f"tried {count_times(item.tried)}")
    if item.because:
        words.append(item.because)
    return ", ".join(words)


def say_age(seconds: float) -> str:
    """An age in its largest unit.

    >>> say_age(7300), say_age(59), say_age(-3)
    ('2 h', '59 s', '0 s')
    """
    for size, unit in STEPS:
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return "0 s"
