"""The case report on the command line: records in, one draft out."""

import shutil
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import ValidationError

from calcinet.errors import BadInput
from calcinet.extras import require_extras
from calcinet.record import SCHEMA, Record
from calcinet.report.casereport import Draft, Examination, draft
from calcinet.report.language import translator
from calcinet.text import say

RECORD: Final = "record.json"
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
    """
    if out.suffix.lower() not in SUFFIXES:
        raise BadInput(f"the draft is written as .md or .docx, got {out.suffix or 'no ending'!r}: name it draft.docx")
    if out.suffix.lower() == ".docx":
        require_extras(["docx"], out.name)
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
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() == ".docx":
        from calcinet.report.casereport.word import to_word  # loads python-docx

        _replace(out, to_word(made, references))
        return
    from calcinet.report.casereport.markdown import to_markdown

    photos = list(chain.from_iterable(made.photos.values()))
    if photos:
        with TemporaryDirectory(dir=out.parent, prefix=".figures-") as place:
            staged = Path(place) / "figures"
            staged.mkdir()
            for photo in photos:
                (staged / photo.name).write_bytes(photo.content)
            shutil.rmtree(pictures, ignore_errors=True)
            staged.rename(pictures)
    _replace(out, to_markdown(made, pictures.name, references).encode())


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.partial")
    partial.write_bytes(content)
    partial.replace(path)


def _read_record(path: Path, number: int, count: int) -> Examination:
    """A record and the marked pictures beside it."""
    file = path
    if path.is_dir():
        file = path / RECORD
    try:
        record = Record.from_json(file.read_bytes())
    except OSError:
        raise BadInput(
            f"record {number} of {count} cannot be read: give a record.json or the folder that holds it"
        ) from None
    except (ValidationError, ValueError):
        raise BadInput(
            f"record {number} of {count} is no record of the schema {SCHEMA}: give what examine wrote"
        ) from None
    pictures = {}
    for image in record.examined:
        overlay = file.parent / f"{image.id}.overlay.png"
        if overlay.is_file():
            pictures[image.id] = overlay.read_bytes()
    photographs = {}
    for photograph in record.clinical.photographs:
        picture = file.parent / "photographs" / f"{photograph.id}.jpg"
        if picture.is_file():
            photographs[photograph.id] = picture.read_bytes()
    return Examination(record, pictures, photographs)
