"""DICOM headers read without trust: a broken value is absent, a broken file is a sentence."""

import logging
import math
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.filereader import read_partial
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from calcinet.errors import Unreadable
from calcinet.io.dicom.transfer_syntax import PIXEL_DATA, settle_syntax
from calcinet.io.inflation import inflate
from calcinet.limits import ELEMENTS, HEADER_BYTES, ITEMS
from calcinet.text import say

ITEM_TAGS: Final = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
"""What every item of a sequence begins with, in either byte order (PS3.5 7.5)."""

OVERLAY_GROUPS: Final = range(0x6000, 0x6020)
"""PS3.3 C.9.2."""

OVERLAY_BIT_POSITION: Final = 0x0102
"""Element of the overlay groups; above 0 the overlay shares the bits of the pixels (retired, PS3.5 8.1.2)."""


@contextmanager
def quiet() -> Iterator[list[warnings.WarningMessage]]:
    """Collect the warnings of the DICOM library instead of showing or logging them: they quote values, and so names."""
    log = logging.getLogger("pydicom")
    was_silent, log.disabled = log.disabled, True
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            yield heard
    finally:
        log.disabled = was_silent


class _AfterPixels:
    """Stops the parser once it has read the pixels: what follows is no image, and in many files no data set either."""

    def __init__(self) -> None:
        self._has_pixels = False

    def __call__(self, tag: BaseTag, vr: str | None, length: int) -> bool:
        """Whether the element that begins with `tag` is left out, with all after it."""
        del vr, length
        stop = self._has_pixels
        self._has_pixels = stop or tag == PIXEL_DATA
        return stop


def parse(data: bytes) -> FileDataset:
    """Read a DICOM file with or without preamble and file meta information, as far as its pixels.

    How the pixels are packed stands in its file meta information afterwards, whether the file states it or not.

    Raises
    ------
    Unreadable
        If the bytes do not make a data set.
    """
    _require_few_items(data)
    try:
        header = read_partial(_Guarded(data), _AfterPixels(), force=True)
        settle_syntax(header)
    except Unreadable:
        raise
    except Exception as error:  # a damaged file may fail anywhere in the parser
        raise damaged() from error
    if not len(header):  # the parser returns nothing at all where compressed pixels break off
        raise damaged()
    if len(header) > ELEMENTS.value:
        raise _refuse_crowd(say("{count} elements", count=len(header)), ELEMENTS.value)
    return header


def damaged() -> Unreadable:
    """The refusal of a file that ends before it should."""
    return Unreadable(
        say("found a DICOM file that is damaged or cut off: export it again from the archive"), code="truncated"
    )


class _Guarded(BytesIO):
    """A file of which the parser takes all the rest at once only where it is deflated, and then unpacks it."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on; what is about to be unpacked is looked at first."""
        data = super().read(size)
        if size is None or size < 0:
            _require_modest_deflation(data)
        return data


def _require_modest_deflation(data: bytes) -> None:
    """Refuse what would unpack to more than any radiograph."""
    try:
        _require_few_items(inflate(data, -zlib.MAX_WBITS, HEADER_BYTES))
    except (zlib.error, EOFError) as error:
        message = say("found a packed DICOM file that is damaged: export it again")
        raise Unreadable(message, code="truncated") from error


def _require_few_items(data: bytes) -> None:
    """Refuse more sequences than any image has: each item takes its time in the parser."""
    count = max(data.count(mark) for mark in ITEM_TAGS)
    if count > ITEMS.value:
        raise _refuse_crowd(say("{count} items of sequences", count=count), ITEMS.value)


def _refuse_crowd(found: str, most: int) -> Unreadable:
    message = say(
        "found a DICOM file of {found}; expected at most {most}: export it again from the archive",
        found=found,
        most=most,
    )
    return Unreadable(message, code="too-large")


def tag(header: Dataset, keyword: str | BaseTag) -> Any:
    """Value of an element; None where it is absent, empty or cannot be understood."""
    try:
        value = header.get(keyword)
        if isinstance(value, DataElement):  # by number the whole element comes
            value = value.value
    except Exception:  # a damaged value is as good as none, whatever the parser says about it
        return None
    if value is None or value == "":
        return None
    return value


def text(header: Dataset, keyword: str) -> str:
    """Value of an element as one stripped line; empty where there is none."""
    return " ".join(_write(tag(header, keyword)).split())


def words(header: Dataset, keyword: str) -> tuple[str, ...]:
    """Values of an element of several, upper case."""
    return tuple(value.upper() for value in texts(header, keyword))


def texts(header: Dataset, keyword: str) -> tuple[str, ...]:
    """Values of an element of several, stripped."""
    return tuple(_write(value).strip() for value in _split_values(tag(header, keyword), whole=(str, bytes, Dataset)))


def numbers(header: Dataset, keyword: str | BaseTag) -> tuple[float, ...]:
    """Finite numbers of an element, all of them or none; a decimal comma is read as the point that it stands for."""
    value = tag(header, keyword)
    if isinstance(value, str) and "\\" in value:
        value = value.split("\\")  # under a representation that has one value, as of unlimited text
    values = _split_values(value, whole=(str, bytes, Dataset))
    try:
        found = tuple(float(_write_point(value)) for value in values)
    except (TypeError, ValueError, ArithmeticError):
        return ()
    if not all(math.isfinite(value) for value in found):
        return ()
    return found


def _write_point(value: Any) -> Any:
    """A number written with a comma, as machines of some countries do, with the point of the standard (PS3.5 6.2 DS).

    >>> _write_point("0,15"), _write_point("0.3,0.3"), _write_point("1,000,000")
    ('0.15', '0.3,0.3', '1,000,000')
    """
    if isinstance(value, str) and value.count(",") == 1 and "." not in value:
        return value.replace(",", ".")
    return value


def _write(value: Any) -> str:
    """A value as text; empty where it is none: a sequence or bytes stand where the standard has text."""
    if value is None or isinstance(value, bytes | Dataset | Sequence):
        return ""
    try:
        return str(value)
    except Exception:  # names in a character set that does not exist
        return ""


def _split_values(value: Any, whole: tuple[type, ...]) -> list[Any]:
    """Values of an element of several; those of the types in `whole` are one although they can be iterated."""
    if value is None:
        return []
    if isinstance(value, whole) or not hasattr(value, "__iter__"):
        return [value]
    return list(value)


def number(header: Dataset, keyword: str | BaseTag) -> float | None:
    """The first finite number of an element, or None."""
    found = numbers(header, keyword)
    if not found:
        return None
    return found[0]


def items(header: Dataset, keyword: str) -> list[Dataset]:
    """Items of a sequence; none where it is absent or broken."""
    value = tag(header, keyword)
    try:
        return [item for item in value or () if isinstance(item, Dataset)]
    except Exception:  # a sequence that breaks off inside an item
        return []


def code_meanings(header: Dataset, keyword: str) -> list[str]:
    """Code Meaning of every item of a code sequence."""
    return [text(code, "CodeMeaning") for code in items(header, keyword)]


def overlay_keys(header: Dataset, element: int) -> list[BaseTag]:
    """Tags of one element in the overlay groups 6000 to 601E that the header has."""
    keys: list[BaseTag] = list(header.keys())
    return [key for key in keys if key.group in OVERLAY_GROUPS and key.element == element]
