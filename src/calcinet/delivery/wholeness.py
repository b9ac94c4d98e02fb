"""Whether a DICOM object is whole: it says what it is, and nothing of it is cut off."""

import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from pydicom.config import IGNORE
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.encaps import parse_fragments
from pydicom.filereader import data_element_generator
from pydicom.pixels.utils import get_expected_length
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    JPEG2000TransferSyntaxes,
    JPEGLSTransferSyntaxes,
    JPEGTransferSyntaxes,
    RLETransferSyntaxes,
)

from calcinet.errors import BadInput
from calcinet.limits import HEADER_BYTES

PREAMBLE: Final = 128
MAGIC: Final = b"DICM"
"""How a DICOM file begins (PS3.10 7.1)."""

META_GROUP: Final = 0x0002
UNDEFINED: Final = 0xFFFFFFFF
"""Length of what is ended by a delimiter (PS3.5 7.1.1)."""

DELIMITERS: Final = (b"\xfe\xff\xdd\xe0", b"\xff\xfe\xe0\xdd")
"""Sequence Delimitation Item, little and big endian (PS3.5 7.5)."""

DELIMITER_BYTES: Final = 8

PIXELS: Final = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")

NEEDS: Final = {
    "Image Storage": PIXELS,
    "Image Storage - For Presentation": PIXELS,
    "Image Storage - For Processing": PIXELS,
    "Segmentation Storage": PIXELS,
    "SR Storage": ("ContentSequence",),
    "Text SR Storage": ("ContentSequence",),
    "Encapsulated PDF Storage": ("EncapsulatedDocument",),
}
"""Ends of names of SOP Classes, and one of which elements each must hold: they lie near the end of the object, so that
one that is cut between two elements lacks them (PS3.3 A)."""

ONE_FRAGMENT_A_FRAME: Final = frozenset(
    (*JPEGTransferSyntaxes, *JPEGLSTransferSyntaxes, *JPEG2000TransferSyntaxes, *RLETransferSyntaxes)
)
"""Each frame has at least one fragment of its own (PS3.5 A.4); a video keeps all frames in one."""

MAKE_AGAIN: Final = "it is not sent; make it again, or copy it again from where it is whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What an object says that it is."""

    uid: UID
    """SOP Instance UID."""
    sop_class: UID
    syntax: UID
    """Transfer syntax."""
    study: str
    """Study Instance UID."""
    series: str = ""
    """Series Instance UID."""
    expected: int | None = None
    """Objects of its study (Number of Study Related Instances), where it says so."""

    @property
    def kind(self) -> tuple[str, str]:
        """SOP Class UID and Transfer Syntax UID."""
        return str(self.sop_class), str(self.syntax)

    @property
    def kind_name(self) -> str:
        """Name of its SOP Class; one that is not of the standard has none."""
        if self.sop_class.is_private or self.sop_class.name == self.sop_class:
            return "of a private kind"
        return str(self.sop_class.name).removesuffix(" Storage")


class NotWhole(BadInput):
    """An object that is none, or not whole; `uid` is its SOP Instance UID where it has a valid one."""

    def __init__(self, message: str, uid: str = "") -> None:
        super().__init__(message)
        self.uid = uid


def read_instance(content: bytes) -> Instance:
    """Read what an object is, and make sure that it is whole.

    Raises
    ------
    NotWhole
        If the bytes are no DICOM file, lack what every object has, or end too early.
    """
    if content[PREAMBLE : PREAMBLE + len(MAGIC)] != MAGIC:
        raise NotWhole("found a file that is no DICOM object: only whole DICOM objects are sent")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library quotes values of the object
        return _read_described(content)


def is_identifier(text: str) -> bool:
    """Whether a text is a UID (PS3.5 9.1).

    >>> is_identifier("1.2.840"), is_identifier("somebody")
    (True, False)
    """
    return UID(text, IGNORE).is_valid


def _read_described(content: bytes) -> Instance:
    try:
        syntax, dataset = _read_elements(content)
    except NotWhole:
        raise
    except Exception as error:  # a damaged file may fail anywhere in the parser
        raise NotWhole(f"found a DICOM object that is cut off or damaged: {MAKE_AGAIN}") from error
    uid = _read_uid(dataset, "SOPInstanceUID")
    if not uid.is_valid:
        raise NotWhole("found a DICOM object without a valid SOP Instance UID: it is not sent")
    try:
        sop_class = _require_identity(dataset)
        _require_content(dataset, sop_class, syntax)
    except NotWhole as error:
        raise NotWhole(f"{error}: {MAKE_AGAIN}", uid) from None
    except Exception as error:  # a number that is none, a value of another kind
        raise NotWhole(f"its pixels are not described in a way that can be read: {MAKE_AGAIN}", uid) from error
    return Instance(
        uid=uid,
        sop_class=sop_class,
        syntax=syntax,
        study=str(_read_uid(dataset, "StudyInstanceUID")),
        series=str(_read_uid(dataset, "SeriesInstanceUID")),
        expected=_read_count(dataset, "NumberOfStudyRelatedInstances"),
    )


def _read_elements(content: bytes) -> tuple[UID, Dataset]:
    """Transfer syntax and elements, up to the last byte."""
    stream = BytesIO(content)
    stream.seek(PREAMBLE + len(MAGIC))
    meta = Dataset({element.tag: element for element in data_element_generator(stream, False, True, _is_past_meta)})
    syntax = _read_uid(meta, "TransferSyntaxUID")
    if not syntax.is_valid:
        raise NotWhole("found a DICOM object that does not say how it is encoded (Transfer Syntax UID): it is not sent")
    if syntax == DeflatedExplicitVRLittleEndian:
        stream = BytesIO(_unpack_deflated(stream.read()))
    end, elements = stream.tell(), {}
    for element in data_element_generator(stream, *_read_encoding(syntax)):
        end, elements[element.tag] = stream.tell(), element
        _require_end(element, stream.getbuffer()[end - DELIMITER_BYTES : end])
    stream.seek(end)
    if stream.read().strip(b"\0"):
        raise NotWhole(f"found a DICOM object that is cut off inside an element: {MAKE_AGAIN}")
    return syntax, Dataset(elements)


def _is_past_meta(tag: Any, *_: object) -> bool:
    return bool(tag.group != META_GROUP)


def _read_encoding(syntax: UID) -> tuple[bool, bool]:
    """Whether VRs are implicit and bytes little endian; a private syntax is as most are (PS3.5 A.4)."""
    if not syntax.is_transfer_syntax:
        return False, True
    return syntax.is_implicit_VR, syntax.is_little_endian


def _unpack_deflated(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    content = unpacking.decompress(packed, HEADER_BYTES.value)
    if not unpacking.eof:
        raise NotWhole(
            f"found a deflated DICOM object that is cut off, or larger than {HEADER_BYTES.value:,} bytes unpacked: it"
            " is not sent"
        )
    return content


def _require_end(element: Any, last: memoryview) -> None:
    """Refuse an element that ends after the file; its `last` eight bytes are the delimiter where it has no length."""
    if isinstance(element, RawDataElement) and element.length != UNDEFINED:
        whole = len(element.value or b"") == element.length
    else:
        whole = len(last) == DELIMITER_BYTES and bytes(last[:4]) in DELIMITERS
    if not whole:
        raise NotWhole(f"found a DICOM object that is cut off inside an element: {MAKE_AGAIN}")


def _read_uid(dataset: Dataset, keyword: str) -> UID:
    """An identifier; empty where it is absent or no single one."""
    value = dataset.get(keyword)
    if not isinstance(value, str):
        return UID("")
    return UID(value)


def _read_count(dataset: Dataset, keyword: str) -> int | None:
    """A number of things; None where it is absent or none."""
    try:
        count = int(dataset.get(keyword) or 0)
    except (TypeError, ValueError):
        return None
    return count if count > 0 else None


def _require_identity(dataset: Dataset) -> UID:
    """The SOP Class of an object that has what every object has (PS3.3 A.1, C.7.2.1, C.7.3.1, C.12.1)."""
    sop_class = _read_uid(dataset, "SOPClassUID")
    if not sop_class.is_valid:
        raise NotWhole("it does not say what it is (SOP Class UID)")
    for keyword, name in (("StudyInstanceUID", "study"), ("SeriesInstanceUID", "series")):
        if not _read_uid(dataset, keyword):
            raise NotWhole(f"it does not say which {name} it belongs to ({keyword})")
    return sop_class


def _require_content(dataset: Dataset, sop_class: UID, syntax: UID) -> None:
    """Refuse an object without what makes it one of its class, or with fewer pixels than it says."""
    held = [keyword for keyword in PIXELS if keyword in dataset]
    if held:
        _require_pixels(dataset, held[0], syntax)
    for end, keywords in NEEDS.items():
        if sop_class.name.endswith(end) and not any(keyword in dataset for keyword in keywords):
            raise NotWhole(f"it is cut off: a {sop_class.name} holds {keywords[0]}, and this one does not")


def _require_pixels(dataset: Dataset, keyword: str, syntax: UID) -> None:
    element = dataset.get_item(keyword)
    if element is None or not isinstance(element, RawDataElement):
        raise NotWhole("its pixels cannot be read")
    value: bytes = element.value or b""
    if element.length == UNDEFINED:
        return _require_fragments(value, int(dataset.get("NumberOfFrames") or 1), syntax)
    if syntax.is_transfer_syntax and syntax.is_encapsulated:
        raise NotWhole("its pixels are not compressed as its transfer syntax says")
    expected = get_expected_length(dataset)
    if len(value) < expected:
        raise NotWhole(f"it is cut off: its pixels have {len(value):,} bytes, {expected:,} were expected")
    return None


def _require_fragments(value: bytes, frames: int, syntax: UID) -> None:
    """Refuse compressed pixels whose last fragment is cut, or that are fewer than the frames."""
    count, offsets = parse_fragments(value)
    last = offsets[-1]
    if last + 8 + int.from_bytes(value[last + 4 : last + 8], "little") != len(value):
        raise NotWhole("it is cut off inside its compressed pixels")
    if syntax in ONE_FRAGMENT_A_FRAME and count - 1 < frames:
        raise NotWhole(f"it is cut off: {frames} frames were expected, its pixels have {count - 1} fragments")
