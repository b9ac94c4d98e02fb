"""Editions of the results of one study: what was sent of it before, and that a later one takes its place."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from calcinet.apps.node.register import Register
from calcinet.apps.web.data_folder import DataFolder
from calcinet.delivery.wholeness import NotWhole, read_instance
from calcinet.machine import writing_in
from calcinet.record import Record
from calcinet.report.documents import Wanted
from calcinet.report.edition import Edition, Sent, Succession
from calcinet.text import Text, say

EDITIONS: Final = "editions.json"

OBJECTS: Final = "*.dcm"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """One edition that was written."""

    key: str
    """What its identifiers follow from."""
    number: int
    replaces: tuple[Sent, ...]
    objects: tuple[Sent, ...] = ()

    def list_instances(self) -> list[str]:
        """SOP Instance UIDs of its objects."""
        return [one.instance for one in self.objects]


def find_succession(data: DataFolder, study_id: str, record: Record, wanted: Wanted) -> Succession:
    """Which edition of the results of a study a record makes, and the objects of the one before that it replaces.

    The same images make the same objects again, and so the same edition. One that was never sent is replaced in
    silence: nobody has it.
    """
    known = _read(data, study_id)
    key = find_key(record, wanted)
    same = next((one for one in known if one.key == key), None)
    if same is not None:
        return Succession(number=same.number, replaces=same.replaces)
    if not known:
        return Succession()
    posted = Register(data.register).list_posted(study_id)
    sent = [one for one in known if not posted.isdisjoint(one.list_instances())]
    if not sent:
        return Succession()
    latest = max(sent, key=lambda one: one.number)
    replaced = tuple(each for each in latest.objects if each.instance in posted)
    return Succession(number=latest.number + 1, replaces=replaced)


def note_edition(data: DataFolder, study_id: str, record: Record, wanted: Wanted) -> None:
    """Note the objects that were written of an edition."""
    key = find_key(record, wanted)
    objects = tuple(_list_objects(data.study(study_id).result))
    succession = wanted.succession
    own = _Known(key=key, number=succession.number, replaces=succession.replaces, objects=objects)
    known = [one for one in _read(data, study_id) if one.key != key]
    place = _place(data, study_id)
    new = place.with_suffix(".new")
    with writing_in(place.parent):
        new.write_text(json.dumps([asdict(one) for one in (*known, own)]))
        new.replace(place)


def say_edition(succession: Succession) -> list[Text]:
    """What a reader is told of an edition that replaces another; nothing of the first."""
    if succession.number == 1:
        return []
    return [
        say(
            "Edition {number} of the results of this study: more of it has come, and this replaces edition {before}.",
            number=succession.number,
            before=succession.number - 1,
        )
    ]


def find_key(record: Record, wanted: Wanted) -> str:
    """What the identifiers of the objects of a record follow from."""
    return Edition.of(record, when=wanted.when, language=wanted.language, anonymous=wanted.anonymous).key


def _list_objects(result: Path) -> list[Sent]:
    found = []
    for path in sorted(result.glob(OBJECTS)):
        try:
            instance = read_instance(path.read_bytes())
        except NotWhole:  # is said when it is posted
            continue
        found.append(
            Sent(
                study=instance.study,
                series=instance.series,
                instance=str(instance.uid),
                sop_class=str(instance.sop_class),
            )
        )
    return found


def _place(data: DataFolder, study_id: str) -> Path:
    return data.study(study_id).root / EDITIONS


def _read(data: DataFolder, study_id: str) -> list[_Known]:
    place = _place(data, study_id)
    if not place.exists():
        return []
    return [_read_one(one) for one in json.loads(place.read_bytes())]


def _read_one(held: dict[str, Any]) -> _Known:
    return _Known(
        key=held["key"],
        number=held["number"],
        replaces=tuple(Sent(**one) for one in held["replaces"]),
        objects=tuple(Sent(**one) for one in held["objects"]),
    )
