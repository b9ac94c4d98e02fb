"""What the decoder is told of a film's samples: as its stream has them, where the header says something else."""

from typing import Any, Final

from pydicom.dataset import Dataset
from pydicom.uid import JPEGBaseline8Bit

from calcinet.io.dicom.header import number, text
from calcinet.io.dicom.transfer_syntax import JPEG_2000, first_stream, read_frame_header

GREY: Final = "MONOCHROME2"

COLOUR: Final = "YBR_FULL"
"""Given for three components that a header takes for one: whether they are grey is looked at afterwards."""

COMPONENTS_2000: Final = slice(40, 42)
"""Where the number of components stands in a JPEG 2000 stream (ISO 15444-1 A.5.1)."""


def describe_samples(header: Dataset) -> dict[str, Any]:
    """Options that stand above the header's elements, by the names of `pydicom.pixels.pixel_array`."""
    stated = int(number(header, "SamplesPerPixel") or 1)
    count, bits = _read_stream(header)
    options: dict[str, Any] = {"photometric_interpretation": text(header, "PhotometricInterpretation").upper() or GREY}
    if count not in (0, stated):
        options |= _describe_components(count)
    elif stated > 1 and number(header, "PlanarConfiguration") is None:
        options["planar_configuration"] = 0
    if bits:
        options |= {"bits_allocated": bits, "bits_stored": bits}
    return options


def _describe_components(count: int) -> dict[str, Any]:
    if count == 1:
        return {"samples_per_pixel": 1, "photometric_interpretation": GREY}
    return {"samples_per_pixel": count, "photometric_interpretation": COLOUR, "planar_configuration": 0}


def _read_stream(header: Dataset) -> tuple[int, int]:
    """Components of a stream and, of JPEG of 8 bits, the bits of each; zeros where the header is taken at its word."""
    syntax = header.file_meta.TransferSyntaxUID
    if syntax == JPEGBaseline8Bit:
        _, bits, count = read_frame_header(first_stream(header.PixelData))
        return count, bits
    if syntax in JPEG_2000:
        return int.from_bytes(first_stream(header.PixelData)[COMPONENTS_2000], "big"), 0
    return 0, 0
