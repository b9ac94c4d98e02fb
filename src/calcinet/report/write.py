"""A record and its documents on disk: all of them or nothing."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from tempfile import TemporaryDirectory, mkdtemp
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.errors import BadInput
from calcinet.record import SCHEMA, Record
from calcinet.report.figures import overview, ranked, with_legend
from calcinet.report.glance import has_case
from calcinet.report.html import Drawn, draw, page
from calcinet.report.language import translator
from calcinet.report.marks import Film
from calcinet.report.paper import pdf
from calcinet.report.table import to_csv
from calcinet.report.view import ExaminedPixels
from calcinet.report.words import FORMATS

RECORD: Final = "record.json"

PNG_COMPRESSION: Final = 3
"""Our choice: half the time of the highest level, a tenth larger."""


def check_formats(formats: Sequence[str]) -> None:
    """Refuse a format that is not there, naming those that are."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise BadInput(f"no output as {', '.join(unknown)}; the formats are: {', '.join(FORMATS)}")


def check_folder(folder: Path, *, force: bool = False) -> None:
    """Refuse a folder that holds something else than an earlier examination, unless `force`."""
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is a file; give a folder to write into")
    foreign = len(foreign_files(folder))
    if foreign and not force:
        # Their names may be those of patients: the count is enough.
        raise BadInput(
            f"{folder} holds {foreign} {'file' if foreign == 1 else 'files'} that calcinet did not write;"
            " give another folder, or --force to write among them"
        )


def foreign_files(folder: Path) -> list[str]:
    """List the files under `folder`, relative to it, that no record there calls its own."""
    own = {RECORD, *_listed(folder)} if _listed(folder) else set()
    present = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return sorted(name for name in present if name not in own)


def write_examination(
    record: Record,
    images: Mapping[str, ExaminedPixels],
    folder: Path,
    *,
    formats: Sequence[str] = FORMATS,
    language: str = "en",
    attachments: Mapping[str, bytes] | None = None,
    force: bool = False,
) -> Record:
    """Write a record, its masks and the documents asked for, and return the record with its list of files.

    Everything is written into a folder beside `folder` first, so that nothing is left half-written. Where every image
    was refused and there is no case, there is record.json alone.

    Parameters
    ----------
    record
        What was found.
    images
        Film and label map of every examined image, by image id.
    folder
        Where to; an earlier examination there is replaced.
    formats
        Among json, html, pdf, png and csv; record.json and the masks are always written.
    language
        Of page and pictures.
    attachments
        Other files to put beside it, by name.
    force
        Write even among files of someone else; those stay.

    Raises
    ------
    BadInput
        If the folder holds other files, or a format or language does not exist.
    """
    check_formats(formats)
    translator(language)
    check_folder(folder, force=force)
    films = {image.id: Film.of(image, images[image.id]) for image in record.examined}
    told = bool(films) or has_case(record)
    documents = _documents(record, films, formats, language) if told else {}
    attached = {name: _just(content) for name, content in (attachments or {}).items()}
    files = (RECORD, *documents, *attached)
    record = record.model_copy(update={"files": files})
    with _staging(folder) as staging:
        for name, content in {**documents, **attached}.items():
            _write(staging / name, content(record))
        _write(staging / RECORD, record.to_json().encode())
        _publish(staging, folder.absolute())
    return record


Content = Callable[[Record], bytes]
"""Makes a file's bytes once the record knows all its files."""


def _just(content: bytes) -> Content:
    return lambda _: content


def _documents(record: Record, films: Mapping[str, Film], formats: Sequence[str], language: str) -> dict[str, Content]:
    """Name every document and how its bytes are made."""
    documents = {f"masks/{key}.png": _just(png(film.pixels.mask)) for key, film in films.items()}
    drawn = _Drawings(films if {"html", "pdf"} & {*formats} else {})
    if "html" in formats:
        documents["report.html"] = lambda final: page(final, drawn, language).encode()
    if "pdf" in formats:
        documents["report.pdf"] = lambda final: pdf(final, drawn, language)
    if "png" in formats:
        for key, film in films.items():
            documents[f"{key}.overlay.png"] = _just(_overlay(film, drawn.get(key), language))
    if "csv" in formats:
        documents["measures.csv"] = _just(to_csv(record).encode())
    return documents


class _Drawings(Mapping[str, Drawn]):
    """The pictures of each film, drawn when they are asked for; only the last ones are kept, for they are large."""

    def __init__(self, films: Mapping[str, Film]) -> None:
        self._films = films
        self._last: tuple[str, Drawn] | None = None

    def __getitem__(self, key: str) -> Drawn:
        if self._last is None or self._last[0] != key:
            self._last = (key, draw(self._films[key]))
        return self._last[1]

    def __contains__(self, key: object) -> bool:
        return key in self._films

    def __iter__(self) -> Iterator[str]:
        return iter(self._films)

    def __len__(self) -> int:
        return len(self._films)


def _overlay(film: Film, drawn: Drawn | None, language: str) -> bytes:
    marked = (drawn.overview if drawn else overview(film)).marked
    kinds = list(dict.fromkeys(finding.kind for finding in ranked(film.record.findings)))
    legend = with_legend(marked, kinds, translator(language))
    return png(cv2.cvtColor(legend, cv2.COLOR_RGB2BGR).astype(np.uint8))


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Encode a grey or a blue-green-red picture."""
    _, coded = cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION])
    return coded.tobytes()


def _listed(folder: Path) -> tuple[str, ...]:
    """Files that the record in a folder calls its own and that lie in it; none where there is no record."""
    try:
        record = json.loads((folder / RECORD).read_bytes())
    except (OSError, ValueError):
        return ()
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        return ()
    files = record.get("files")
    names = files if files and isinstance(files, list) else (RECORD,)
    return tuple(name for name in names if isinstance(name, str) and _lies_in(folder, name))


def _lies_in(folder: Path, name: str) -> bool:
    """Whether a name can only mean a file in `folder`: a record may come from anywhere and say anything."""
    parts = PureWindowsPath(name)  # knows the separators and anchors of every system
    if parts.anchor or ".." in parts.parts or "\0" in name:
        return False
    return (folder / name).parent.resolve().is_relative_to(folder.resolve())  # no way out through a link


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """Lend an empty folder beside `folder`; whatever is left in it at the end is removed."""
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{folder.name}.writing-"
    with TemporaryDirectory(prefix=prefix, dir=folder.parent, ignore_cleanup_errors=True) as private:
        # The temporary folder can be read by its owner alone; the one inside it has the rights of any new folder.
        staging = Path(private) / "new"
        staging.mkdir()
        yield staging


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _publish(staging: Path, folder: Path) -> None:
    """Put the finished folder in its place in one step; file by file only among someone else's files."""
    if foreign_files(folder):
        for path in [folder / name for name in _listed(folder)]:
            if path.is_file() or path.is_symlink():
                path.unlink()
        for path in sorted(p for p in staging.rglob("*") if p.is_file()):
            target = folder / path.relative_to(staging)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        return
    _replace(folder, staging)


def _replace(folder: Path, staging: Path) -> None:
    """Rename `staging` to `folder`; what was there before comes back when that fails."""
    if not folder.exists():
        staging.rename(folder)
        return
    aside = Path(mkdtemp(prefix=f".{folder.name}.earlier-", dir=folder.parent))
    earlier = aside / "earlier"
    try:
        folder.rename(earlier)
        staging.rename(folder)
    except OSError:
        if earlier.exists():
            earlier.rename(folder)
        aside.rmdir()
        raise
    shutil.rmtree(aside, ignore_errors=True)
