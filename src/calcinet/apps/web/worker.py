"""A process that examines one study after the other; the networks are loaded once.

It ends with the server: what is read from standard input ends then. A line there says that something is waiting.
"""

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from calcinet.apps.examination import record_refusal
from calcinet.apps.web.cleaning import remove_deleted
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.earlier_studies import Comparison, add_sentences, compare_with_earlier
from calcinet.apps.web.editions import find_succession, note_edition, say_edition
from calcinet.apps.web.kept_images import KeptOnDisk
from calcinet.apps.web.page_words import reword_for_page, to_page_words
from calcinet.apps.web.people import ITSELF, People
from calcinet.apps.web.queue import CALLER, TRIES, WHOLE, Queue, QueuedStudy
from calcinet.apps.web.sorting import SORTED, part_by_patient
from calcinet.errors import CalcinetError, Unreadable
from calcinet.machine import TOO_LITTLE_MEMORY, is_want_of_memory
from calcinet.progress import stages_told
from calcinet.record import Record
from calcinet.report.write import RECORD
from calcinet.text import Text, say

IDLE_S: Final = 2.0
"""Looks for work so often unasked. Our choice: whoever sends a study says so."""

TOLD_S: Final = 0.3
"""Progress is noted at most so often. Our choice: a person sees no finer."""

FORMATS: Final = ("json", "html", "pdf", "png", "csv", "fhir", "dicom")
"""What is written of every study, as far as its packages are installed."""

READ: Final = ("html", "pdf")
"""What people read of it, in every language: whoever opens it chooses."""

DIED: Final = say(
    "the program that examined these files was ended, or stood still for too long, {times} times before it came to an "
    "image, perhaps for want of memory: send fewer files at a time, or send them again",
    times=TRIES,
)

CANCELLED: Final = say("stopped by a person; it can be tried again")


class Stopped(BaseException):
    """Somebody wants this study no more. No `Exception`: nothing that survives failures may survive it."""


class StudyLog:
    """Notes in the queue how far a study has come, and stops it where that is wanted."""

    def __init__(self, queue: Queue, study_id: str, worker: str) -> None:
        self._queue, self._study_id, self._worker = queue, study_id, worker
        self._total, self._done, self._share = 0, 0, 0.0
        self._stage: Text | None = None
        self._at_image = WHOLE
        self._told = 0.0

    def note_files(self, given: Any) -> None:
        """Take the number of images, once the files were looked at."""
        self._total = len(given)

    def begin(self, image_id: str) -> None:
        """Note which image is examined before it is touched."""
        self._at_image, self._share = image_id, 0.0
        self._move()

    def advance(self, done: int, total: int) -> None:
        """Go on by a file that was looked at, or by an image that was examined."""
        del total
        if self._total:
            self._done, self._share, self._at_image = done, 0.0, WHOLE
        self._move()

    def stage(self, what: Text, share: float) -> None:
        """Note what is being done within an image."""
        self._stage, self._share = what, max(self._share, share)
        if time.monotonic() - self._told > TOLD_S:
            self._move()

    def _move(self) -> None:
        self._told = time.monotonic()
        share = min((self._done + self._share) / (self._total + 1), 1.0) if self._total else 0.0
        stage = None if self._stage is None else str.__str__(self._stage)
        if not self._queue.move(self._study_id, self._worker, share=share, stage=stage, at_image=self._at_image):
            raise Stopped


def examine_study(data: DataFolder, study: QueuedStudy, log: StudyLog, deaths: dict[str, int]) -> Record:
    """Examine a study and write its documents.

    Raises
    ------
    CalcinetError
        If it cannot be examined as a whole.
    Stopped
        If it is wanted no more.
    """
    from calcinet.api import examine_with_images
    from calcinet.apps.examination import gather_photographs
    from calcinet.report.documents import Wanted
    from calcinet.report.labels import LANGUAGES
    from calcinet.report.write import write_examination

    folder = data.study(study.id)
    case = folder.read_case()
    options = {name: value for name, value in study.options.items() if name not in (SORTED, CALLER)}
    language = options.pop("lang", "en")
    kept = KeptOnDisk(folder, deaths, log.begin)
    paths = [folder.given] if study.files else []
    with stages_told(log.stage):
        try:
            record, images = examine_with_images(
                paths, case=case, progress=log.advance, note_files=log.note_files, kept=kept, **options
            )
        except Unreadable as error:
            record, images = record_refusal(error), {}
            if case is not None:
                alone, images = examine_with_images([], case=case, **options)
                record = alone.model_copy(update={"images": record.images})
        comparison = Comparison()
        if record.examined and folder.earlier.is_dir():
            comparison = compare_with_earlier(data, folder, record, language)
            record = add_sentences(record, comparison.sentences)
        wanted = Wanted.of_installed(FORMATS, language=language)
        if CALLER in study.options:
            wanted = replace(wanted, succession=find_succession(data, study.id, record, wanted))
            record = add_sentences(record, say_edition(wanted.succession))
        record = reword_for_page(record)
        photographs = gather_photographs(None if case is None else folder.case)
        written = write_examination(
            record,
            images,
            folder.result,
            wanted,
            attachments=comparison.files,
            photographs=photographs,
            force=True,
        )
        if CALLER in study.options:
            note_edition(data, study.id, record, wanted)
        for other in LANGUAGES:
            if other != wanted.language:
                read = Wanted.of_installed(READ, language=other)
                write_examination(record, images, folder.said(other), read, photographs=photographs, force=True)
        return written


def work_off(data: DataFolder, queue: Queue, people: People, worker: str) -> bool:
    """Take the next study and examine it; says whether there was one."""
    study = queue.claim(worker)
    if study is None:
        return False
    deaths = queue.deaths(study.id)
    if deaths.get(WHOLE, 0) >= TRIES:
        queue.end(study.id, worker, "failed", reason=DIED, code="set-aside")
        return True
    try:
        part_by_patient(data, queue, people, study)
        record = examine_study(data, study, StudyLog(queue, study.id, worker), deaths)
    except Stopped:
        queue.end(study.id, worker, "cancelled", reason=CANCELLED, code="cancelled")
        remove_deleted(data, queue, people)
    except CalcinetError as error:
        queue.end(study.id, worker, "failed", reason=to_page_words(str(error)), code=type(error).__name__)
    except Exception as error:
        queue.end(study.id, worker, "failed", reason=_explain(error), code=type(error).__name__)
    else:
        _store_record(data, queue, people, study.id)
        _note_done(queue, study.id, worker, record)
    return True


def _store_record(data: DataFolder, queue: Queue, people: People, study_id: str) -> None:
    """Put the record under its patient in the store, in place of the one before; nothing where nobody is named."""
    study = queue.find(study_id)
    if study is None or not study.patient:
        return
    content = (data.study(study_id).result / RECORD).read_bytes()
    try:
        number = people.store_record(study.made_by, study.patient, content)
    except CalcinetError as error:
        people.note(ITSELF, "record not stored", f"study {study_id}", why=str(error))
        return
    before = queue.find_stored(study_id)
    if queue.note_stored(study_id, number) and before is not None and before != number:
        people.purge_record(before, "measured again")


def _note_done(queue: Queue, study_id: str, worker: str, record: Record) -> None:
    """A record is there; where no image could be examined and there is no case, the first reason is told."""
    level = None if record.summary.suspicion is None else record.summary.suspicion.level
    images, refused = len(record.images), len(record.refused)
    if record.examined or record.tells_of_patient:
        queue.end(study_id, worker, "done", level=level, images=images, refused=refused)
        return
    first = record.refused[0].refused if record.refused else None
    reason = say("there is no image among the files") if first is None else first.reason
    code = "no-image" if first is None else first.code
    queue.end(study_id, worker, "failed", reason=reason, code=code, images=images, refused=refused)


def _explain(error: Exception) -> str:
    if is_want_of_memory(error):
        return TOO_LITTLE_MEMORY
    return say("unexpected failure ({kind}); the films are kept, try again", kind=type(error).__name__)


def listen(wake: threading.Event) -> None:
    """Wake for every line from the server, and end with it, whatever is being done."""
    while os.read(0, 4096):
        wake.set()
    os._exit(0)


def main() -> None:
    """Work until the server ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the server, and we end with it
    data, worker = DataFolder(Path(sys.argv[1])), sys.argv[2]
    wake = threading.Event()
    threading.Thread(target=listen, args=(wake,), daemon=True).start()
    queue, people = Queue(data.queue), People(data)
    with suppress(ImportError):  # the first study need not wait for these
        import calcinet.api
        import calcinet.apps.examination
        import calcinet.findings.onnx_model  # noqa: F401
    while True:
        if not work_off(data, queue, people, worker):
            wake.wait(IDLE_S)
            wake.clear()


if __name__ == "__main__":
    main()
