"""Write a planar scintigram as DICOM nuclear medicine, the same bytes for the same scan every time."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, NuclearMedicineImageStorage

from calcinet.errors import BadInput
from calcinet.image import Emission, Image, Projection
from calcinet.io.dicom.writer import Uids, decimal, say_who

COUNTS: Final = "{counts}"

MOST_COUNTS: Final = 65535
"""Highest stored value: 16 bits."""

EPOCH: Final = datetime(2000, 1, 1, 12)
"""Hour 0 of every written scan: the same scan gives the same bytes."""

VIEWS: Final = {"anterior": "Anterior", "posterior": "Posterior"}
"""Code Meaning of the view (CID 26)."""

ENERGY_WINDOW_VECTOR: Final = 0x00540010

DETECTOR_VECTOR: Final = 0x00540020

DRUG: Final = "Technetium Tc99m medronate"
"""Drug of every written scan: phantoms are of bone."""

Stored = NDArray[np.uint16]


def write_scintigram(path: str | Path, image: Image, *, uid_seed: str = "calcinet") -> Path:
    """Write a whole-body scan of counts as one file with a frame for each view.

    The patient is PHANTOM. The scan begins `scanned_h` after a fixed hour.

    Raises
    ------
    BadInput
        If the pixels are no whole counts of 16 bits, or have no size.
    """
    counts = np.rint(image.pixels)
    is_counted = image.unit == COUNTS and image.spacing_mm is not None
    if not is_counted or counts.max() > MOST_COUNTS or counts.min() < 0:
        raise BadInput("a scintigram is written from counts of 16 bits with a spacing")
    stored = counts.astype(np.uint16)
    uids = Uids(hashlib.sha256(uid_seed.encode() + stored.tobytes()).hexdigest())
    dataset = Dataset()
    say_who(dataset, uids)
    dataset.SOPClassUID, dataset.Modality = NuclearMedicineImageStorage, "NM"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "WHOLE BODY", "EMISSION"]
    dataset.BodyPartExamined = "WHOLEBODY"
    _say_pixels(dataset, stored, image)
    _say_counting(dataset, image.emission)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(Path(path), enforce_file_format=True)
    return Path(path)


def _say_pixels(dataset: Dataset, stored: Stored, image: Image) -> None:
    frames, dataset.Rows, dataset.Columns = stored.shape
    dataset.NumberOfFrames = frames
    dataset.FrameIncrementPointer = [ENERGY_WINDOW_VECTOR, DETECTOR_VECTOR]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.PixelSpacing = [decimal(mm) for mm in image.require_pixel_mm()]
    dataset.CountsAccumulated = int(stored.sum(dtype=np.int64))
    dataset.PixelData = stored.tobytes()
    if frames > 1:
        dataset.EnergyWindowVector = [1] * frames
        dataset.DetectorVector = list(range(1, frames + 1))
    else:
        dataset.EnergyWindowVector = dataset.DetectorVector = 1
    dataset.NumberOfEnergyWindows, dataset.NumberOfDetectors = 1, frames


def _say_counting(dataset: Dataset, emission: Emission) -> None:
    scanned = EPOCH + timedelta(hours=emission.scanned_h or 0.0)
    dataset.AcquisitionDate, dataset.AcquisitionTime = f"{scanned:%Y%m%d}", f"{scanned:%H%M%S}"
    dataset.DetectorInformationSequence = Sequence([_describe_detector(view) for view in emission.views])
    if emission.frame_s and emission.frame_s[0] is not None:
        dataset.ActualFrameDuration = round(1000 * emission.frame_s[0])
    dataset.RadiopharmaceuticalInformationSequence = Sequence([_describe_drug(emission, scanned)])


def _describe_drug(emission: Emission, scanned: datetime) -> Dataset:
    drug = Dataset()
    drug.Radiopharmaceutical = DRUG
    if emission.dose_mbq is not None:
        drug.RadionuclideTotalDose = decimal(emission.dose_mbq)
    if emission.half_life_h is not None:
        drug.RadionuclideHalfLife = decimal(3600 * emission.half_life_h)
    if emission.hours_after_injection is not None:
        injected = scanned - timedelta(hours=emission.hours_after_injection)
        drug.RadiopharmaceuticalStartDateTime = f"{injected:%Y%m%d%H%M%S}"
    return drug


def _describe_detector(view: Projection) -> Dataset:
    """The item of a detector, with the code of its view where that has one."""
    detector = Dataset()
    if view in VIEWS:
        code = Dataset()
        code.CodeMeaning = VIEWS[view]
        detector.ViewCodeSequence = Sequence([code])
    return detector
