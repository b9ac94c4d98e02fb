"""What a header says of a film, without its pixels and at the speed of a disc: for an archive of many films.

The first bytes of a file are parsed as far as its pixel size, and of that no more is decoded than is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from pydicom.charset import convert_encodings, decode_bytes
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import data_element_generator
from pydicom.tag import BaseTag, Tag
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian
from pydicom.valuerep import TEXT_VR_DELIMS

from calcinet.errors import Unreadable
from calcinet.io.dicom.body_site import site_of
from calcinet.io.dicom.defined_terms import known_modality
from calcinet.io.dicom.header import damaged, number, parse, quiet, texts
from calcinet.io.file_formats import DICOM, format_of
from calcinet.io.file_signatures import DICOM_MAGIC, HEAD_BYTES, PREAMBLE_BYTES, is_dicom, is_zip, not_an_image
from calcinet.io.refusal import refuse_unforeseen

FIRST_READ: Final = 8192
"""Bytes that are read of a file at first. Our choice: the headers of nearly all films end before, and a disc gives
two blocks as fast as one."""

SECOND_READ: Final = 1 << 20
"""Bytes where the first did not reach. Our choice: private elements of some makers fill hundreds of kilobytes."""

LAST_TAG: Final = 0x00280030
"""Pixel Spacing, the last element that is asked for. Tags are whole numbers here: as keys they are quicker than those
of pydicom."""

BEHIND: Final = 0x00280100
"""Bits Allocated: every image has it (PS3.3 C.7.6.3), behind all that is asked for."""

META_LENGTH: Final = b"\x02\x00\x00\x00UL\x04\x00"
"""With what the first element of every file begins, the length of those of its group (PS3.10 7.1)."""

TRANSFER_SYNTAX: Final = 0x00020010

CHARACTER_SET: Final = 0x00080005

KEYWORDS: Final = {
    0x00080018: "SOPInstanceUID",
    0x00080020: "StudyDate",
    0x00080021: "SeriesDate",
    0x00080022: "AcquisitionDate",
    0x00080060: "Modality",
    0x00080070: "Manufacturer",
    0x00081090: "ManufacturerModelName",
    0x00100010: "PatientName",
    0x00100020: "PatientID",
    0x00100021: "IssuerOfPatientID",
    0x00100030: "PatientBirthDate",
    0x00100040: "PatientSex",
    0x00101010: "PatientAge",
    0x0020000D: "StudyInstanceUID",
    0x0020000E: "SeriesInstanceUID",
}
"""Elements that are repeated as text."""

ROWS: Final = 0x00280010
COLUMNS: Final = 0x00280011
"""Whole numbers of two bytes."""

SITE: Final = frozenset(
    int(Tag(keyword))
    for keyword in (
        "BodyPartExamined",
        "AnatomicRegionSequence",
        "AcquisitionDeviceProcessingDescription",
        "ImageLaterality",
        "Laterality",
        "ViewPosition",
        "ViewCodeSequence",
    )
)
"""Elements that name body part, side and view."""

SPACINGS: Final = (0x00181164, LAST_TAG)
"""Imager Pixel Spacing, Pixel Spacing."""

ASKED: Final = [CHARACTER_SET, *KEYWORDS, ROWS, COLUMNS, *SITE, *SPACINGS, BEHIND]
"""The parser passes over the values of all others."""

ITEM: Final = b"\xfe\xff\x00\xe0"
"""What an item of a sequence begins with (PS3.5 7.5)."""

Load = Callable[[int | None], bytes]
"""The first bytes of a file, or all of them for None; raises Unreadable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickHeader:
    """What a header says of a film. Identifiers are as they are written: they go into a keyed hash and nowhere else."""

    kind: str
    """Format of the file: DICOM, PNG, JPEG, TIFF, NIfTI."""
    texts: dict[str, str]
    """By keyword, stripped; absent where the header is silent."""
    modality: str | None = None
    body_part: str | None = None
    laterality: str | None = None
    view: str | None = None
    rows: int | None = None
    columns: int | None = None
    pixel_mm: float | None = None
    """Distance of rows as the header states it; which one holds is settled when the film is examined."""

    def get(self, keyword: str) -> str:
        """Text of an element; empty where there is none."""
        return self.texts.get(keyword, "")


def read_quick_header(load: Load) -> QuickHeader:
    """Read what an index of an archive needs of a film.

    Raises
    ------
    Unreadable
        If the file is none that is examined, is empty, or its header breaks off or says nothing of an image.
    """
    with refuse_unforeseen():
        head = load(FIRST_READ)
        format_ = format_of(head[:HEAD_BYTES])
        if format_ is None and is_zip(head):
            raise Unreadable(
                "found a zip where a film was expected: unpack one that lies in another, else give it the suffix .zip",
                code="not-an-image",
            )
        if format_ is None:
            raise not_an_image(head[:HEAD_BYTES])
        if format_ is not DICOM:
            return QuickHeader(kind=format_.name, texts={})
        with quiet():
            header = _read_dicom(head, load)
        if not header.get("Modality") and (header.rows is None or header.columns is None):
            raise Unreadable(
                "found a DICOM file without kind and size of an image: it is damaged, or no image; export it again",
                code="truncated",
            )
        return header


def _read_dicom(head: bytes, load: Load) -> QuickHeader:
    for more in (SECOND_READ, None):
        found = _scan(head)
        if found is not None:
            return _describe(found)
        if len(head) < FIRST_READ:
            break
        head = load(more)
    return _describe_parsed(parse(load(None)))


def _scan(head: bytes) -> dict[int, RawDataElement | DataElement] | None:
    """The elements that are asked for; None where they are not all within these bytes, or are packed otherwise."""
    begin = PREAMBLE_BYTES + len(DICOM_MAGIC) + len(META_LENGTH)
    if not is_dicom(head) or head[begin - len(META_LENGTH) : begin] != META_LENGTH:
        return None
    meta = begin + 4
    body = meta + int.from_bytes(head[begin:meta], "little")
    try:
        syntax = _read_syntax(head[meta:body])
        if syntax in ("", DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian):
            return None
        return _collect(BytesIO(head[body:]), is_implicit=syntax == ImplicitVRLittleEndian)
    except Exception:  # a damaged file may fail anywhere in the parser; it is parsed whole, and then refused
        return None


def _read_syntax(meta: bytes) -> str:
    for element in data_element_generator(BytesIO(meta), False, True, specific_tags=[TRANSFER_SYNTAX]):
        if element.tag == TRANSFER_SYNTAX:
            return _decode(element)
    return ""


def _collect(stream: BytesIO, *, is_implicit: bool) -> dict[int, RawDataElement | DataElement] | None:
    """The elements that are asked for, which are whole when one behind them is reached."""
    found = dict[int, RawDataElement | DataElement]()
    for element in data_element_generator(stream, is_implicit, True, specific_tags=ASKED):
        tag = int(element.tag)
        if tag == BEHIND:
            return found
        found[tag] = element
    return None


def _decode(element: RawDataElement | DataElement | None, alphabets: bytes = b"") -> str:
    """The first value of an element as one line; `alphabets` is the value of Specific Character Set."""
    if element is None or not isinstance(element.value, bytes):
        return ""
    value = element.value.partition(b"\\")[0]
    if value.isascii():
        letters = value.decode("ascii")
    else:
        letters = decode_bytes(value, _choose_alphabets(alphabets), TEXT_VR_DELIMS)
    return " ".join(letters.replace("\0", " ").split())


@lru_cache(maxsize=64)
def _choose_alphabets(stated: bytes) -> list[str]:
    """Encodings of Python for a Specific Character Set (PS3.3 C.12.1.1.2)."""
    return convert_encodings([name.strip("\0 ") for name in stated.decode("ascii", "replace").split("\\")])


def _describe(found: dict[int, Any]) -> QuickHeader:
    stated = found.get(CHARACTER_SET)
    alphabets = stated.value if stated is not None and isinstance(stated.value, bytes) else b""
    texts = {keyword: value for tag, keyword in KEYWORDS.items() if (value := _decode(found.get(tag), alphabets))}
    site = {tag: one for tag, one in found.items() if tag in SITE}
    return QuickHeader(
        kind=DICOM.name,
        texts=texts,
        modality=known_modality(texts.get("Modality", "")),
        **_find_site(site),
        rows=_decode_size(found.get(ROWS)),
        columns=_decode_size(found.get(COLUMNS)),
        pixel_mm=_decode_spacing(found),
    )


def _find_site(site: dict[int, Any]) -> dict[str, Any]:
    """Body part, side and view in our words; what the same bytes say is worked out once."""
    values = [one.value for one in site.values()]
    if all(isinstance(value, bytes) and not value.startswith(ITEM) for value in values):
        return _find_site_of(tuple((tag, one.value) for tag, one in sorted(site.items())))
    return _name_site(Dataset({BaseTag(tag): one for tag, one in site.items()}))


@lru_cache(maxsize=4096)
def _find_site_of(raw: tuple[tuple[int, bytes], ...]) -> dict[str, Any]:
    dataset = Dataset()
    for tag, value in raw:
        dataset.add_new(Tag(tag), "LO", value.decode("latin-1").strip("\0 "))
    return _name_site(dataset)


def _name_site(dataset: Dataset) -> dict[str, Any]:
    site = site_of(dataset)
    return {"body_part": site.anatomy, "laterality": site.laterality, "view": site.view}


def _decode_size(element: Any) -> int | None:
    if element is None or not isinstance(element.value, bytes) or len(element.value) < 2:
        return None
    return int.from_bytes(element.value[:2], "little")


def _decode_spacing(found: dict[int, Any]) -> float | None:
    for tag in SPACINGS:
        try:
            spacing_mm = float(_decode(found.get(tag)).replace(",", "."))
        except ValueError:
            continue
        if 0 < spacing_mm < float("inf"):
            return spacing_mm
    return None


def _describe_parsed(header: Dataset) -> QuickHeader:
    """The same of a file that was parsed whole; the last value of one that breaks off may be a part of itself."""
    if all(int(tag) <= LAST_TAG for tag in header.keys()):  # noqa: SIM118  # a data set gives elements, not tags
        raise damaged()
    texts = {keyword: value for keyword in KEYWORDS.values() if (value := _read_first(header, keyword))}
    spacings = [mm for tag in SPACINGS if (mm := number(header, BaseTag(tag))) and mm > 0]
    return QuickHeader(
        kind=DICOM.name,
        texts=texts,
        modality=known_modality(texts.get("Modality", "")),
        **_name_site(header),
        rows=_read_size(header, "Rows"),
        columns=_read_size(header, "Columns"),
        pixel_mm=spacings[0] if spacings else None,
    )


def _read_first(header: Dataset, keyword: str) -> str:
    """The first value of an element as one line."""
    return " ".join(next(iter(texts(header, keyword)), "").split())


def _read_size(header: Dataset, keyword: str) -> int | None:
    size = number(header, keyword)
    return None if size is None else int(size)
