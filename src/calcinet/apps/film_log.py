"""How far an examination has come, and which file became which image.

A terminal shows a bar, and the names of the files as they were given; what is written down somewhere gets a line an
image, and calls files by their places.
"""

import csv
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from calcinet.apps.bar import Bar, shown_bar
from calcinet.apps.console import note
from calcinet.progress import stages_told
from calcinet.report.labels import Translate
from calcinet.report.language import translator
from calcinet.report.quantities.spreadsheet import defuse
from calcinet.text import Text, say

if TYPE_CHECKING:
    from calcinet.api import GivenFiles
    from calcinet.io.study_items import GivenFile

NAMES_FILE: Final = "names.csv"
"""The side table beside the record."""

HEAD: Final = ("id", "file", "sha256")

LOOKING: Final = say("looking at the files")

SILENCE_S: Final = 10.0
"""Without a bar a stage is told when nothing was for this long. Our choice: a film takes less, a CT more."""


class FilmLog:
    """Remembers the files of each image, and tells on stderr which is which and how far the examination has come."""

    def __init__(self, *, quiet: bool = False, bar: Bar | None = None, language: str = "en") -> None:
        self._quiet = quiet
        self._bar = bar
        """What a terminal shows instead of lines."""
        self._say: Translate = translator(language)
        self._given: GivenFiles = {}
        self._done = 0
        """Images that were examined."""
        self._share = 0.0
        """Of the next one."""
        self._since = self._told = time.monotonic()
        """When the image was begun, and when something was last said."""

    def note(self, given: "GivenFiles") -> None:
        """Take the files of each image, once they were looked at."""
        self._given = given
        self._since = self._told = time.monotonic()
        if len(given) > 1 and self._bar is not None:
            self._bar.tell(*name_files(given))
        elif len(given) > 1:
            self._tell(*describe_places(given))

    def advance(self, done: int, total: int) -> None:
        """Go on by one file that was looked at, or, once all were, by one image that was examined."""
        if not self._given:
            if self._bar is not None:
                self._bar.move(self._say(LOOKING), done, total)
            return
        now = time.monotonic()
        if self._bar is None:
            image, seconds = f"img-{done}", now - self._since
            self._tell(say("{image} of {total} ... {seconds:.1f} s", image=image, total=total, seconds=seconds))
        self._done, self._share, self._since, self._told = done, 0.0, now, now

    def stage(self, what: Text, share: float) -> None:
        """Tell what is being done with an image, and the share of it that is done; it never goes back."""
        total = len(self._given)
        if self._done >= total:  # every image is done: their documents are written
            self._move(what, share, 1)
            return
        self._share = max(self._share, share)
        told = what
        if total > 1:
            told = say("{image} of {total}, {stage}", image=f"img-{self._done + 1}", total=total, stage=what)
        self._move(told, self._done + self._share, total)

    def write_names(self) -> bytes:
        """The side table: id of the image, file as it was given or found, SHA-256 of its bytes; one row a file."""
        stream = StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEAD)
        for image_id, files in self._given.items():
            for file in files:
                writer.writerow((image_id, defuse(file.name), file.sha256))
        return stream.getvalue().encode()

    def _move(self, what: Text, done: float, total: int) -> None:
        """Move the bar; where there is none, say what goes on when nothing was said for long."""
        now = time.monotonic()
        if self._bar is not None:
            self._bar.move(self._say(what), done, total)
        elif now - self._told > SILENCE_S:
            self._tell(say("{stage} ... {seconds:.0f} s", stage=what, seconds=now - self._since))
            self._told = now

    def _tell(self, *lines: Text) -> None:
        if not self._quiet:
            note(*map(self._say, lines))


@contextmanager
def logged(*, quiet: bool, language: str) -> Iterator[FilmLog]:
    """Tell how far an examination has come for as long as the context lasts."""
    with shown_bar(translator(language)(LOOKING), quiet=quiet) as bar:
        log = FilmLog(quiet=quiet, bar=bar, language=language)
        with stages_told(log.stage):
            yield log


def name_files(given: "GivenFiles") -> list[str]:
    """One line an image: its file as it was given or found, of several their folder; for a person who watches.

    >>> from calcinet.io.study_items import GivenFile
    >>> name_files({"img-1": [GivenFile(number=1, name="films/a.dcm", sha256="")]})
    ['img-1  films/a.dcm']
    """
    width = max(map(len, given))
    return [f"{image_id:<{width}}  {_name_place(files)}" for image_id, files in given.items()]


def _name_place(files: "Sequence[GivenFile]") -> str:
    name = files[0].name or "-"
    if len(files) == 1:
        return name
    return f"{PurePath(name).parent} ({len(files)} files)"


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
