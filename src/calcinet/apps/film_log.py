"""Which file became which image: said on the terminal by its place, and by its name only where a person asks for it."""

import csv
import zipfile
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calcinet.apps.console import note
from calcinet.progress import Progress
from calcinet.report.quantities.spreadsheet import defuse
from calcinet.text import Text, say

if TYPE_CHECKING:
    from calcinet.api import GivenFiles
    from calcinet.io.study_items import GivenFile

NAMES_FILE: Final = "names.csv"
"""The side table beside the record."""

HEAD: Final = ("id", "file", "sha256")


class FilmLog:
    """Remembers the files of each image, and tells on stderr which is which and how far the examination has come."""

    def __init__(self, *, quiet: bool = False, bar: Progress | None = None) -> None:
        self._quiet = quiet
        self._bar = bar
        """What a terminal shows instead of a line for each image."""
        self._given: GivenFiles = {}

    def note(self, given: "GivenFiles") -> None:
        """Take the files of each image, once they were looked at."""
        self._given = given
        if len(given) > 1:
            self._tell(*describe_places(given))

    def advance(self, done: int, total: int) -> None:
        """Go on by one file that was looked at, or, once all were, by one image that was examined."""
        if self._bar is not None:
            self._bar(done, total)
        elif self._given:
            self._tell(say("img-{done} done ({done} of {total})", done=done, total=total))

    def write_names(self) -> bytes:
        """The side table: id of the image, file as it was given or found, SHA-256 of its bytes; one row a file."""
        stream = StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEAD)
        for image_id, files in self._given.items():
            for file in files:
                writer.writerow((image_id, defuse(file.name), file.sha256))
        return stream.getvalue().encode()

    def _tell(self, *lines: str) -> None:
        if not self._quiet:
            note(*lines)


def describe_places(given: "GivenFiles") -> list[Text]:
    """One line an image: the place of its file among those that were given, never its name.

    >>> from calcinet.io.study_items import GivenFile
    >>> two = {"img-1": [GivenFile(number=1, name="", sha256="")], "img-2": [GivenFile(number=2, name="", sha256="")]}
    >>> describe_places(two)
    ['file 1 of 2 -> img-1', 'file 2 of 2 -> img-2']
    """
    count = max(files[-1].number for files in given.values())
    return [_describe_place(image_id, files, count) for image_id, files in given.items()]


def _describe_place(image_id: str, files: "Sequence[GivenFile]", count: int) -> Text:
    first = files[0].number
    if len(files) == 1:
        return say("file {number} of {count} -> {image}", number=first, count=count, image=image_id)
    return say(
        "{files} files from file {number} of {count} on -> {image}",
        files=len(files),
        number=first,
        count=count,
        image=image_id,
    )


def may_be_several(paths: Sequence[Path]) -> bool:
    """Whether there may be more than one file to tell apart."""
    if len(paths) != 1:
        return len(paths) > 1
    path = paths[0]
    return path.is_dir() or path.name.upper() == "DICOMDIR" or (path.is_file() and zipfile.is_zipfile(path))
