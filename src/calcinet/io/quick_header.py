"""What a header says of a film, without its pixels and at the speed of a disc: for an archive of many films.

The first bytes of a file are parsed as far as its pixel size, and of that no more is decoded than is asked for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import data_element_generator
from pydicom.tag import BaseTag, Tag
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian, ImplicitVRLittleEndian

from calcinet.errors import Unreadable
from calcinet.io.dicom.body_site import site_of
from calcinet.io.dicom.defined_terms import known_modality
from calcinet.io.dicom.header import damaged, number, parse, quiet, text
from calcinet.io.file_formats import DICOM, format_of
from calcinet.io.file_signatures import DICOM_MAGIC, HEAD_BYTES, PREAMBLE_BYTES, is_dicom, is_zip, not_an_image
from calcinet.io.refusal import refuse_unforeseen

FIRST_READ: Final = 8192
"""Bytes that are read of a file at first. Our choice: the headers of nearly all films end before, and a disc gives
two blocks as fast as one."""

SECOND_READ: Final = 1 << 20
"""Bytes where the first did not reach. Our choice: private elements of some makers fill hundreds of kilobytes."""

LAST_TAG: Final = Tag(0x0028, 0x0030)
"""Pixel Spacing, the last element that is asked for."""

META_GROUP: Final = 0x0002
TRANSFER_SYNTAX: Final = Tag(0x0002, 0x0010)

KEYWORDS: Final[dict[int, str]] = {
    Tag(0x0008, 0x0018): "SOPInstanceUID",
    Tag(0x0008, 0x0020): "StudyDate",
    Tag(0x0008, 0x0021): "SeriesDate",
    Tag(0x0008, 0x0022): "AcquisitionDate",
    Tag(0x0008, 0x0060): "Modality",
    Tag(0x0008, 0x0070): "Manufacturer",
    Tag(0x0008, 0x1090): "ManufacturerModelName",
    Tag(0x0010, 0x0010): "PatientName",
    Tag(0x0010, 0x0020): "PatientID",
    Tag(0x0010, 0x0021): "IssuerOfPatientID",
    Tag(0x0010, 0x0030): "PatientBirthDate",
    Tag(0x0010, 0x0040): "PatientSex",
    Tag(0x0010, 0x1010): "PatientAge",
    Tag(0x0020, 0x000D): "StudyInstanceUID",
    Tag(0x0020, 0x000E): "SeriesInstanceUID",
}
"""Elements that are repeated as text."""

ROWS: Final = Tag(0x0028, 0x0010)
COLUMNS: Final = Tag(0x0028, 0x0011)
"""Whole numbers of two bytes."""

SITE: Final = frozenset(
    Tag(keyword)
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

SPACINGS: Final = (Tag(0x0018, 0x1164), LAST_TAG)
"""Imager Pixel Spacing, Pixel Spacing."""

WANTED: Final = frozenset({*KEYWORDS, ROWS, COLUMNS, *SITE, *SPACINGS})

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
        If the file is none that is examined, is empty, or its header breaks off.
    """
    with refuse_unforeseen():
        head = load(FIRST_READ)
        format_ = format_of(head[:HEAD_BYTES])
        if format_ is None and is_zip(head):
            raise Unreadable("found a zip that is not called so: give it the suffix .zip", code="not-an-image")
        if format_ is None:
            raise not_an_image(head[:HEAD_BYTES])
        if format_ is not DICOM:
            return QuickHeader(kind=format_.name, texts={})
        with quiet():
            return _read_dicom(head, load)


def _read_dicom(head: bytes, load: Load) -> QuickHeader:
    for more in (SECOND_READ, None):
        found = _scan(head)
        if found is not None:
            return _describe(found)
        if len(head) < FIRST_READ:
            break
        head = load(more)
    return _describe_parsed(parse(load(None)))


def _scan(head: bytes) -> dict[BaseTag, RawDataElement | DataElement] | None:
    """The elements that are asked for; None where they are not all within these bytes, or are packed otherwise."""
    if not is_dicom(head):
        return None
    stream = BytesIO(head)
    stream.seek(PREAMBLE_BYTES + len(DICOM_MAGIC))
    reached: list[BaseTag] = []

    def stop_after_meta(tag: BaseTag, vr: str | None, length: int) -> bool:
        del vr, length
        return int(tag) >> 16 != META_GROUP

    def stop_after_last(tag: BaseTag, vr: str | None, length: int) -> bool:
        del vr, length
        is_behind = int(tag) > int(LAST_TAG)
        if is_behind:
            reached.append(tag)
        return is_behind

    try:
        meta = {one.tag: one for one in data_element_generator(stream, False, True, stop_when=stop_after_meta)}
        syntax = _decode(meta.get(TRANSFER_SYNTAX))
        if syntax in ("", DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian):
            return None
        elements = data_element_generator(stream, syntax == ImplicitVRLittleEndian, True, stop_when=stop_after_last)
        found = {one.tag: one for one in elements if one.tag in WANTED}
    except Exception:  # a damaged file may fail anywhere in the parser; it is parsed whole, and then refused
        return None
    return found if reached else None


def _decode(element: RawDataElement | DataElement | None) -> str:
    """The first value of an element as one line; letters outside ASCII stand for themselves in a hash alone."""
    if element is None or not isinstance(element.value, bytes):
        return ""
    value = element.value.partition(b"\\")[0].decode("latin-1")
    return " ".join(value.replace("\0", " ").split())


def _describe(found: dict[BaseTag, Any]) -> QuickHeader:
    texts = {keyword: value for tag, keyword in KEYWORDS.items() if (value := _decode(found.get(BaseTag(tag))))}
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


def _find_site(site: dict[BaseTag, Any]) -> dict[str, Any]:
    """Body part, side and view in our words; what the same bytes say is worked out once."""
    values = [one.value for one in site.values()]
    if all(isinstance(value, bytes) and not value.startswith(ITEM) for value in values):
        return _find_site_of(tuple((int(tag), one.value) for tag, one in sorted(site.items())))
    return _name_site(Dataset(dict(site)))


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


def _decode_spacing(found: dict[BaseTag, Any]) -> float | None:
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
    if all(tag <= LAST_TAG for tag in header.keys()):  # noqa: SIM118  # a data set gives elements, not tags
        raise damaged()
    texts = {keyword: value for keyword in KEYWORDS.values() if (value := text(header, keyword))}
    spacings = [mm for tag in SPACINGS if (mm := number(header, tag)) and mm > 0]
    return QuickHeader(
        kind=DICOM.name,
        texts=texts,
        modality=known_modality(texts.get("Modality", "")),
        **_name_site(header),
        rows=_read_size(header, "Rows"),
        columns=_read_size(header, "Columns"),
        pixel_mm=spacings[0] if spacings else None,
    )


def _read_size(header: Dataset, keyword: str) -> int | None:
    size = number(header, keyword)
    return None if size is None else int(size)
