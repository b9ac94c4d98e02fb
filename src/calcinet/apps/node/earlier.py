"""Earlier studies of a patient, fetched from an archive before a new one is examined; the new one never waits long."""

import json
import shutil
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from calcinet.apps.node.moved import Expected, Moved
from calcinet.apps.node.register import Register, name_study
from calcinet.apps.web.data_folder import DataFolder
from calcinet.apps.web.earlier_studies import DAY, OBJECTS, TOLD, is_of_this_version, write_told
from calcinet.apps.web.queue import Queue
from calcinet.delivery.earlier import (
    Archive,
    EarlierRule,
    EarlierStudy,
    Question,
    choose_studies,
    open_archive,
    read_question,
)
from calcinet.delivery.outcome import Refused, Unreachable
from calcinet.errors import CalcinetError
from calcinet.io.dicom.body_site import VAGUE, translate_body_part
from calcinet.reception import NotTaken
from calcinet.report.write import RECORD
from calcinet.text import Text, as_written, say

PATIENCE_S: Final = 600.0
"""A study is examined without earlier ones when they have not come in so long. Our choice: an archive takes minutes to
bring a CT back from its tape, and a result is not wanted hours later."""

AT_A_TIME: Final = 2
"""Studies that earlier ones are fetched for. Our choice: no archive is to be busy with us."""

NO_PATIENT: Final = say(
    "Earlier studies were not looked for: the objects of this study state no Patient ID, or several, or one with a "
    "sign that matches those of others."
)
NO_DAY: Final = say("Earlier studies were not looked for: this study does not state its day.")


@dataclass(slots=True, kw_only=True)
class Fetching:
    """Fetches earlier studies, each set for one new study, and says when a new one need not wait any more."""

    data: DataFolder
    register: Register
    queue: Queue
    rule: EarlierRule
    title: str
    """Ours, that an archive is to send to."""
    moved: Moved
    log: Callable[[str], None]
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_A_TIME, "earlier"))
    _running: dict[str, "Future[None]"] = field(default_factory=dict)
    _given_up: set[str] = field(default_factory=set)

    def is_ready(self, key: str, paths: Iterable[Path]) -> bool:
        """Whether the earlier studies of a received study are here, or nothing is to be waited for; begins with it."""
        if (self._place(key) / TOLD).exists() or key in self._given_up:
            return True
        running = self._running.get(key)
        if running is None:
            self._running[key] = self._pool.submit(self._fetch_all, key, list(paths))
            timer = threading.Timer(PATIENCE_S, self._given_up.add, [key])
            timer.daemon = True
            timer.start()
            return False
        if running.done():  # and nothing could be written of it
            self._given_up.add(key)
        return key in self._given_up

    def hand_over(self, key: str, study_id: str) -> None:
        """Put what was fetched beside the films of a study; what is there of others stays."""
        place, target = self._place(key), self.data.study(study_id).earlier
        self._running.pop(key, None)
        self._given_up.discard(key)
        if not (place / TOLD).exists():
            return
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for found in [one for one in place.iterdir() if one.is_dir()]:
            shutil.rmtree(target / found.name, ignore_errors=True)
            found.replace(target / found.name)
        (place / TOLD).replace(target / TOLD)
        shutil.rmtree(place, ignore_errors=True)

    def close(self) -> None:
        """Begin nothing more; what is being fetched is fetched again by the next node."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _place(self, key: str) -> Path:
        return self.data.earlier / key

    def _fetch_all(self, key: str, paths: list[Path]) -> None:
        """Fetch what the rule asks for, and say in sentences what came of it; a fault is a sentence, too."""
        place = self._place(key)
        shutil.rmtree(place, ignore_errors=True)
        day: date | None = None
        try:
            place.mkdir(mode=0o700, parents=True)
            question = read_question(paths)
            day = question.day
            told = self._fetch(place, question)
        except (Unreachable, Refused, CalcinetError, NotTaken) as error:
            told = [say("Earlier studies could not be asked for: {why}.", why=as_written(str(error)))]
        except Exception as error:  # whatever an archive does to a library, the new study goes on
            kind = type(error).__name__
            told = [say("Earlier studies could not be asked for: an unexpected failure ({kind}).", kind=kind)]
        for sentence in told:
            self.log(f"earlier studies from {self.rule.source}: {sentence}")
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_told(place, told, day)

    def _fetch(self, place: Path, question: Question) -> list[Text]:
        if not self.rule.list_wanted(question):
            return []
        if not question.patient_id:
            return [NO_PATIENT]
        if question.day is None:
            return [NO_DAY]
        first, told = self.rule.find_first_day(question.day), []
        with open_archive(self.rule.source, self.title) as archive:
            found = archive.find_studies(question, first, question.day - timedelta(days=1))
            chosen = choose_studies(question, self.rule, found, archive.find_series, _translate)
            if not chosen:
                return [
                    say("The archive names no earlier study of this patient to compare with, back to {day}.", day=first)
                ]
            for study in chosen:
                told += self._fetch_study(archive, study, place)
        self.log(f"earlier studies from {self.rule.source}: {len(chosen) - len(told)} of {len(found)} that it names")
        return told

    def _fetch_study(self, archive: Archive, study: EarlierStudy, place: Path) -> list[Text]:
        """Fetch one study into a folder of its own, unless its record is kept; why it is not there, else nothing."""
        folder = place / name_study(" ".join([study.study, *sorted(one.series for one in study.series)]))
        objects = folder / OBJECTS
        objects.mkdir(mode=0o700, parents=True)
        (folder / DAY).write_text(study.day.isoformat())
        if self._copy_record(study.study, folder):
            return []
        try:
            expected = Expected(study=study.study, folder=objects)
            with self.moved.expecting(expected):
                for series in study.series:
                    _fetch_series(archive, study.study, series.series, series.objects, expected)
        except (Unreachable, Refused, NotTaken) as error:
            shutil.rmtree(folder, ignore_errors=True)
            return [
                say(
                    "The study of {day} could not be fetched from the archive: {why}.",
                    day=study.day,
                    why=as_written(str(error)),
                )
            ]
        return []

    def _copy_record(self, study: str, folder: Path) -> bool:
        """Take the record that is kept of a study, where this very version made it; says whether there was one."""
        study_id = self.register.find_queued(name_study(study))
        found = None if study_id is None else self.queue.find(study_id)
        kept = [self.data.earlier_records / f"{folder.name}.json"]
        if found is not None and found.state == "done":
            kept.insert(0, self.data.study(found.id).result / RECORD)
        for path in kept:
            if path.exists() and is_of_this_version(json.loads(path.read_bytes())):
                shutil.copyfile(path, folder / RECORD)
                return True
        return False


def _fetch_series(archive: Archive, study: str, series: str, objects: int | None, expected: Expected) -> None:
    """Have a series come.

    Raises
    ------
    Unreachable
        If it does not come whole: what is measured on half of a series cannot be compared.
    """
    before = expected.count
    given = archive.fetch(study, series, expected.keep)
    came, announced = expected.count - before, max(given or 0, objects or 0)
    if not came:
        raise Unreachable("the archive says that it sent it, and nothing came; it may send it elsewhere")
    if came < announced:
        raise Unreachable(f"{came} of its {announced} objects came")


def _translate(part: str) -> str:
    """Our word for a body part; one that may mean several is not known."""
    word = translate_body_part(part)
    if word in VAGUE:
        return "unknown"
    return word
