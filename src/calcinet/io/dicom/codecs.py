"""Which decoder each DICOM transfer syntax goes to, and how its failures become one sentence."""

import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.utils import pixel_array
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
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
from calcinet.limits import DECODER_SECONDS
from calcinet.text import say

UNCOMPRESSED: Final[frozenset[str]] = frozenset(
    {ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian}
)
"""Pixels stored plainly, PS3.5 annex A."""

BY_GDCM: Final[frozenset[str]] = frozenset(
    {JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1, JPEGLSLossless, JPEGLSNearLossless}
)
"""Decoded by GDCM, in a process of its own."""

PLUGIN: Final[dict[str, str]] = {
    JPEGBaseline8Bit: "pillow",
    JPEG2000: "pylibjpeg",
    JPEG2000Lossless: "pylibjpeg",
    HTJ2KLossless: "pylibjpeg",
    HTJ2KLosslessRPCL: "pylibjpeg",
    HTJ2K: "pylibjpeg",
    RLELossless: "pydicom",
}
"""Decoded here, by decoders that survive damaged streams."""

_WORKER: Final = Path(__file__).with_name("gdcm_worker.py")


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
    syntax = str(getattr(getattr(header, "file_meta", None), "TransferSyntaxUID", ImplicitVRLittleEndian))
    try:
        if syntax in BY_GDCM:
            return _decode_in_child([data])[0]
        if PLUGIN.get(syntax) == "pylibjpeg":
            _require_own_size(header)
        return np.asarray(pixel_array(header, raw=True, decoding_plugin=PLUGIN.get(syntax, "")))
    except Exception as error:  # each of the decoders has its own ways to fail on damaged bytes
        raise _explain_failure(syntax) from error


def stored_pixels_of_several(syntax: str, files: Sequence[bytes]) -> list[NDArray[Any]]:
    """As `stored_pixels`, for files in a syntax of `BY_GDCM`, which then share the start of one process.

    Raises
    ------
    Unreadable
        If one of them cannot be decoded.
    """
    try:
        return _decode_in_child(files)
    except Exception as error:  # as above
        raise _explain_failure(syntax) from error


def _decode_in_child(files: Sequence[bytes]) -> list[NDArray[Any]]:
    """What the decoder makes of files in a process of its own."""
    command = [sys.executable, "-I", str(_WORKER)]
    given = b"".join(len(data).to_bytes(8, "little") + data for data in files)
    done = subprocess.run(command, input=given, capture_output=True, timeout=DECODER_SECONDS.value, check=True)
    if b"Corrupt JPEG data" in done.stderr:
        raise ValueError("the decoder went on past damaged data")
    answer = BytesIO(done.stdout)
    return [np.asarray(np.load(answer, allow_pickle=False)) for _ in files]


def _require_own_size(header: Dataset) -> None:
    """Refuse a JPEG 2000 stream whose own size is not the header's: it would be unpacked at whatever size it states."""
    frame = next(generate_frames(header.PixelData, number_of_frames=1))
    start = frame.find(b"\xff\x4f\xff\x51") + 8
    right, below, left, above = np.frombuffer(frame[start : start + 16], ">u4").tolist()
    if start < 8 or (below - above, right - left) != (header.Rows, header.Columns):
        raise ValueError("the stream and the header disagree about the size")


def _explain_failure(syntax: str) -> Unreadable:
    if syntax in UNCOMPRESSED:
        message = say("the pixels are cut off or do not fit the header: export the film again from the archive")
        return Unreadable(message, code="truncated")
    message = say(
        "the compressed pixels ({syntax}) cannot be decoded: it is damaged, or packed in a way that is not "
        "supported; export the film uncompressed",
        syntax=UID(syntax).name,
    )
    return Unreadable(message, code="cannot-decode")
