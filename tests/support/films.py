"""Films beside one another, and films packed by a codec."""

from pathlib import Path

import gdcm
import numpy as np

from calcinet.image import Image


def correlation(a: Image, b: Image) -> float:
    """Pearson's coefficient between the greys of two films."""
    return float(np.corrcoef(a.plane.ravel(), b.plane.ravel())[0, 1])


def compressed(path: Path, syntax: str) -> Path:
    """A copy of a DICOM film in a transfer syntax, as GDCM names it."""
    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, syntax)))
    change.SetInput(reader.GetImage())
    codec = gdcm.JPEGCodec()
    codec.SetLossless(False)
    codec.SetQuality(95)
    if "Extended" in syntax:
        change.SetUserCodec(codec)
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(path.with_suffix(".packed.dcm")))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    return path.with_suffix(".packed.dcm")
