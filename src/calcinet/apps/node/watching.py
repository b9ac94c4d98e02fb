"""`calcinet watch`: a folder that files are laid into, for places without DICOM nodes."""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from calcinet.apps.examination import ExamineOptions, Order, examine_and_write
from calcinet.apps.stopping import Stopped
from calcinet.errors import BadInput, CalcinetError
from calcinet.report.documents import Wanted

LOOK_S: Final = 2.0
"""The folder is looked into so often. Our choice."""

DONE: Final = ".done"
"""Marks in the results what was examined."""

FORMATS: Final = ("json", "html", "pdf", "png", "csv", "dicom")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOrder:
    """What is watched, and what becomes of it."""

    folder: Path
    out: Path
    quiet_s: float
    language: str = "en"
    send: str | None = None
    outbox: Path | None = None


def watch(order: WatchOrder, tell: Callable[[str], None]) -> None:
    """Watch until somebody stops it.

    Raises
    ------
    BadInput
        If there is no such folder, or the results would lie in it.
    """
    if not order.folder.is_dir():
        raise BadInput("there is no such folder to watch: give the folder that files are laid into")
    if order.out.absolute().is_relative_to(order.folder.absolute()):
        raise BadInput("the results would lie in the folder that is watched: give another one with -o")
    watcher = Watcher(order, tell)
    tell(f"watching; results go to {order.out}")
    with suppress(Stopped):  # is how it ends
        while True:
            watcher.look(time.monotonic())
            time.sleep(LOOK_S)


@dataclass(slots=True)
class Watcher:
    """Looks at a folder again and again; each entry of it is what belongs together: a file, or a folder."""

    order: WatchOrder
    log: Callable[[str], None]
    _seen: dict[str, tuple[str, float]] = field(default_factory=dict)
    """State of an entry, and since when it is so."""

    def look(self, now: float) -> int:
        """Examine every entry that has not changed for a while; says how many."""
        examined = 0
        for entry in sorted(self.order.folder.iterdir()):
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            state = describe_entry(entry)
            known, since = self._seen.get(entry.name, ("", now))
            if state != known:
                self._seen[entry.name] = state, now
            elif state and now - since >= self.order.quiet_s and not self._is_done(state):
                self._examine(entry, state)
                examined += 1
        return examined

    def _is_done(self, state: str) -> bool:
        return (self.order.out / state / DONE).exists()

    def _examine(self, entry: Path, state: str) -> None:
        """Examine an entry into a folder that is named by its content, so that no name of a file is repeated."""
        result = self.order.out / state
        began = time.monotonic()
        order = Order(
            paths=[entry],
            folder=result,
            wanted=Wanted.of_installed(FORMATS, language=self.order.language),
            options=ExamineOptions(),
            force=True,
            quiet=True,
            send=self.order.send,
            outbox=self.order.outbox,
        )
        try:
            code = examine_and_write(order)
            told = "examined" if code == 0 else "no image could be examined"
        except CalcinetError as error:
            told = f"not examined: {error}"
            result.mkdir(parents=True, exist_ok=True)
        (result / DONE).touch()
        self.log(f"{state}: {told} ({time.monotonic() - began:.0f} s)")


def describe_entry(entry: Path) -> str:
    """Name the state of an entry by names, sizes and times of what it holds; empty where it holds nothing."""
    digest, count = hashlib.sha256(), 0
    for path in [entry] if entry.is_file() else sorted(entry.rglob("*")):
        about = path.lstat()
        if path.is_file():
            digest.update(f"{path.relative_to(entry.parent)}\0{about.st_size}\0{about.st_mtime_ns}\0".encode())
            count += 1
    return digest.hexdigest()[:16] if count else ""
