"""Every document of an examination by name, each made when it is written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.errors import BadInput
from calcinet.record import Record
from calcinet.report.edition import Edition
from calcinet.report.html import Drawn, draw, page
from calcinet.report.labels import DEFAULT_FORMATS, DICOM_FORMATS, FORMATS
from calcinet.report.language import translator
from calcinet.report.paper import pdf
from calcinet.report.pictures.annotation import Film
from calcinet.report.pictures.ct.panels import panels, side_by_side, with_compartments
from calcinet.report.pictures.figures import overview, overview_scale, ranked, with_legend
from calcinet.report.pictures.viewport import ExaminedPixels
from calcinet.report.quantities.spreadsheet import to_csv, to_parquet
from calcinet.report.sections.summary_page import has_case
from calcinet.report.source_reference import Sourced
from calcinet.report.volumes.nifti import nifti
from calcinet.report.volumes.slices import slices_of

if TYPE_CHECKING:
    from calcinet.report.dicom.objects import Shown

PNG_COMPRESSION: Final = 3
"""Our choice: half the time of the highest level, a tenth larger."""

Content = Callable[[Record], bytes]
"""Makes a file's bytes once the record knows all its files."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents, and how.

    Raises
    ------
    BadInput
        If a format or the language does not exist.
    """

    formats: Sequence[str] = DEFAULT_FORMATS
    """Among FORMATS; `dicom` stands for all DICOM objects."""
    language: str = "en"
    """Of page, paper and pictures."""
    when: datetime = field(default_factory=lambda: datetime.now(UTC))
    """Written into the objects that must say it."""
    anonymous: bool = False
    """Whether the DICOM objects and the FHIR bundle leave out who the patient is."""

    def __post_init__(self) -> None:
        check_formats(self.formats)
        translator(self.language)

    def has(self, *names: str) -> bool:
        """Whether one of the formats is wanted."""
        asked = {*self.formats, *(DICOM_FORMATS if "dicom" in self.formats else ())}
        return not asked.isdisjoint(names)

    def with_objects(self) -> "Wanted":
        """The same, and all DICOM objects where none is among them: there must be something to send."""
        return self if self.has(*DICOM_FORMATS) else replace(self, formats=(*self.formats, "dicom"))


def check_formats(formats: Sequence[str]) -> None:
    """Refuse a format that is not there, naming those that are."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise BadInput(f"no output as {', '.join(unknown)}; the formats are: {', '.join(FORMATS)}")


def documents(record: Record, images: Mapping[str, ExaminedPixels], wanted: Wanted) -> dict[str, Content]:
    """Name every document and how its bytes are made; none where nothing was examined and there is no case."""
    films = {image.id: Film.of(image, images[image.id]) for image in record.examined}
    if not films and not has_case(record):
        return {}
    drawn = _Drawings(films if wanted.has("html", "pdf", "encapsulated-pdf") else {})
    named: dict[str, Content] = dict(_mask(film) for film in films.values())
    if wanted.has("html"):
        named["report.html"] = lambda final: page(final, drawn, wanted.language).encode()
    if wanted.has("pdf"):
        named["report.pdf"] = lambda final: pdf(final, drawn, wanted.language)
    if wanted.has("png"):
        named |= {f"{key}.overlay.png": _overlay(film, drawn, wanted.language) for key, film in films.items()}
    if wanted.has("csv"):
        named["measures.csv"] = lambda final: to_csv(final).encode()
    if wanted.has("parquet"):
        named["measures.parquet"] = to_parquet
    if wanted.has("gltf"):
        named |= {f"{key}.glb": _surfaces(film) for key, film in films.items() if film.record.ct is not None}
    if wanted.has("fhir", *DICOM_FORMATS):
        named |= _exchanged(record, films, drawn, wanted)
    return named


def _exchanged(
    record: Record, films: Mapping[str, Film], drawn: Mapping[str, Drawn], wanted: Wanted
) -> dict[str, Content]:
    """What other systems read: DICOM objects and the FHIR bundle, anonymous where that is wanted."""
    from calcinet.report.dicom.objects import NO_TIME, anonymous_parent, dicom_objects  # heavy, as FHIR is
    from calcinet.report.fhir import to_bundle

    when = NO_TIME if wanted.anonymous else wanted.when
    issue = Edition.of(record, when=when, language=wanted.language, anonymous=wanted.anonymous)
    slices = {key: slices_of(film.record, film.pixels) for key, film in films.items()}
    parents = {key: found[0] if found else films[key].pixels.parent for key, found in slices.items()}
    hidden = anonymous_parent if wanted.anonymous else _as_it_is
    sourced = {
        key: Sourced(films[key].record, hidden(parent), tuple(hidden(each) for each in slices[key]))
        for key, parent in parents.items()
        if parent is not None
    }
    shown = [_shown(one, films[key], drawn, wanted.language) for key, one in sourced.items()]
    named: dict[str, Content] = dicom_objects(
        shown,
        wanted.has,
        issue,
        paper=lambda final: pdf(final, drawn, wanted.language),
        anonymous=wanted.anonymous,
    )
    if wanted.has("fhir"):
        origins = {key: one.origin for key, one in sourced.items()}
        named["bundle.fhir.json"] = lambda final: to_bundle(final, issue, origins).encode()
    return named


def _as_it_is(parent: Dataset) -> Dataset:
    return parent


def _shown(sourced: Sourced, film: Film, drawn: Mapping[str, Drawn], language: str) -> "Shown":
    from calcinet.report.dicom.objects import Shown

    key = film.record.id
    volume = film.pixels.volume if film.record.ct is not None else None
    return Shown(sourced, lambda: film.pixels.mask, lambda: marked_picture(film, drawn.get(key), language), volume)


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


def _mask(film: Film) -> tuple[str, Content]:
    """The label map: of a film a picture, of a CT a volume."""
    volume = film.pixels.volume if film.record.ct is not None else None
    if volume is not None:
        return f"masks/{film.record.id}.nii.gz", lambda _: nifti(volume)
    return f"masks/{film.record.id}.png", lambda _: png(film.pixels.mask)


def _surfaces(film: Film) -> Content:
    def content(record: Record) -> bytes:
        from calcinet.report.volumes.surfaces import glb  # heavy, and only this format needs it

        volume = film.pixels.volume
        assert volume is not None
        return glb(volume, film.record, record.version)

    return content


def _overlay(film: Film, drawn: Mapping[str, Drawn], language: str) -> Content:
    def content(_: Record) -> bytes:
        return png(marked_picture(film, drawn.get(film.record.id), language)[..., ::-1])

    return content


def marked_picture(film: Film, drawn: Drawn | None, language: str) -> NDArray[np.uint8]:
    """The whole film with its marks and a legend, red, green and blue, shape (Y, X, 3); of a CT with all its panels."""
    marked = (drawn.overview if drawn else overview(film)).marked
    if film.places is not None:
        shown = drawn.panels if drawn else panels(film, overview_scale(film))
        _ = translator(language)
        return np.asarray(with_compartments(side_by_side(marked, shown, _), film, _), dtype=np.uint8)
    kinds = list(dict.fromkeys(finding.kind for finding in ranked(film.record.findings)))
    return np.asarray(with_legend(marked, kinds, translator(language)), dtype=np.uint8)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Encode a grey or a blue-green-red picture."""
    _, coded = cv2.imencode(".png", np.ascontiguousarray(pixels), [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION])
    return coded.tobytes()
