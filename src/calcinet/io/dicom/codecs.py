"""Which decoder each DICOM transfer syntax goes to, and how its failures become one sentence."""

from io import BytesIO
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.utils import pixel_array
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from calcinet.errors import Unreadable
from calcinet.io.decoder import decode
from calcinet.io.dicom.header import parse
from calcinet.io.dicom.sample_layout import describe_samples
from calcinet.io.dicom.transfer_syntax import PLAIN
from calcinet.io.file_signatures import HEAD_BYTES
from calcinet.io.inflation import is_bomb
from calcinet.text import say

PLUGIN: Final[dict[str, str]] = {
    JPEGBaseline8Bit: "pillow",
    JPEGExtended12Bit: "gdcm",
    JPEGLossless: "gdcm",
    JPEGLosslessSV1: "gdcm",
    JPEGLSLossless: "gdcm",
    JPEGLSNearLossless: "gdcm",
    JPEG2000: "pylibjpeg",
    JPEG2000Lossless: "pylibjpeg",
    HTJ2KLossless: "pylibjpeg",
    HTJ2KLosslessRPCL: "pylibjpeg",
    HTJ2K: "pylibjpeg",
    RLELossless: "pydicom",
}
"""Decoder of packed pixels; all of them work in a process of their own."""

WHOLE_CELLS: Final = {"correct_unused_bits": False, "allow_excess_frames": False}
"""For the decoder: bits beside the values stay, and what follows the pixels is no further frame."""


def stored_pixels(header: Dataset, data: bytes) -> NDArray[Any]:
    """Stored values of one film, shape (rows, columns) or (rows, columns, samples).

    Parameters
    ----------
    header
        The parsed file.
    data
        The file itself.

    Raises
    ------
    Unreadable
        If the pixels are cut off, damaged, or packed in a way that cannot be decoded.
    """
    syntax = str(header.file_meta.TransferSyntaxUID)
    try:
        if syntax in PLAIN:
            return np.asarray(pixel_array(header, raw=True, **_list_options(header)))
        return _decode_packed(header, data, syntax)
    except Exception as error:  # each of the decoders has its own ways to fail on damaged bytes
        raise _explain_failure(syntax) from error


def _decode_packed(header: Dataset, data: bytes, syntax: str) -> NDArray[Any]:
    """What the decoder of a syntax makes of a file in a process of its own."""
    plugin = PLUGIN[syntax]
    if plugin == "pylibjpeg":
        _require_own_size(header)
    _require_inflation(header)
    twelve_bits = syntax == JPEGExtended12Bit and header.BitsStored > 8
    pixels = header.Rows * header.Columns * int(header.get("NumberOfFrames") or 1)
    data = _state_syntax(syntax, data)
    asked = {"plugin": plugin, "twelve_bits": twelve_bits, "pixels": pixels, "options": _list_options(header)}
    return decode("DICOM", data, **asked).samples


def _list_options(header: Dataset) -> dict[str, Any]:
    return {**WHOLE_CELLS, **describe_samples(header)}


def _state_syntax(syntax: str, data: bytes) -> bytes:
    """A file that says how it is packed: the same bytes, where it does."""
    if syntax.encode() in data[:HEAD_BYTES]:
        return data
    stream = BytesIO()
    dcmwrite(stream, parse(data))
    return stream.getvalue()


def _require_inflation(header: Dataset) -> None:
    """Refuse pixels that would become many times more than noise can be packed to."""
    samples = int(header.get("SamplesPerPixel") or 1) * int(header.get("NumberOfFrames") or 1)
    unpacked = header.Rows * header.Columns * samples * -(-int(header.BitsAllocated) // 8)
    if is_bomb(len(header.PixelData), unpacked):
        raise ValueError("more than any picture packs to")


def _require_own_size(header: Dataset) -> None:
    """Refuse a JPEG 2000 stream whose own size is not the header's: it would be unpacked at whatever size it states."""
    frame = next(generate_frames(header.PixelData, number_of_frames=1))
    start = frame.find(b"\xff\x4f\xff\x51") + 8
    right, below, left, above = np.frombuffer(frame[start : start + 16], ">u4").tolist()
    if start < 8 or (below - above, right - left) != (header.Rows, header.Columns):
        raise ValueError("the stream and the header disagree about the size")


def _explain_failure(syntax: str) -> Unreadable:
    if syntax in PLAIN:
        message = say("the pixels are cut off or do not fit the header: export the film again from the archive")
        return Unreadable(message, code="truncated")
    name = UID(syntax).name
    if name == syntax:  # none that the standard knows: whatever else stands there is repeated nowhere
        name = say("in a way that the standard does not know")
    message = say(
        "the compressed pixels ({syntax}) cannot be decoded: it is damaged, or packed in a way that is not "
        "supported; export the film uncompressed",
        syntax=name,
    )
    return Unreadable(message, code="cannot-decode")
