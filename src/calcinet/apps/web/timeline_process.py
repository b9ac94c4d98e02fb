"""A process that puts records on one time line: their paths, folders of films and language as JSON in, JSON out.

The process that answers people imports no finder; this one does, and ends.
"""

import json
import sys
from pathlib import Path
from typing import Any

from calcinet.api import follow_with_films
from calcinet.errors import CalcinetError
from calcinet.extras import find_missing
from calcinet.protocols.timeline.visits import find_place
from calcinet.record import Record
from calcinet.report.timeline.page import timeline_page
from calcinet.text import messages_of


def make_timeline(paths: list[str], folders: list[str], language: str) -> dict[str, Any]:
    """The time line of records and its page, or the sentence that refuses it with what the sentence is made of.

    `folders` hold the files that each record is of; films among them are laid on one another where SimpleITK is here.
    """
    try:
        records = [Record.from_json(Path(path).read_text("utf-8")) for path in paths]
        with_films = [Path(folder) for record, folder in zip(records, folders, strict=True) if _has_film(record)]
        if len(with_films) < 2 or find_missing(["serial"]):
            with_films = []
        timeline, films = follow_with_films(records, with_films)
        return {"timeline": json.loads(timeline.to_json()), "page": timeline_page(timeline, language, films)}
    except CalcinetError as error:
        return {"refused": str.__str__(str(error)), "messages": messages_of([str(error)])}


def _has_film(record: Record) -> bool:
    return any(find_place(image)[0] == "film" for image in record.examined)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(make_timeline(asked["records"], asked["films"], asked["lang"]), sys.stdout)
