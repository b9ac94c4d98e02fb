"""Every document of an examination by name, each made when it is written: a table of outputs.

To add one, write the function that makes its bytes and give it a row in OUTPUTS.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from calcinet.errors import BadInput
from calcinet.examined import ExaminedImage
from calcinet.extras import find_missing, require_extras
from calcinet.record import Record
from calcinet.report.edition import Edition, Succession, read_time
from calcinet.report.labels import DEFAULT_FORMATS, DICOM_FORMATS, FORMATS
from calcinet.report.language import translator
from calcinet.text import say
from calcinet.version import PROGRAM

if TYPE_CHECKING:
    from calcinet.report.dicom.source_reference import SourcedImage
    from calcinet.report.pictures.canvas import Canvas
    from calcinet.report.pictures.drawn_image import Drawings

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
        If a format or the language does not exist, or a format needs a package that is not installed.
    """

    formats: Sequence[str] = field(default_factory=lambda: sort_by_installed(DEFAULT_FORMATS)[0])
    """Among FORMATS; `dicom` stands for all DICOM objects. The usual ones that can be written where not given."""
    _: KW_ONLY
    language: str = "en"
    """Of page, paper and pictures."""
    when: datetime = field(default_factory=read_time)
    """Written into the objects that must say it."""
    anonymous: bool = False
    """Whether the DICOM objects and the FHIR bundle leave out who the patient is."""
    left_out: Sequence[str] = ()
    """Formats that nobody named and that need packages which are not installed."""
    typesetting: Path | None = None
    """Folder for files that the paper is set from; that of the system where not given."""
    succession: Succession = field(default_factory=Succession)
    """Whether the DICOM objects take the place of earlier ones."""

    @classmethod
    def of_installed(cls, formats: Sequence[str], *, language: str = "en", anonymous: bool = False) -> "Wanted":
        """Want the formats that can be written here; the others are left out, not refused."""
        there, missing = sort_by_installed(formats)
        return cls(there, language=language, anonymous=anonymous, left_out=missing)

    def __post_init__(self) -> None:
        check_formats(self.formats)
        translator(self.language)

    def has(self, *names: str) -> bool:
        """Whether one of the formats is wanted."""
        return not _spell_out(self.formats).isdisjoint(names)

    def with_objects(self) -> "Wanted":
        """The same, and all DICOM objects where none is among them: there must be something to send."""
        if self.has(*DICOM_FORMATS):
            return self
        there, missing = sort_by_installed(["dicom"])
        return replace(self, formats=(*self.formats, *there), left_out=(*self.left_out, *missing))


class Examination:
    """What documents are made from: the record, the images ready to be drawn, and what is wanted of them.

    Pictures and DICOM headers are made ready when the first document asks for them.
    """

    def __init__(
        self,
        record: Record,
        images: Mapping[str, ExaminedImage],
        wanted: Wanted,
        photographs: Mapping[str, bytes] | None = None,
    ) -> None:
        self.record = record
        self.wanted = wanted
        self.images = images
        self.photographs = {} if wanted.anonymous else dict(photographs or {})
        """Clinical photographs as JPEG bytes by id; none where nobody is to be recognised."""

    @cached_property
    def canvases(self) -> dict[str, "Canvas"]:
        """The images ready to be drawn, by id; what draws is loaded only where there is one."""
        if not self.record.examined:
            return {}
        from calcinet.report.pictures.modalities import canvas_of

        return {image.id: canvas_of(image, self.images[image.id]) for image in self.record.examined}

    @cached_property
    def drawings(self) -> "Drawings":
        """Of all images where a page shows them too; else each picture is drawn alone."""
        from calcinet.report.pictures.drawn_image import Drawings

        on_pages = self.wanted.has("html", "pdf", "encapsulated-pdf")
        return Drawings(self.canvases if on_pages else {})

    @cached_property
    def sources(self) -> dict[str, "SourcedImage"]:
        """The images that came from DICOM objects, by id, anonymous where that is wanted."""
        from calcinet.report.dicom.sources import find_sources

        pixels = {key: canvas.pixels for key, canvas in self.canvases.items()}
        return find_sources(self.record, pixels, anonymous=self.wanted.anonymous)

    @cached_property
    def edition(self) -> Edition:
        """Time and identifiers of what goes to other systems."""
        from calcinet.report.dicom.anonymous import NO_TIME

        wanted = self.wanted
        when = NO_TIME if wanted.anonymous else wanted.when
        edition = Edition.of(self.record, when=when, language=wanted.language, anonymous=wanted.anonymous)
        return replace(edition, succession=wanted.succession)


class Files(Protocol):
    """One or several files of an examination."""

    def name_contents(self, examination: Examination) -> dict[str, Content]:
        """Name the files and how their bytes are made."""


@dataclass(frozen=True, slots=True)
class OneFile:
    """A file of the whole examination."""

    name: str
    make: Callable[[Examination, Record], bytes]

    def name_contents(self, examination: Examination) -> dict[str, Content]:
        """The file."""
        return {self.name: partial(self.make, examination)}


@dataclass(frozen=True, slots=True)
class FilePerImage:
    """A file of each image, or of each CT."""

    ending: str
    make: Callable[[Examination, "Canvas", Record], bytes]
    of_volumes: bool = False
    """Whether only a CT has one."""

    def name_contents(self, examination: Examination) -> dict[str, Content]:
        """The files, named by the ids of their images."""
        named: dict[str, Content] = {}
        for key, canvas in examination.canvases.items():
            if canvas.record.ct is not None or not self.of_volumes:
                named[f"{key}.{self.ending}"] = partial(self.make, examination, canvas)
        return named


@dataclass(frozen=True, slots=True)
class DicomFiles:
    """The DICOM objects that are wanted, image by image."""

    def name_contents(self, examination: Examination) -> dict[str, Content]:
        """The files; none where no image came from a DICOM object."""
        from calcinet.report.dicom.objects import ObjectMaterial, dicom_objects

        material = ObjectMaterial(
            images=tuple(examination.sources.values()),
            edition=examination.edition,
            make_picture=partial(_draw_picture_of, examination),
            make_paper=partial(_make_paper, examination),
            anonymous=examination.wanted.anonymous,
        )
        return dicom_objects(material, examination.wanted.has)


@dataclass(frozen=True, slots=True)
class Output:
    """What is written for one format, and what must be installed for it."""

    files: Files
    extras: tuple[str, ...] = ()
    """Among `calcinet.extras.EXTRAS`."""


def check_formats(formats: Sequence[str]) -> None:
    """Refuse a format that does not exist, naming those that do, and one that needs what is not installed."""
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise BadInput(f"no output as {', '.join(unknown)}; the formats are: {', '.join(FORMATS)}")
    missing = [name for name in formats if find_missing(_list_extras([name]))]
    require_extras(_list_extras(missing), f"--formats {','.join(missing)}")


def sort_by_installed(formats: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sort formats into those that can be written with what is installed, and those that cannot.

    Of `dicom` there may be some objects in each.
    """
    there: list[str] = []
    missing: list[str] = []
    for name in formats:
        parts = _list_parts(name)
        possible = [part for part in parts if not find_missing(_list_extras([part]))]
        if len(possible) == len(parts):
            there.append(name)
        elif not possible:
            missing.append(name)
        else:
            there += possible
            missing += [part for part in parts if part not in possible]
    return tuple(there), tuple(missing)


def explain_left_out(wanted: Wanted) -> list[str]:
    """Say what was left out for want of packages, and the line that installs them; nothing where all is there."""
    if not wanted.left_out:
        return []
    line = say(
        "Not written: {formats:, }. To have it: pip install 'calcinet[{extra}]'",
        formats=list(wanted.left_out),
        extra=",".join(find_missing(_list_extras(wanted.left_out))),
    )
    return [translator(wanted.language)(line)]


def documents(
    record: Record,
    images: Mapping[str, ExaminedImage],
    wanted: Wanted,
    photographs: Mapping[str, bytes] | None = None,
) -> dict[str, Content]:
    """Name every document and how its bytes are made; none where nothing was examined and there is no case."""
    if not record.examined and not record.tells_of_patient:
        return {}
    examination = Examination(record, images, wanted, photographs)
    named: dict[str, Content] = {}
    for key, data in examination.photographs.items():
        named[f"photographs/{key}.jpg"] = partial(_give_photograph, data)
    for canvas in examination.canvases.values():
        named |= _name_mask(canvas)
    chosen = [output.files for name, output in OUTPUTS.items() if wanted.has(name)]
    for files in dict.fromkeys(chosen):  # the DICOM formats share one row
        named |= files.name_contents(examination)
    return named


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Encode a grey or a blue-green-red picture."""
    import cv2

    _, coded = cv2.imencode(".png", np.ascontiguousarray(pixels), [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION])
    return coded.tobytes()


def sign_picture(pixels: NDArray[np.uint8]) -> bytes:
    """Encode a picture with marks, red-green-blue, as a PNG that names its maker: no later call takes it for a film."""
    from PIL import Image as Picture
    from PIL.PngImagePlugin import PngInfo

    made_by = PngInfo()
    made_by.add_text("Software", PROGRAM)
    stream = BytesIO()
    Picture.fromarray(pixels).save(stream, "PNG", pnginfo=made_by, compress_level=PNG_COMPRESSION)
    return stream.getvalue()


def _spell_out(formats: Sequence[str]) -> set[str]:
    """The formats, with those that `dicom` stands for."""
    if "dicom" in formats:
        return {*formats, *DICOM_FORMATS}
    return set(formats)


def _list_parts(name: str) -> tuple[str, ...]:
    """The formats that a name stands for."""
    if name == "dicom":
        return DICOM_FORMATS
    return (name,)


def _list_extras(formats: Sequence[str]) -> list[str]:
    """The extras that formats need, installed or not; `json` needs none."""
    extras: list[str] = []
    for name in formats:
        for part in _list_parts(name):
            if part in OUTPUTS:
                extras += OUTPUTS[part].extras
    return extras


def _name_mask(canvas: "Canvas") -> dict[str, Content]:
    """The label map: of a film a picture, of a CT a volume."""
    from calcinet.report.volumes.nifti import nifti

    volume = canvas.pixels.volume
    if canvas.record.ct is not None and volume is not None:
        return {f"masks/{canvas.record.id}.nii.gz": lambda _: nifti(volume)}
    return {f"masks/{canvas.record.id}.png": lambda _: png(canvas.pixels.mask)}


def _make_page(examination: Examination, record: Record) -> bytes:
    from calcinet.report.html import page

    return page(record, examination.drawings, examination.wanted.language, examination.photographs).encode()


def _make_paper(examination: Examination, record: Record) -> bytes:
    from calcinet.report.paper import pdf

    wanted = examination.wanted
    return pdf(record, examination.drawings, wanted.language, examination.photographs, typesetting=wanted.typesetting)


def _give_photograph(data: bytes, record: Record) -> bytes:
    """A photograph is the same whatever the record says."""
    del record
    return data


def _make_overlay(examination: Examination, canvas: "Canvas", record: Record) -> bytes:
    from calcinet.report.pictures.drawn_image import draw_marked_picture

    del record
    return sign_picture(draw_marked_picture(canvas, examination.drawings, examination.wanted.language))


def _draw_picture_of(examination: Examination, key: str) -> NDArray[np.uint8]:
    from calcinet.report.pictures.drawn_image import draw_marked_picture

    return draw_marked_picture(examination.canvases[key], examination.drawings, examination.wanted.language)


def _make_csv(examination: Examination, record: Record) -> bytes:
    from calcinet.report.quantities.spreadsheet import to_csv

    del examination
    return to_csv(record).encode()


def _make_parquet(examination: Examination, record: Record) -> bytes:
    from calcinet.report.quantities.spreadsheet import to_parquet

    del examination
    return to_parquet(record)


def _make_surfaces(examination: Examination, canvas: "Canvas", record: Record) -> bytes:
    from calcinet.report.volumes.surfaces import glb

    del examination
    assert canvas.pixels.volume is not None
    return glb(canvas.pixels.volume, canvas.record, record.version)


def _make_bundle(examination: Examination, record: Record) -> bytes:
    from calcinet.report.fhir import to_bundle

    origins = {key: image.origin for key, image in examination.sources.items()}
    return to_bundle(record, examination.edition, origins).encode()


DICOM_FILES: Final = DicomFiles()

OUTPUTS: Final[Mapping[str, Output]] = {
    "html": Output(OneFile("report.html", _make_page)),
    "pdf": Output(OneFile("report.pdf", _make_paper), extras=("pdf",)),
    "png": Output(FilePerImage("overlay.png", _make_overlay)),
    "csv": Output(OneFile("measures.csv", _make_csv)),
    "parquet": Output(OneFile("measures.parquet", _make_parquet), extras=("tables",)),
    "gltf": Output(FilePerImage("glb", _make_surfaces, of_volumes=True), extras=("mesh",)),
    "sr": Output(DICOM_FILES, extras=("hospital",)),
    "seg": Output(DICOM_FILES, extras=("hospital",)),
    "sc": Output(DICOM_FILES, extras=("hospital",)),
    "encapsulated-pdf": Output(DICOM_FILES, extras=("hospital", "pdf")),
    "fhir": Output(OneFile("bundle.fhir.json", _make_bundle), extras=("hospital",)),
}
"""By format, in the order in which files are written and listed; record.json and the masks come with every format."""
