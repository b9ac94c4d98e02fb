"""Several records on the command line -> a folder with their time line."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calcinet.api import follow_with_films
from calcinet.apps.given_paths import require_there
from calcinet.apps.given_records import read_record
from calcinet.errors import BadInput
from calcinet.extras import find_missing, require_extras
from calcinet.machine import making, undisturbed
from calcinet.record import Timeline
from calcinet.report.language import translator
from calcinet.report.timeline.page import timeline_page
from calcinet.report.timeline.words import one_minute
from calcinet.text import say

if TYPE_CHECKING:
    from calcinet.protocols.timeline.laid_places import ShownFilm

FORMATS: Final = ("json", "html", "pdf")
FILES: Final = {"json": "timeline.json", "html": "timeline.html", "pdf": "timeline.pdf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowOrder:
    """What is asked of a time line."""

    paths: Sequence[Path]
    folder: Path
    formats: tuple[str, ...]
    formats_asked: bool
    """Whether the formats were named; else what lacks its package is left out."""
    films: Sequence[Path] = ()
    """Radiographs of the records, or folders that hold them; each is known by its hash."""
    language: str = "en"
    force: bool = False


def follow_and_write(order: FollowOrder) -> tuple[list[str], Timeline]:
    """Write timeline.json and the pages asked for, all or nothing, and give the lines that say what is in it.

    Raises
    ------
    BadInput
        If the records are not of one course, or a time line is there already.
    MachineFault
        If nothing can be written there; what was there before stays.
    """
    unknown = [name for name in order.formats if name not in FORMATS]
    if unknown:
        raise BadInput(f"a time line is written as {', '.join(FORMATS)}, got {unknown[0]!r}")
    formats = _choose_formats(order)
    _ = translator(order.language)
    require_there(order.paths, "record")
    require_there(order.films, "film")
    targets = [order.folder / FILES[name] for name in formats]
    there = [target.name for target in targets if target.exists()]
    if there and not order.force:
        raise BadInput(f"{order.folder} holds {there[0]} already; give another folder, or --force to replace it")
    records = [read_record(path, number, len(order.paths)) for number, path in enumerate(order.paths, 1)]
    timeline, films = follow_with_films(records, list(order.films))
    with making(targets[0]) as place:
        for name, target in zip(formats, targets, strict=True):
            (place / target.name).write_bytes(_make(name, timeline, order.language, films))
        order.folder.mkdir(parents=True, exist_ok=True)
        with undisturbed():
            for target in targets:
                shutil.move(place / target.name, target)
    lines = [_(sentence) for sentence in one_minute(timeline)]
    if timeline.not_compared:
        lines.append(_(say("Not compared: {why:; }.", why=list(timeline.not_compared))))
    lines.append(_(say("The records name nobody: that they are of one patient is for you to know.")))
    return [*lines, *map(str, targets)], timeline


def _choose_formats(order: FollowOrder) -> list[str]:
    """Json always; a page on paper only where its package is there, unless it was asked for."""
    wanted: list[str] = [name for name in FORMATS if name == "json" or name in order.formats]
    if "pdf" in wanted and order.formats_asked:
        require_extras(["pdf"], "timeline.pdf")
    if "pdf" in wanted and find_missing(["pdf"]):
        wanted.remove("pdf")
    return wanted


def _make(name: str, timeline: Timeline, language: str, films: "Sequence[ShownFilm]") -> bytes:
    if name == "json":
        return timeline.to_json().encode()
    if name == "html":
        return timeline_page(timeline, language, films).encode()
    from calcinet.report.timeline.sheet import timeline_sheet  # loads typst

    return timeline_sheet(timeline, language, films)
