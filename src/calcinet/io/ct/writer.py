"""Write a volume as a DICOM CT series, one file a slice, the same bytes for the same volume every time."""

import hashlib
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from calcinet.arrays import Floats
from calcinet.errors import BadInput
from calcinet.image import Acquisition, Image
from calcinet.io.dicom.writer import Uids, decimal, say_who

HOUNSFIELD: Final = "[hnsf'U]"

STORED_RANGE: Final = (-32768, 32767)
"""Lowest and highest number of 16 bits with a sign."""


def write_ct(folder: str | Path, image: Image, *, uid_seed: str = "calcinet") -> list[Path]:
    """Write a CT as slices of 16 bits in Hounsfield units, numbered from the head down as scanners do.

    The patient is PHANTOM, lying on the back. Without an affine the first voxel lies in the origin.

    Parameters
    ----------
    folder
        Where to; it must exist.
    image
        In Hounsfield units, shape (Z, Y, X), with a spacing; axes along those of the patient.
    uid_seed
        Same volume and seed, same identifiers.

    Returns
    -------
    list of Path
        One a slice, from the feet upwards.

    Raises
    ------
    BadInput
        If the image is no CT with a spacing.
    """
    if image.unit != HOUNSFIELD or image.spacing_mm is None:
        raise BadInput(f"a CT series is written from Hounsfield units with a spacing, got {image.unit}")
    stored = np.clip(np.rint(image.pixels), *STORED_RANGE).astype(np.int16)
    uids = Uids(hashlib.sha256(uid_seed.encode() + stored.tobytes()).hexdigest())
    origin = np.zeros(3)
    if image.affine is not None:
        origin = image.affine[:3, 3]
    written = []
    for z, plane in enumerate(stored):
        place = origin + np.array([0.0, 0.0, z * image.spacing_mm[0]])
        path = Path(folder) / f"slice-{z + 1:04d}.dcm"
        _write_slice(image, plane, uids, z, place).save_as(path, enforce_file_format=True)
        written.append(path)
    return written


def _write_slice(image: Image, plane: NDArray[np.int16], uids: Uids, z: int, place: Floats) -> Dataset:
    dataset = Dataset()
    say_who(dataset, uids)
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, uids.of(f"slice-{z}")
    dataset.FrameOfReferenceUID, dataset.PositionReferenceIndicator = uids.of("frame"), ""
    dataset.Modality, dataset.ImageType = "CT", ["DERIVED", "PRIMARY", "AXIAL"]
    dataset.DerivationDescription = "generated, not a patient"
    dataset.PatientPosition, dataset.InstanceNumber = "HFS", image.pixels.shape[0] - z
    _put_anatomy(dataset, image)
    _put_geometry(dataset, image, place)
    _put_acquisition(dataset, image.acquisition)
    _put_pixels(dataset, plane)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


def _put_anatomy(dataset: Dataset, image: Image) -> None:
    dataset.BodyPartExamined = ""
    if image.anatomy != "unknown":
        dataset.BodyPartExamined = image.anatomy.upper().replace(" ", "")[:16]
    if image.laterality in ("L", "R"):
        dataset.Laterality = image.laterality


def _put_geometry(dataset: Dataset, image: Image, place: Floats) -> None:
    spacing_mm = image.require_spacing_mm()
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.ImagePositionPatient = [decimal(mm) for mm in place]
    dataset.SliceLocation = decimal(place[2])
    dataset.PixelSpacing = [decimal(mm) for mm in spacing_mm[1:]]
    dataset.SliceThickness = decimal(image.acquisition.slice_thickness_mm or spacing_mm[0])


def _put_acquisition(dataset: Dataset, acquisition: Acquisition) -> None:
    dataset.KVP = ""
    if acquisition.kvp is not None:
        dataset.KVP = decimal(acquisition.kvp)
    dataset.ConvolutionKernel = acquisition.kernel or ""
    if acquisition.contrast:
        dataset.ContrastBolusAgent = "CONTRAST"


def _put_pixels(dataset: Dataset, plane: NDArray[np.int16]) -> None:
    dataset.Rows, dataset.Columns = plane.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 1
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "HU"
    dataset.PixelData = plane.tobytes()
