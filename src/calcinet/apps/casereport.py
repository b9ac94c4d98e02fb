"""The case report on the command line: records in, one draft out."""

import shutil
from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Final

from PIL import Image

from calcinet.apps.given_paths import require_there
from calcinet.apps.given_records import find_record, read_record
from calcinet.errors import BadInput, Unreadable
from calcinet.extras import require_extras
from calcinet.given_files import is_regular, read_given
from calcinet.limits import PHOTOGRAPH_BYTES
from calcinet.machine import making, undisturbed
from calcinet.report.casereport import Draft, Examination, Photo, draft
from calcinet.report.language import translator
from calcinet.text import say

SUFFIXES: Final = (".md", ".docx")


def write_case_report(
    paths: Sequence[Path], out: Path, *, language: str = "en", calendar: bool = False, force: bool = False
) -> list[str]:
    """Write the draft of a case report from records, and say what it is.

    Raises
    ------
    BadInput
        If a path holds no record, the draft's name has another ending, it exists already, or Word needs a package
        that is not installed.
    MachineFault
        If it cannot be written; what was there before stays.
    """
    if out.suffix.lower() not in SUFFIXES:
        raise BadInput(f"the draft is written as .md or .docx, got {out.suffix or 'no ending'!r}: name it draft.docx")
    if out.suffix.lower() == ".docx":
        require_extras(["docx"], out.name)
    require_there(paths, "record")
    pictures = out.with_suffix(".figures")
    if not force and (out.exists() or (out.suffix == ".md" and pictures.exists())):
        raise BadInput(f"{out} is there already; give another name, or --force to replace it")
    _ = translator(language)
    records = [_read_record(path, number, len(paths)) for number, path in enumerate(paths, 1)]
    made = draft(records, language, calendar=calendar)
    _write(made, out, pictures, _(say("References")))
    asked = len(made.sections[-1].blocks[0].items)  # type: ignore[union-attr]
    lines = [
        _(say("Draft: {place}", place=str(out))),
        _(say("{count} questions to the author are marked.", count=asked)),
    ]
    if len(paths) > 1:
        lines.append(_(say("The records name nobody: that they are of one patient is for you to know.")))
    return lines


def _write(made: Draft, out: Path, pictures: Path, references: str) -> None:
    """All of it or nothing: pictures first, then the text that shows them."""
    with making(out) as place:
        text, figures = place / "draft", place / "figures"
        photos = list(chain.from_iterable(made.photos.values()))
        if out.suffix.lower() == ".docx":
            from calcinet.report.casereport.word import to_word  # loads python-docx

            text.write_bytes(to_word(made, references))
        else:
            from calcinet.report.casereport.markdown import to_markdown

            text.write_bytes(to_markdown(made, pictures.name, references).encode())
            _write_figures(photos, figures)
        with undisturbed():
            if figures.exists():
                shutil.rmtree(pictures, ignore_errors=True)
                figures.rename(pictures)
            text.replace(out)


def _write_figures(photos: Sequence[Photo], folder: Path) -> None:
    """The pictures of a draft as files; without any there is no folder."""
    for photo in photos:
        folder.mkdir(exist_ok=True)
        (folder / photo.name).write_bytes(photo.content)


def _read_record(path: Path, number: int, count: int) -> Examination:
    """A record and the marked pictures beside it."""
    file = find_record(path)
    record = read_record(path, number, count)
    overlays = {image.id: file.parent / f"{image.id}.overlay.png" for image in record.examined}
    photographs = {shown.id: file.parent / "photographs" / f"{shown.id}.jpg" for shown in record.clinical.photographs}
    return Examination(record, _read_pictures(overlays), _read_pictures(photographs))


def _read_pictures(files: Mapping[str, Path]) -> dict[str, bytes]:
    """The pictures that lie beside a record; one that is missing is none of the draft.

    Raises
    ------
    BadInput
        If a file is no picture.
    """
    pictures = {}
    for key, file in files.items():
        if not is_regular(file):
            continue
        try:
            pictures[key] = read_given(file, PHOTOGRAPH_BYTES)
            Image.open(BytesIO(pictures[key])).verify()
        except (Unreadable, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise BadInput(f"the picture of {key} beside the record cannot be read: examine again") from error
    return pictures
