"""CT series that the intake tests write themselves: a leaning body of fat and muscle, with one bone off its middle."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, EnhancedCTImageStorage, ExplicitVRLittleEndian

SHAPE = (12, 40, 48)
"""Slices, rows, columns of the body below."""

AXIAL = (1, 0, 0, 0, 1, 0)


def body(shape: tuple[int, int, int] = SHAPE, seed: int = 0) -> np.ndarray:
    """HU in whole numbers, (Z, Y, X): no two slices alike, and no side like the other."""
    z, y, x = np.indices(shape, dtype=float)
    middle = [shape[1] * 0.5, shape[2] * 0.5]
    radius = np.hypot((y - middle[0]) / (shape[1] * 0.42), (x - middle[1]) / (shape[2] * 0.4))
    hu = np.select([radius < 0.7, radius < 1.0], [50.0, -100.0], -1000.0)
    bone = np.hypot(y - shape[1] * 0.62, x - shape[2] * 0.62 - z / 6) < 3
    hu[bone] = 700 + 20 * z[bone]
    hu += np.random.default_rng(seed).normal(0, 12, shape)
    return np.rint(np.clip(hu, -1024, 3071))


def header(**tags: Any) -> Dataset:
    """What every slice has, with the given elements set (None: without)."""
    dataset = Dataset()
    dataset.SOPClassUID, dataset.Modality = CTImageStorage, "CT"
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate, dataset.PatientSex = "Smith^Jane", "MRN7", "", "F"
    dataset.StudyDate, dataset.StudyTime = "20200101", "120000"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = UID("1.2.3"), UID("1.2.3.1")
    dataset.FrameOfReferenceUID, dataset.StudyID, dataset.SeriesNumber = UID("1.2.3.9"), "", 1
    dataset.ImageType, dataset.BodyPartExamined = ["ORIGINAL", "PRIMARY", "AXIAL"], "LEG"
    dataset.KVP, dataset.ConvolutionKernel, dataset.SliceThickness = 120, "B30f", 2.0
    dataset.ImageOrientationPatient, dataset.PixelSpacing = list(AXIAL), [0.8, 0.7]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = -1024, 1, "HU"
    changed(dataset, tags)
    return dataset


def changed(dataset: Dataset, tags: dict[str, Any]) -> None:
    for keyword, value in tags.items():
        if value is not None:
            setattr(dataset, keyword, value)
        elif keyword in dataset:
            delattr(dataset, keyword)


def slice_file(path: Path, hu: np.ndarray, position: Sequence[float], number: int, **tags: Any) -> Path:
    """Write one slice, rows as they are given."""
    dataset = header()
    dataset.ImagePositionPatient = [f"{mm:.6g}" for mm in position]
    dataset.Rows, dataset.Columns = hu.shape
    dataset.InstanceNumber = number
    changed(dataset, tags)
    dataset.SOPInstanceUID = UID(f"{dataset.SeriesInstanceUID}.{number}")
    signed = dataset.PixelRepresentation == 1
    stored = (hu - float(dataset.get("RescaleIntercept", -1024))) / float(dataset.get("RescaleSlope", 1))
    dataset.PixelData = np.rint(stored).astype("<i2" if signed else "<u2").tobytes()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)
    return path


def series(
    folder: Path,
    hu: np.ndarray,
    *,
    step: Sequence[float] = (0, 0, 2.0),
    start: Sequence[float] = (-10.0, -20.0, 100.0),
    names: Sequence[str] | None = None,
    leave_out: Sequence[int] = (),
    **tags: Any,
) -> Path:
    """Write a stack of slices, (slice, row, column), each `step` mm from the one before."""
    for index, plane in enumerate(hu):
        if index not in leave_out:
            position = np.add(start, np.multiply(step, index))
            name = names[index] if names is not None else f"slice{index}.dcm"
            slice_file(folder / name, plane, position, index + 1, **tags)
    return folder


SPACING_MM = (2.0, 0.8, 0.7)
"""Of the body, (Z, Y, X)."""

AFFINE = np.array([[0, 0, 0.7, -10], [0, 0.8, 0, -20], [2.0, 0, 0, 100], [0, 0, 0, 1]], dtype=float)
"""Of the body: voxel (Z, Y, X, 1) to (left, posterior, superior, 1)."""


def turned_series(
    folder: Path, hu: np.ndarray, order: Sequence[int], flips: Sequence[bool], names: Sequence[str], **tags: Any
) -> Path:
    """Write the body in slices that stand across any of its axes, each axis in either sense."""
    shape = [hu.shape[axis] for axis in order]
    source = np.flip(hu.transpose(order), [axis for axis in range(3) if flips[axis]])
    steps = [AFFINE[:3, axis] * (-1 if flips[place] else 1) for place, axis in enumerate(order)]
    start = AFFINE[:3, 3] - sum(steps[place] * (shape[place] - 1 if flips[place] else 0) for place in range(3))
    geometry = {
        "ImageOrientationPatient": [*_direction(steps[2]), *_direction(steps[1])],
        "PixelSpacing": [SPACING_MM[order[1]], SPACING_MM[order[2]]],
    }
    return series(folder, source, step=steps[0], start=start, names=names, **geometry, **tags)


def _direction(step: np.ndarray) -> list[float]:
    return [float(part) for part in step / np.linalg.norm(step)]


def multi_frame(path: Path, hu: np.ndarray, order: Sequence[int] | None = None, **tags: Any) -> Path:
    """Write the body as one Enhanced CT, its frames in any order."""
    dataset = header()
    for keyword in ("ImageOrientationPatient", "PixelSpacing", "RescaleSlope", "RescaleIntercept", "RescaleType"):
        delattr(dataset, keyword)
    for keyword in ("KVP", "ConvolutionKernel", "SliceThickness"):
        delattr(dataset, keyword)
    order = range(len(hu)) if order is None else order
    dataset.SOPClassUID, dataset.SOPInstanceUID = EnhancedCTImageStorage, UID("1.2.3.7")
    dataset.Rows, dataset.Columns, dataset.NumberOfFrames = hu.shape[1], hu.shape[2], len(hu)
    dataset.SharedFunctionalGroupsSequence = [
        _group(
            PixelMeasuresSequence={"PixelSpacing": [0.8, 0.7], "SliceThickness": 2.0},
            PlaneOrientationSequence={"ImageOrientationPatient": list(AXIAL)},
            CTReconstructionSequence={"ConvolutionKernel": "B30f"},
            CTXRayDetailsSequence={"KVP": 120},
        )
    ]
    dataset.PerFrameFunctionalGroupsSequence = [
        _group(
            PlanePositionSequence={"ImagePositionPatient": [-10, -20, 100 + 2.0 * index]},
            PixelValueTransformationSequence={
                "RescaleSlope": 1,
                "RescaleIntercept": -1024 - index,
                "RescaleType": "HU",
            },
        )
        for index in order
    ]
    changed(dataset, tags)
    dataset.PixelData = b"".join((hu[index] + 1024 + index).astype("<u2").tobytes() for index in order)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(path, enforce_file_format=True)
    return path


def _group(**sequences: dict[str, Any]) -> Dataset:
    group = Dataset()
    for keyword, elements in sequences.items():
        item = Dataset()
        changed(item, elements)
        setattr(group, keyword, [item])
    return group
