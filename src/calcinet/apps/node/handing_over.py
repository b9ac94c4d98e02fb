"""A study that has come whole into the queue of the server; each step may be the last before a power cut."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from calcinet.apps.node.register import OpenStudy, Register
from calcinet.apps.node.shelf import PARTIAL, SUFFIX, Shelf, sync_folder
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.people import People
from calcinet.apps.web.queue import CALLER, RECEIVED, Queue, make_id

ITSELF = "node"
"""Who sent it, in the audit and on the worklist."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOver:
    """Where studies come from, and where they go."""

    data: DataFolder
    register: Register
    shelf: Shelf
    queue: Queue
    people: People
    bring_earlier: Callable[[str, str], None] = lambda *_: None
    """Puts earlier studies that were fetched for a received study beside it in the queue; called with both names."""

    def list_paths(self, study: OpenStudy) -> list[Path]:
        """Objects of a study that the queue does not have."""
        return [self.shelf.place(study.key, uid) for uid in self.register.list_waiting(study.key)]

    def hand_over(self, study: OpenStudy) -> str | None:
        """Give the queue what it does not have of a study; the study's name there, or None where it must wait.

        A study that is being examined waits until that is done; then it is examined again with what has come, and what
        was examined of it already is not examined twice.
        """
        objects = self.register.list_waiting(study.key)
        study_id = self._enter(study, len(objects))
        self.queue.note_files(study_id, self._count_files(study_id, objects))
        if self.queue.is_held(study_id):
            self._link(study.key, study_id, objects)
            self.queue.let_go(study_id)
        elif not self.queue.retry(study_id, before=lambda: self._link(study.key, study_id, objects)):
            return None
        self.register.note_handed(study.key, objects)
        for uid in objects:
            self.shelf.place(study.key, uid).unlink(missing_ok=True)
        self.shelf.tidy(study.key)
        self.people.note(ITSELF, "received", f"study {study_id}", objects=len(objects))
        return study_id

    def _enter(self, study: OpenStudy, count: int) -> str:
        """The name of a study in the queue, which is entered there if need be, and held until its objects are there."""
        if study.queued_as is not None and self.queue.find(study.queued_as) is not None:
            return study.queued_as
        study_id = make_id()
        self.register.name_queued(study.key, study_id)
        self.queue.add(who=ITSELF, files=count, options={CALLER: study.caller}, study_id=study_id, held=RECEIVED)
        return study_id

    def _link(self, key: str, study_id: str, objects: Mapping[str, str]) -> None:
        """Let objects appear among the films of a study."""
        given = self.data.study(study_id).given
        given.mkdir(mode=0o700, parents=True, exist_ok=True)
        for uid in objects:
            _link_file(self.shelf.place(key, uid), given)
        sync_folder(given)
        self.bring_earlier(key, study_id)
        sync_folder(given.parent)

    def _count_files(self, study_id: str, objects: Mapping[str, str]) -> int:
        """Number of films that a study has with these objects."""
        given = self.data.study(study_id).given
        there = {file.name for file in given.rglob("*") if file.is_file()}
        return len(there | {f"{uid}{SUFFIX}" for uid in objects})


def _link_file(source: Path, folder: Path) -> None:
    """Give a file a second name in a folder, in place of what has it there; done already where it has gone."""
    target = folder / source.name
    if not source.exists():
        return
    new = folder / f".{source.name}{PARTIAL}"
    new.unlink(missing_ok=True)
    os.link(source, new)
    new.replace(target)
    new.unlink(missing_ok=True)  # where both were one file already, renaming leaves both
