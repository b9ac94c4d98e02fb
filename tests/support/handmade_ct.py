"""One small CT made by hand: two legs of fat, muscle and bone, with calcium of every compartment in known voxels."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from calcinet.examined import ExaminedImage, ExaminedVolume, LoadedImage
from calcinet.image import Image
from calcinet.io.dicom.source_header import copy_source_header
from calcinet.mask_labels import MASK_LABELS
from calcinet.protocols.ct.meanings import MEANINGS
from calcinet.record import (
    CtArtery,
    CtRecord,
    CtScore,
    FindingRecord,
    ImageRecord,
    ModelRecord,
    NotMeasured,
    Record,
    Summary,
)
from calcinet.report.dicom.source_reference import SourcedImage

SHAPE = (80, 100, 200)
SPACING = (3.0, 1.5, 1.4)
CORNER = (-139.0, -80.0, -700.0)
"""Left, posterior, superior of the first voxel's middle, in mm."""

CENTRES = {"R": (50, 55), "L": (50, 145)}
"""Row and column of the middle of a leg."""

ARTERY_HU, MUSCLE_HU, SKIN_HU, NET_HU = 900.0, 500.0, 350.0, 300.0

LEVELS = {"L": "lower leg", "R": "lower leg"}


def affine() -> NDArray[np.float64]:
    """Voxel (Z, Y, X, 1) to (left, posterior, superior, 1)."""
    made = np.zeros((4, 4))
    made[0, 2], made[1, 1], made[2, 0], made[3, 3] = SPACING[2], SPACING[1], SPACING[0], 1
    made[:3, 3] = CORNER
    return made


@cache
def voxels() -> dict[str, NDArray[np.intp]]:
    """Voxels (Z, Y, X) of each finding: an artery of the left leg, a net on the right, a lump, a grain in the skin."""
    grid = np.indices(SHAPE)
    z, y, x = grid
    across = 145 + np.rint(4 * np.sin(z / 12))
    masks = {
        "f1": (abs(y - 63) <= 1) & (abs(x - across) <= 1) & (z >= 10) & (z < 70),
        "f2": (y == 27) & (z >= 20) & (z <= 44) & (abs(x - 55) <= 10) & ((z % 6 == 2) | ((x - 45) % 5 == 0)),
        "f3": (z - 40) ** 2 * 4 + (y - 40) ** 2 + (x - 40) ** 2 <= 16,
        "f4": (z == 30) & (abs(y - 25) <= 1) & (abs(x - 145) <= 1),
    }
    return {key: np.argwhere(mask) for key, mask in masks.items()}


@cache
def hounsfield() -> NDArray[np.float32]:
    """Air, two legs of fat round muscle round a bone with marrow, a little noise, and the calcium."""
    _, y, x = np.indices(SHAPE)
    hu = np.full(SHAPE, -1000.0)
    for row, column in CENTRES.values():
        away = np.hypot((y - row) * SPACING[1], (x - column) * SPACING[2])
        hu[away < 42] = -100
        hu[away < 34] = 55
        shaft = np.hypot((y - row + 6) * SPACING[1], (x - column + 5) * SPACING[2])
        hu[shaft < 12] = 1300
        hu[shaft < 7] = -40
    hu += np.random.default_rng(3).normal(0, 8, SHAPE)
    for key, peak in {"f1": ARTERY_HU, "f2": NET_HU, "f3": MUSCLE_HU, "f4": SKIN_HU}.items():
        hu[tuple(voxels()[key].T)] = peak
    return hu.astype(np.float32)


def slices(*, flipped: bool = False) -> list[Dataset]:
    """Headers of the slices, in the order of Z, as the reader gives them; `flipped` stores rows from back to front."""
    found = []
    for z in range(SHAPE[0]):
        header = Dataset()
        header.SOPClassUID, header.Modality = "1.2.840.10008.5.1.4.1.1.2", "CT"
        header.StudyInstanceUID, header.SeriesInstanceUID, header.SOPInstanceUID = (
            "1.2.3",
            "1.2.3.4",
            f"1.2.3.4.{z + 1}",
        )
        header.FrameOfReferenceUID, header.PositionReferenceIndicator = "1.2.3.5", ""
        header.PatientName, header.PatientID, header.PatientSex = "Quackenbush^Jane", "17", "F"
        header.PatientBirthDate, header.StudyDate, header.StudyTime = "19500101", "20260102", "101112"
        header.Rows, header.Columns, header.InstanceNumber = SHAPE[1], SHAPE[2], SHAPE[0] - z
        header.PixelSpacing, header.SliceThickness = [SPACING[1], SPACING[2]], SPACING[0]
        back = (SHAPE[1] - 1) * SPACING[1] if flipped else 0
        header.ImagePositionPatient = [CORNER[0], CORNER[1] + back, CORNER[2] + z * SPACING[0]]
        header.ImageOrientationPatient = [1, 0, 0, 0, -1 if flipped else 1, 0]
        header.PatientPosition = "FFS"
        found.append(copy_source_header(header))
    return found


def examined(headers: Sequence[Dataset] = (), *, oriented: bool = True) -> ExaminedImage:
    """The CT and its marks, held in memory, its slices with the given headers."""
    image = Image(hounsfield(), SPACING, "[hnsf'U]", modality="CT", affine=affine())
    source = LoadedImage(image, header=headers[0] if headers else None, slice_headers=headers)
    volume = ExaminedVolume(
        source=source,
        shape=SHAPE,
        voxels=voxels(),
        kinds={finding.id: MASK_LABELS[finding.kind] for finding in findings()},
        affine=affine(),
        oriented=oriented,
    )
    picture = np.ascontiguousarray(image.pixels.max(axis=1)[::-1])
    mask = np.ascontiguousarray(volume.labels.max(axis=1)[::-1])
    return ExaminedImage.of(image, mask, picture=picture, volume=volume).read_from(source)


def _place(key: str, *, line: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points of a finding in the projection (row, column) and in the patient."""
    at = voxels()[key]
    middles = np.array([at[at[:, 0] == z].mean(axis=0) for z in np.unique(at[:, 0])]) if line else at.mean(axis=0)[None]
    flat = np.stack([SHAPE[0] - 1 - middles[:, 0], middles[:, 2]], axis=1)
    return flat, (np.c_[middles, np.ones(len(middles))] @ affine().T)[:, :3]


def _outline(key: str) -> tuple[tuple[float, float], ...]:
    at = voxels()[key]
    low, high = at.min(axis=0), at.max(axis=0)
    top, bottom = float(SHAPE[0] - 1 - high[0]), float(SHAPE[0] - 1 - low[0])
    left, right = float(low[2]), float(high[2])
    return ((top, left), (top, right), (bottom, right), (bottom, left))


def _points(array: NDArray[np.float64]) -> tuple:
    return tuple(tuple(float(value) for value in point) for point in array)


def findings() -> tuple[FindingRecord, ...]:
    line, path = _place("f1", line=True)
    middle = {key: _points(_place(key, line=False)[1]) for key in ("f2", "f3", "f4")}
    both = {"level": "lower leg", "probability": None}
    return (
        FindingRecord(
            id="f2", kind="net", form="net-like", compartment="subcutis", side="R", depth_mm=6.5, volume_mm3=900.0,
            peak_hu=NET_HU, place_mm=middle["f2"], outline=_outline("f2"), **both,
        ),
        FindingRecord(
            id="f1", kind="vessel", form="tubular", compartment="artery", side="L", depth_mm=22.0, volume_mm3=3400.0,
            length_mm=181.0, calibre_mm=4.1, calibre_class="large", peak_hu=ARTERY_HU, place_mm=_points(path),
            polyline=_points(line), **both,
        ),
        FindingRecord(
            id="f3", kind="focus", form="nodular", compartment="muscle", side="R", depth_mm=18.0, volume_mm3=620.0,
            length_mm=11.0, peak_hu=MUSCLE_HU, place_mm=middle["f3"], outline=_outline("f3"), **both,
        ),
        FindingRecord(
            id="f4", kind="focus", form="nodular", compartment="skin", side="L", depth_mm=1.4, volume_mm3=18.9,
            peak_hu=SKIN_HU, place_mm=middle["f4"], outline=_outline("f4"), **both,
        ),
    )  # fmt: skip


def ct_record(*, contrast: bool = False) -> CtRecord:
    def score(side, compartment, volume, agatston, lesions=1):
        return CtScore(
            side=side, level="lower leg", compartment=compartment, lesions=lesions, volume_mm3=volume,
            agatston=None if contrast or compartment != "artery" else agatston,
        )  # fmt: skip

    return CtRecord(
        shape=SHAPE,
        spacing_mm=SPACING,
        kvp=120,
        kernel="B30f",
        slice_thickness_mm=3.0,
        series="Of 3 series of these legs, the one with the thinnest slices and a soft kernel was taken.",
        contrast=contrast,
        contrast_basis="the header says that none was given",
        threshold_hu=130.0,
        noise_hu=8.0,
        scores=(
            score("R", "subcutis", 900.0, 610.5),
            score("L", "artery", 3400.0, 4120.0),
            score("R", "muscle", 620.0, 700.0),
            score("L", "skin", 18.9, 12.0),
        ),
        arteries=(CtArtery(side="L", findings=("f1",), length_mm=205.0, calcified_mm=181.0, calcified_percent=88.3),),
        left_out={"bone": 2, "ossicle": 1},
    )


def examined_image(*, contrast: bool = False) -> ImageRecord:
    because = "contrast agent present: its brightness would count as calcium"
    return ImageRecord(
        id="img-1",
        source="0123456789ab.dcm",
        sha256="0123456789ab" + 52 * "c",
        modality="CT",
        anatomy="lower leg",
        laterality="B",
        shape=(SHAPE[0], SHAPE[2]),
        spacing_mm=(SPACING[0], SPACING[2]),
        spacing_basis="calibrated",
        resolvable_mm=0.8,
        statements=("Calcium of 0.8 mm or wider would show here.",),
        cautions=("The slices are thicker than 2.5 mm: small calcium may be missed.",),
        findings=findings(),
        measures={"ct.volume_mm3": 4938.9, "ct.artery_volume_mm3": 3400.0}
        | ({} if contrast else {"ct.agatston": 4120.0}),
        not_measured=(NotMeasured(measure="ct.agatston", because=because),) if contrast else (),
        ct=ct_record(contrast=contrast),
    )


def examination(*, contrast: bool = False) -> Record:
    return Record(
        version="0.1.0",
        model=ModelRecord(name="lines", sha256=None),
        summary=Summary(sentences=("img-1 (lower leg, both sides): one calcified artery and one net.",)),
        images=(examined_image(contrast=contrast),),
        meanings=MEANINGS,
    )


def sourced(*, flipped: bool = False) -> SourcedImage:
    """The CT with the headers of its slices."""
    headers = tuple(slices(flipped=flipped))
    return SourcedImage(record=examined_image(), pixels=examined(headers), header=headers[0], slice_headers=headers)
