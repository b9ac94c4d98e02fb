"""Write a planar scintigram as DICOM nuclear medicine, the same bytes for the same scan every time."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, NuclearMedicineImageStorage

from calcinet.errors import BadInput
from calcinet.image import Image
from calcinet.io.dicom.writer import Uids, decimal, say_who

COUNTS: Final = "{counts}"

MOST_COUNTS: Final = 65535
"""Highest stored value: 16 bits."""

EPOCH: Final = datetime(2000, 1, 1, 12)
"""Hour 0 of every written scan: the same scan gives the same bytes."""

VIEWS: Final = {"anterior": "Anterior", "posterior": "Posterior"}
"""Code Meaning of the view (CID 26)."""

DRUG: Final = "Technetium Tc99m medronate"
"""Written of every scan: phantoms are of bone."""


def write_scintigram(path: str | Path, image: Image, *, uid_seed: str = "calcinet") -> Path:
    """Write a whole-body scan of counts as one file with a frame for each view.

    The patient is PHANTOM. The scan begins `scanned_h` after a fixed hour.

    Raises
    ------
    BadInput
        If the pixels are no whole counts of 16 bits, or have no size.
    """
    counts = np.rint(image.pixels)
    if image.unit != COUNTS or image.spacing_mm is None or counts.max() > MOST_COUNTS or counts.min() < 0:
        raise BadInput("a scintigram is written from counts of 16 bits with a spacing")
    stored = counts.astype(np.uint16)
    uids = Uids(hashlib.sha256(uid_seed.encode() + stored.tobytes()).hexdigest())
    dataset = Dataset()
    say_who(dataset, uids)
    dataset.SOPClassUID, dataset.Modality = NuclearMedicineImageStorage, "NM"
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "WHOLE BODY", "EMISSION"]
    dataset.BodyPartExamined = "WHOLEBODY"
    _say_pixels(dataset, stored, image)
    _say_counting(dataset, image)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(Path(path), enforce_file_format=True)
    return Path(path)


def _say_pixels(dataset: Dataset, stored: np.ndarray[tuple[int, ...], np.dtype[np.uint16]], image: Image) -> None:
    frames, dataset.Rows, dataset.Columns = stored.shape
    dataset.NumberOfFrames = frames
    dataset.FrameIncrementPointer = [0x00540010, 0x00540020]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit, dataset.PixelRepresentation = 15, 0
    dataset.PixelSpacing = [decimal(mm) for mm in image.require_pixel_mm()]
    dataset.CountsAccumulated = int(stored.sum(dtype=np.int64))
    dataset.PixelData = stored.tobytes()
    dataset.EnergyWindowVector = [1] * frames if frames > 1 else 1
    dataset.DetectorVector = list(range(1, frames + 1)) if frames > 1 else 1
    dataset.NumberOfEnergyWindows, dataset.NumberOfDetectors = 1, frames


def _say_counting(dataset: Dataset, image: Image) -> None:
    emission = image.emission
    scanned = EPOCH + timedelta(hours=emission.scanned_h or 0.0)
    dataset.AcquisitionDate, dataset.AcquisitionTime = f"{scanned:%Y%m%d}", f"{scanned:%H%M%S}"
    views = [_named(VIEWS[view]) if view in VIEWS else Dataset() for view in emission.views]
    dataset.DetectorInformationSequence = Sequence(views)
    if emission.frame_s and emission.frame_s[0] is not None:
        dataset.ActualFrameDuration = round(1000 * emission.frame_s[0])
    drug = Dataset()
    drug.Radiopharmaceutical = DRUG
    if emission.dose_mbq is not None:
        drug.RadionuclideTotalDose = decimal(emission.dose_mbq)
    if emission.half_life_h is not None:
        drug.RadionuclideHalfLife = decimal(3600 * emission.half_life_h)
    if emission.hours_after_injection is not None:
        injected = scanned - timedelta(hours=emission.hours_after_injection)
        drug.RadiopharmaceuticalStartDateTime = f"{injected:%Y%m%d%H%M%S}"
    dataset.RadiopharmaceuticalInformationSequence = Sequence([drug])


def _named(view: str) -> Dataset:
    code, detector = Dataset(), Dataset()
    code.CodeMeaning = view
    detector.ViewCodeSequence = Sequence([code])
    return detector
