"""The label map of a CT as NIfTI, for programs that look at volumes."""

import gzip
from typing import Final

import numpy as np

from calcinet.examined import ExaminedVolume

COMPRESSION: Final = 6
"""Our choice: a map of few marks is small at any level."""

SCANNER: Final = 1
UNKNOWN: Final = 0
"""NIfTI-1's codes of coordinates that are those of the scanner, and of arbitrary ones."""


def nifti(volume: ExaminedVolume) -> bytes:
    """Write the label map, gzipped, with the place of its voxels in the patient.

    Voxels are counted along X, Y, Z and lie in the patient by (right to left, back to front, feet to head) in mm, as
    NIfTI-1 has it; DICOM counts left and posterior positive. Where it is not known how the volume lies, the map
    does not say it either. The same marks give the same bytes.
    """
    from nibabel import Nifti1Image

    to_ras = np.diag([-1.0, -1.0, 1.0, 1.0]) @ volume.affine[:, [2, 1, 0, 3]]
    image = Nifti1Image(np.ascontiguousarray(volume.labels.transpose(2, 1, 0)), to_ras)
    frame = UNKNOWN
    if volume.oriented:
        frame = SCANNER
    image.set_sform(to_ras, frame)
    image.set_qform(to_ras, frame)
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = b"calcinet: 1 vessel, 2 net, 3 other calcium"
    return gzip.compress(image.to_bytes(), COMPRESSION, mtime=0)
