"""Write an image as a DICOM digital X-ray or mammogram, the same bytes for the same image every time."""

import hashlib
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    UID,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalMammographyXRayImageStorageForProcessing,
    DigitalXRayImageStorageForPresentation,
    DigitalXRayImageStorageForProcessing,
    ExplicitVRLittleEndian,
)

from calcinet.errors import BadInput
from calcinet.image import Image

LEVELS: Final = 65535
"""Highest stored value: 16 bits."""

WRITTEN_ON: Final = "20000101"
"""Date of every written study: the same image gives the same bytes."""

CLASSES: Final = {
    "DX": (DigitalXRayImageStorageForPresentation, DigitalXRayImageStorageForProcessing),
    "MG": (DigitalMammographyXRayImageStorageForPresentation, DigitalMammographyXRayImageStorageForProcessing),
}
"""SOP classes for presentation and for processing, by modality."""

CALIBRATION_TYPES: Final = {"calibrated": "FIDUCIAL", "corrected": "GEOMETRY"}
"""Pixel Spacing Calibration Type (0028,0A02), by the basis of a spacing."""

CODE_LENGTH: Final = 16
"""Characters of a code string (PS3.5 6.2)."""

Photometric = Literal["MONOCHROME1", "MONOCHROME2"]

Stored = NDArray[np.uint16]


def write_radiograph(
    path: str | Path, image: Image, *, photometric: Photometric = "MONOCHROME2", uid_seed: str = "calcinet"
) -> Path:
    """Write a projection image as DICOM DX or, a mammogram, as MG, 16 bits, its range stretched over all of them.

    For Processing with logarithmic values where the image is linear in attenuation, else For Presentation. The patient
    is PHANTOM. Reading the file back gives the same greys up to scale and offset.

    Parameters
    ----------
    path
        Where to; the folder must exist.
    image
        One slice, shape (1, Y, X).
    photometric
        MONOCHROME1 stores bone low, MONOCHROME2 stores bone high.
    uid_seed
        Same image and seed, same identifiers.
    """
    if photometric not in ("MONOCHROME1", "MONOCHROME2"):
        raise BadInput(f"photometric must be MONOCHROME1 or MONOCHROME2, got {photometric!r}")
    stored = _convert_greys(image, falling=photometric == "MONOCHROME1")
    uids = Uids(hashlib.sha256(uid_seed.encode() + stored.tobytes()).hexdigest())
    dataset = Dataset()
    say_who(dataset, uids)
    _say_what(dataset, image)
    _say_spacing(dataset, image)
    _put_pixels(dataset, stored, photometric)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(Path(path), enforce_file_format=True)
    return Path(path)


class Uids:
    """Identifiers derived from a hash, under the root 2.25 (PS3.5 B.2)."""

    def __init__(self, seed: str) -> None:
        self.seed = seed

    def of(self, what: str) -> UID:
        """The identifier of an object of what was hashed."""
        digits = int(hashlib.sha256(f"{self.seed}/{what}".encode()).hexdigest()[:32], 16)
        return UID(f"2.25.{digits}")


def _convert_greys(image: Image, *, falling: bool) -> Stored:
    """The greys stretched over all stored values; bone lowest where they fall."""
    plane = image.plane.astype(np.float64)
    low, high = float(plane.min()), float(plane.max())
    share = np.zeros_like(plane)
    if high > low:
        share = (plane - low) / (high - low)
    if falling:
        share = 1 - share
    return np.rint(share * LEVELS).astype(np.uint16)


def say_who(dataset: Dataset, uids: Uids) -> None:
    """Patient, study and series of what was generated."""
    dataset.PatientName, dataset.PatientID = "PHANTOM^CALCINET", "PHANTOM"
    dataset.PatientBirthDate, dataset.PatientSex = "", "O"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = uids.of("study"), uids.of("series")
    dataset.SOPInstanceUID = uids.of("image")
    dataset.StudyDate = dataset.ContentDate = dataset.AcquisitionDate = WRITTEN_ON
    dataset.StudyTime = dataset.ContentTime = dataset.AcquisitionTime = "000000"
    dataset.AccessionNumber = dataset.ReferringPhysicianName = dataset.StudyID = ""
    dataset.SeriesNumber = dataset.InstanceNumber = 1
    dataset.Manufacturer = "calcinet"


def _say_what(dataset: Dataset, image: Image) -> None:
    dataset.Modality = "DX"
    if image.modality == "MG":
        dataset.Modality = "MG"
    dataset.SOPClassUID = CLASSES[dataset.Modality][image.linear]
    dataset.PresentationIntentType = "FOR PRESENTATION"
    if image.linear:
        dataset.PresentationIntentType = "FOR PROCESSING"
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    dataset.DerivationDescription = "generated, not a patient"
    dataset.BodyPartExamined = ""
    if image.anatomy != "unknown":
        dataset.BodyPartExamined = image.anatomy.upper().replace(" ", "")[:CODE_LENGTH]
    dataset.ImageLaterality = image.laterality or "U"
    dataset.ViewPosition = image.view or ""
    dataset.PatientOrientation = ""
    dataset.BurnedInAnnotation = "NO"


def _say_spacing(dataset: Dataset, image: Image) -> None:
    """Elements that put the image back on the same rung of the ladder; a user's number becomes the detector's."""
    if image.pixel_mm is None:
        return
    pixel = [decimal(mm) for mm in image.pixel_mm]
    dataset.ImagerPixelSpacing = [decimal(mm * image.magnification) for mm in image.pixel_mm]
    if image.spacing_basis in CALIBRATION_TYPES:
        dataset.PixelSpacing = pixel
        dataset.PixelSpacingCalibrationType = CALIBRATION_TYPES[image.spacing_basis]
        dataset.PixelSpacingCalibrationDescription = "stated by the image that was written"


def decimal(mm: float) -> str:
    """A decimal string of at most 16 characters.

    >>> decimal(0.1)
    '0.1'
    """
    return f"{mm:.10g}"


def _put_pixels(dataset: Dataset, stored: Stored, photometric: str) -> None:
    dataset.Rows, dataset.Columns = stored.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, photometric
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.PixelIntensityRelationship = "LOG"
    dataset.PixelIntensityRelationshipSign, dataset.PresentationLUTShape = -1, "IDENTITY"
    if photometric == "MONOCHROME1":
        dataset.PixelIntensityRelationshipSign, dataset.PresentationLUTShape = 1, "INVERSE"
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
    dataset.WindowCenter, dataset.WindowWidth = 32768, 65536
    dataset.LossyImageCompression = "00"
    dataset.PixelData = stored.tobytes()
