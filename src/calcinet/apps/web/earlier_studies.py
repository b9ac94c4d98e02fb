"""Earlier studies that lie beside a study: examined once each, and put on one time line with it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

from calcinet.apps.web.data_folder import DataFolder, StudyFolder
from calcinet.apps.web.page_words import reword_for_page
from calcinet.errors import CalcinetError
from calcinet.record import Record, Timeline
from calcinet.report.write import RECORD
from calcinet.text import Text, as_written, messages_of, restored, say
from calcinet.version import __version__
from calcinet.weights_manifest import sha256

OBJECTS: Final = "objects"
DAY: Final = "day"
TOLD: Final = "told.json"
"""Within the folder of earlier studies: of each its objects until it is examined, and its day; and sentences on all."""

BEGUN: Final = "begun"
"""Marks an earlier study whose examination began; one that ended its worker is not tried again."""

TIMELINE: Final = "timeline.json"
PAGE: Final = "timeline.html"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a study shows beside earlier ones."""

    sentences: tuple[Text, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    """The time line and its page, by name."""


def write_told(folder: Path, sentences: Sequence[Text], day: date | None = None) -> None:
    """Write down what came of looking for studies earlier than one of this day; it is there whole or not at all."""
    packed = {"told": list(sentences), "messages": messages_of(list(sentences)), "day": day and day.isoformat()}
    new = folder / f".{TOLD}"
    new.write_text(json.dumps(packed))
    new.replace(folder / TOLD)


def read_told(folder: Path) -> list[Text]:
    """Read it, so that it can be said in another language; nothing where there is none."""
    if not (folder / TOLD).exists():
        return []
    packed = json.loads((folder / TOLD).read_bytes())
    told: list[Text] = restored(packed["told"], packed["messages"])
    return told


def read_day(folder: Path) -> date | None:
    """Read the day of the study that earlier ones were looked for; None where it is not stated."""
    if not (folder / TOLD).exists():
        return None
    day = json.loads((folder / TOLD).read_bytes()).get("day")
    return day and date.fromisoformat(day)


def is_of_this_version(record: dict[str, Any]) -> bool:
    """Whether this version and these weights made a record: what another one measured may differ for that reason."""
    made_by = (record.get("version"), (record.get("model") or {}).get("sha256"))
    return made_by == (__version__, sha256())


def compare_with_earlier(data: DataFolder, study: StudyFolder, record: Record, language: str) -> Comparison:
    """Put a study on one time line with those that lie beside it, the latest first; why one is not there is said.

    Whatever an earlier study does, the record of the new one goes out.
    """
    from calcinet.api import follow

    told = read_told(study.earlier)
    new = _give_day(record, read_day(study.earlier))
    line: Timeline | None = None
    chosen: list[Record] = []
    days: list[date] = []
    for place in _list_places(study.earlier):
        day = date.fromisoformat((place / DAY).read_text())
        earlier = _find_record(data, place)
        try:
            if isinstance(earlier, Text):
                raise CalcinetError(earlier)
            dated = _give_day(earlier, day)
            line = follow([*chosen, dated, new])
        except CalcinetError as error:
            told.append(say("Not compared with the study of {day}: {why}.", day=day, why=_extract_reason(error)))
            continue
        except Exception as error:  # a fault of the comparison is none of the new study
            why = say("an unexpected failure ({kind})", kind=type(error).__name__)
            told.append(say("Not compared with the study of {day}: {why}.", day=day, why=why))
            continue
        chosen.append(dated)
        days.append(day)
    if line is None:
        return Comparison(tuple(told))
    return _tell(reword_for_page(line), sorted(days), told, language)


def add_sentences(record: Record, sentences: Sequence[Text]) -> Record:
    """The record with these sentences at the end of its summary."""
    summary = record.summary.model_copy(update={"sentences": (*record.summary.sentences, *sentences)})
    return record.model_copy(update={"summary": summary})


def _tell(line: Timeline, days: Sequence[date], told: Sequence[Text], language: str) -> Comparison:
    from calcinet.report.timeline.page import timeline_page
    from calcinet.report.timeline.words import one_minute

    compared = say("Compared with earlier studies out of the archive, of {days:, }.", days=list(days))
    found = list(one_minute(line))[1:]
    if not any(quantity.changes for quantity in line.quantities):
        found.append(say("Nothing was measured on the same place on several days, so that no change can be told."))
    reasons = [say("{reason}.", reason=reason) for reason in line.not_compared]
    files = {TIMELINE: line.to_json().encode(), PAGE: timeline_page(line, language).encode()}
    return Comparison((compared, *found, *reasons, *told), files)


def _give_day(record: Record, day: date | None) -> Record:
    """The record with the day of its study at the images that state none: records tell no day of a header."""
    if day is None or record.clinical.examined_on is not None:
        return record
    images = [image.model_copy(update={"on": image.on or day.isoformat()}) for image in record.images]
    return record.model_copy(update={"images": tuple(images)})


def _list_places(folder: Path) -> list[Path]:
    """Folders of earlier studies, the latest first."""
    places = [place for place in folder.iterdir() if (place / DAY).exists()] if folder.is_dir() else []
    return sorted(places, key=lambda place: ((place / DAY).read_text(), place.name), reverse=True)


def _find_record(data: DataFolder, place: Path) -> Record | Text:
    """The record of an earlier study, which is examined if need be; else why there is none."""
    from calcinet.api import examine

    if (place / RECORD).exists():
        return Record.from_json((place / RECORD).read_bytes())
    if (place / BEGUN).exists():
        return say("its examination was broken off, and is not tried again")
    (place / BEGUN).touch()
    try:
        record = examine([place / OBJECTS])
    except CalcinetError as error:
        return _extract_reason(error)
    except Exception as error:  # what nobody foresaw in an earlier study is none of the new one
        return say("an unexpected failure ({kind})", kind=type(error).__name__)
    except BaseException:  # somebody stops the examination of the new study, and this one is not to blame
        (place / BEGUN).unlink()
        raise
    if not record.examined:
        return say("none of its images could be examined")
    content = record.to_json().encode()
    data.earlier_records.mkdir(mode=0o700, exist_ok=True)
    for target in (data.earlier_records / f"{place.name}.json", place / RECORD):
        new = target.with_name(f".{target.name}")
        new.write_bytes(content)
        new.replace(target)
    rmtree(place / OBJECTS, ignore_errors=True)
    (place / BEGUN).unlink()
    return record


def _extract_reason(error: CalcinetError) -> Text:
    """What an error says, without the stop at its end."""
    told = error.args[0]
    return told if isinstance(told, Text) else as_written(str(told).rstrip("."))
