"""Decode JPEG or JPEG-LS in a process of its own: DICOM files on stdin, arrays as .npy on stdout.

Run as a script. GDCM ends the whole process on some damaged streams; here it takes nothing else with it.
"""

import os
import sys
from io import BytesIO
from typing import Any

import gdcm
import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.utils import pixel_array
from pydicom.uid import JPEGExtended12Bit

LENGTH_BYTES = 8
"""Before each file, its length, lowest byte first."""


def decode(film: Dataset) -> NDArray[Any]:
    """Stored values, shape (rows, columns) or (rows, columns, 3)."""
    if film.file_meta.TransferSyntaxUID == JPEGExtended12Bit and film.BitsStored > 8:
        return decode_twelve_bits(film)
    return np.asarray(pixel_array(film, raw=True, decoding_plugin="gdcm"))


def decode_twelve_bits(film: Dataset) -> NDArray[Any]:
    """Stored values of a 12-bit JPEG Extended film, which pydicom does not hand to GDCM."""
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((film.Columns, film.Rows, 1))
    image.SetPixelFormat(
        gdcm.PixelFormat(1, film.BitsAllocated, film.BitsStored, film.HighBit, film.PixelRepresentation)
    )
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(gdcm.PhotometricInterpretation.MONOCHROME2))
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGExtendedProcess2_4))
    image.SetDataElement(wrap_frame(film))
    stored = np.frombuffer(image.GetBuffer().encode("utf-8", "surrogateescape"), np.uint16)
    return stored.reshape(film.Rows, film.Columns)


def wrap_frame(film: Dataset) -> gdcm.DataElement:
    """The first packed frame as the Pixel Data element of GDCM."""
    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(next(generate_frames(film.PixelData, number_of_frames=1)))
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    return element


def main() -> None:
    """Answer every file on stdin, in order."""
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answer:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the decoder prints must not mix with the pixels
        while length := sys.stdin.buffer.read(LENGTH_BYTES):
            data = sys.stdin.buffer.read(int.from_bytes(length, "little"))
            array = BytesIO()
            np.save(array, decode(dcmread(BytesIO(data), force=True)))
            answer.write(array.getbuffer())


if __name__ == "__main__":
    main()
