"""What each slice of a CT says about itself: where it lies, how large it is, how its values become Hounsfield units."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io.ct.contrast_agent import contrast_of
from calcinet.io.ct.pixel_layout import PIXEL_DATA, Pair, Stored, shape_of, stored_of
from calcinet.io.ct.pixel_quantity import quantity_of
from calcinet.io.dicom.header import items, number, numbers, text, texts, words
from calcinet.text import say

MIN_SIDE: Final = 16
"""Pixels. Our choice: fewer are a thumbnail; a cropped volume may be far smaller than a film."""

MAX_SIDE: Final = 4096
"""Pixels. Our choice: four times what a scanner of the highest resolution makes."""

PLAUSIBLE_MM: Final = (0.02, 5.0)
"""Distance of rows or columns. Our choice: from micro-CT of a finger to a reduced whole body."""

UNIT_WITHIN: Final = 0.02
"""How far a direction may be from length 1, and two from a right angle. Our choice: rounding to two decimals."""

SECONDARY_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7"
"""SOP Class of pictures taken of a screen; those of many frames lie under it (PS3.4 B.5)."""

DERIVED_WORDS: Final = frozenset({"REFORMATTED", "MPR", "CSA MPR", "MIP", "MINIP", "AVERAGE", "PROJECTION IMAGE"})
"""Words of Image Type for slices made from others, in HU: cut anew, or projected."""

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class AcquisitionParameters:
    """How a series was taken and whose frame it lies in, as far as that tells one series from another."""

    series: str
    frame_of_reference: str
    """Frame of Reference UID; the study where it is absent."""
    kernel: str | None = None
    """Convolution Kernel as it is written: it tells series apart, and goes no further."""
    kvp: float | None = None
    contrast: bool | None = None
    thickness_mm: float | None = None
    derived: bool = False
    """Made from other slices, as Image Type has it."""
    quantity: str | None = None
    """What the pixels are, where the header says that they are no HU of a conventional CT."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One slice, in a file of its own or a frame of one."""

    taken: AcquisitionParameters
    position: Triple
    """Centre of the first pixel in mm, (left, posterior, superior)."""
    along_row: Triple
    """Direction in which columns count up."""
    along_column: Triple
    """Direction in which rows count up."""
    pixel_mm: Pair
    """Distance of rows and of columns."""
    stored: Stored
    phase: tuple[str, ...]
    """What may tell two slices at one place apart."""
    file: int = -1
    """Number of the file in the call."""

    def of_file(self, file: int) -> "Slice":
        """The same slice, with the number of its file."""
        return replace(self, file=file)


def is_localizer(header: Dataset) -> bool:
    """Whether the header calls itself a scout view."""
    return "LOCALIZER" in words(header, "ImageType")


def series_of(header: Dataset) -> str:
    """Series Instance UID, empty where there is none."""
    return text(header, "SeriesInstanceUID")


def slices_of(header: Dataset) -> tuple[Slice, ...]:
    """Every slice that a CT file holds: one, or its frames.

    Raises
    ------
    Unreadable
        If a slice does not say where it lies, or its pixels cannot be those of a slice.
    """
    _require_a_slice(header)
    count = int(number(header, "NumberOfFrames") or 1)
    frames = items(header, "PerFrameFunctionalGroupsSequence")
    if not frames and count == 1:
        return (_read_slice(header, [header], None, contrast_of(header)),)
    if len(frames) != count or count < 1:
        message = say(
            "found {count} frames, of which {placed} say where they lie; expected a place for each: export the series "
            "again as single slices",
            count=count,
            placed=len(frames),
        )
        raise Unreadable(message, code="ct-geometry")
    shared, contrast = items(header, "SharedFunctionalGroupsSequence")[:1], contrast_of(header)
    return tuple(_read_slice(header, [frame, *shared], index, contrast) for index, frame in enumerate(frames))


def _require_a_slice(header: Dataset) -> None:
    sop_class = text(header, "SOPClassUID")
    if sop_class == SECONDARY_CAPTURE or sop_class.startswith(f"{SECONDARY_CAPTURE}."):
        message = say(
            "found a picture captured from a CT's screen, for instance a dose sheet; expected the slices themselves"
        )
        raise Unreadable(message, code="screenshot")
    if PIXEL_DATA not in header:
        message = say("found the header of a CT slice but not its pixels: export it again from the archive")
        raise Unreadable(message, code="truncated")
    if number(header, "SamplesPerPixel") not in (1, None) or text(header, "PhotometricInterpretation").upper() not in (
        *("MONOCHROME1", "MONOCHROME2", ""),
    ):
        raise Unreadable(say("found a colour picture made from a CT; expected the slices themselves"), code="colour")
    rows, columns = shape_of(header)
    if min(rows, columns) < MIN_SIDE or max(rows, columns) > MAX_SIDE:
        message = say(
            "found CT slices of {rows} x {columns} pixels; expected from {least} to {most} on each side: export the "
            "series again",
            rows=rows,
            columns=columns,
            least=MIN_SIDE,
            most=MAX_SIDE,
        )
        raise Unreadable(message, code="too-small" if min(rows, columns) < MIN_SIDE else "too-many-pixels")


def _read_slice(header: Dataset, groups: list[Dataset], frame: int | None, contrast: bool | None) -> Slice:
    """One slice from the groups that may describe it, the frame's own before what all share."""
    measures = _limit_range(groups, "PixelMeasuresSequence", frame)
    orientation = numbers(_limit_range(groups, "PlaneOrientationSequence", frame), "ImageOrientationPatient")
    position = numbers(_limit_range(groups, "PlanePositionSequence", frame), "ImagePositionPatient")
    pixel = numbers(measures, "PixelSpacing")
    _require_geometry(position, orientation, pixel)
    return Slice(
        _read_acquisition(header, groups, frame, contrast),
        (position[0], position[1], position[2]),
        _read_unit_vector(orientation[:3]),
        _read_unit_vector(orientation[3:]),
        (pixel[0], pixel[1]),
        stored_of(header, _limit_range(groups, "PixelValueTransformationSequence", frame), frame),
        _read_phase(header, groups, frame),
    )


def _limit_range(groups: list[Dataset], keyword: str, frame: int | None) -> Dataset:
    """The item that describes one matter: in single-frame files the header itself is all of them."""
    if frame is None:
        return groups[0]
    return next((item for group in groups for item in items(group, keyword)[:1]), Dataset())


def _require_geometry(position: Sequence[float], orientation: Sequence[float], pixel: Sequence[float]) -> None:
    lacking = [
        say("its place (Image Position)") if len(position) != 3 else None,
        say("its directions (Image Orientation)") if not _is_frame(orientation) else None,
        say("its pixel size (Pixel Spacing)")
        if len(pixel) != 2 or not all(PLAUSIBLE_MM[0] <= mm <= PLAUSIBLE_MM[1] for mm in pixel)
        else None,
    ]
    if any(lacking):
        message = say(
            "found a CT slice that does not say, or says wrongly, {lacking}; a volume cannot be measured without: "
            "export the series again from the archive",
            lacking=[what for what in lacking if what],
        )
        raise Unreadable(message, code="ct-geometry")


def _is_frame(orientation: Sequence[float]) -> bool:
    """Whether six numbers are two directions at a right angle."""
    if len(orientation) != 6:
        return False
    row, column = orientation[:3], orientation[3:]
    lengths = math.hypot(*row), math.hypot(*column)
    across = sum(a * b for a, b in zip(row, column, strict=True))
    return all(abs(length - 1) < UNIT_WITHIN for length in lengths) and abs(across) < UNIT_WITHIN


def _read_unit_vector(direction: Sequence[float]) -> Triple:
    length = math.hypot(*direction)
    x, y, z = direction
    return x / length, y / length, z / length


def _read_acquisition(
    header: Dataset, groups: list[Dataset], frame: int | None, contrast: bool | None
) -> AcquisitionParameters:
    kind = _limit_range(groups, "CTImageFrameTypeSequence", frame)
    image_type = words(kind, "FrameType") or words(header, "ImageType")
    values = _limit_range(groups, "PixelValueTransformationSequence", frame)
    kernels = texts(_limit_range(groups, "CTReconstructionSequence", frame), "ConvolutionKernel")
    return AcquisitionParameters(
        text(header, "SeriesInstanceUID"),
        text(header, "FrameOfReferenceUID") or text(header, "StudyInstanceUID"),
        kernels[0][:16] if kernels and kernels[0] else None,
        _read_positive(number(_limit_range(groups, "CTXRayDetailsSequence", frame), "KVP")),
        contrast,
        _read_positive(number(_limit_range(groups, "PixelMeasuresSequence", frame), "SliceThickness")),
        any(word in DERIVED_WORDS for word in image_type),
        quantity_of(header, groups, image_type, text(values, "RescaleType").upper()),
    )


def _read_positive(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None


def _read_phase(header: Dataset, groups: list[Dataset], frame: int | None) -> tuple[str, ...]:
    content = _limit_range(groups, "FrameContentSequence", frame)
    named = (
        *((content, "StackID"), (content, "TemporalPositionIndex"), (content, "FrameAcquisitionNumber")),
        *((header, "AcquisitionNumber"), (header, "TemporalPositionIdentifier")),
        *((header, "NominalPercentageOfCardiacPhase"), (header, "TriggerTime"), (header, "AcquisitionTime")),
    )
    return tuple(text(place, keyword) for place, keyword in named)
