"""What each slice of a CT says about itself: where it lies, how large it is, how its values become Hounsfield units."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io.ct.pixel_layout import Stored, shape_of, stored_of
from calcinet.io.ct.pixel_quantity import quantity_of
from calcinet.io.dicom.contrast_agent import contrast_of
from calcinet.io.dicom.header import items, number, numbers, text, texts, words
from calcinet.io.dicom.stored_values import Pair, require_integers
from calcinet.io.dicom.transfer_syntax import PIXEL_DATA
from calcinet.limits import SLICE_SIDE
from calcinet.text import say

MIN_SIDE: Final = 16
"""Pixels. Our choice: fewer are a thumbnail; a cropped volume may be far smaller than a film."""

PLAUSIBLE_MM: Final = (0.02, 5.0)
"""Distance of rows or columns. Our choice: from micro-CT of a finger to a reduced whole body."""

UNIT_WITHIN: Final = 0.02
"""How far a direction may be from length 1, and two from a right angle. Our choice: rounding to two decimals."""

SECONDARY_CAPTURE: Final = "1.2.840.10008.5.1.4.1.1.7"
"""SOP Class of pictures taken of a screen; those of many frames lie under it (PS3.4 B.5)."""

DERIVED_WORDS: Final = frozenset({"REFORMATTED", "MPR", "CSA MPR", "MIP", "MINIP", "AVERAGE", "PROJECTION IMAGE"})
"""Words of Image Type for slices made from others, in HU: cut anew, or projected."""

GREY: Final = ("MONOCHROME1", "MONOCHROME2", "")
"""Photometric Interpretations of a slice; some files state none."""

PHASE_OF_FRAME: Final = ("StackID", "TemporalPositionIndex", "FrameAcquisitionNumber")

PHASE_OF_FILE: Final = (
    *("AcquisitionNumber", "TemporalPositionIdentifier", "NominalPercentageOfCardiacPhase"),
    *("TriggerTime", "AcquisitionTime"),
)
"""Elements that may tell two slices at one place apart: of a frame, then of the whole file."""

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
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
    tilt_deg: float | None = None
    """Gantry/Detector Tilt (0018,1120) as stated; the slices' places and directions go before it."""
    quantity: str | None = None
    """What the pixels are, where the header says that they are no HU of a conventional CT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One slice, in a file of its own or a frame of one."""

    acquisition: AcquisitionParameters
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
    slices = []
    for index, frame in enumerate(frames):
        slices.append(_read_slice(header, [frame, *shared, header], index, contrast))
    return tuple(slices)


def _require_a_slice(header: Dataset) -> None:
    sop_class = text(header, "SOPClassUID")
    if sop_class == SECONDARY_CAPTURE or sop_class.startswith(f"{SECONDARY_CAPTURE}."):
        message = say(
            "found a picture captured from a CT's screen, for instance a dose sheet; expected the slices themselves"
        )
        raise Unreadable(message, code="screenshot")
    require_integers(header)
    if PIXEL_DATA not in header:
        message = say("found the header of a CT slice but not its pixels: export it again from the archive")
        raise Unreadable(message, code="truncated")
    interpretation = text(header, "PhotometricInterpretation").upper()
    if number(header, "SamplesPerPixel") not in (1, None) or interpretation not in GREY:
        raise Unreadable(say("found a colour picture made from a CT; expected the slices themselves"), code="colour")
    _require_size(*shape_of(header))


def _require_size(rows: int, columns: int) -> None:
    low, high = min(rows, columns), max(rows, columns)
    if low >= MIN_SIDE and high <= SLICE_SIDE.value:
        return
    message = say(
        "found CT slices of {rows} x {columns} pixels; expected from {least} to {most} on each side: export the "
        "series again",
        rows=rows,
        columns=columns,
        least=MIN_SIDE,
        most=SLICE_SIDE.value,
    )
    code = "too-many-pixels"
    if low < MIN_SIDE:
        code = "too-small"
    raise Unreadable(message, code=code)


def _read_slice(header: Dataset, groups: list[Dataset], frame: int | None, contrast: bool | None) -> Slice:
    """One slice from the groups that may describe it: the frame's own, then what all share, then the header."""
    measures = _find_group(groups, "PixelMeasuresSequence", frame)
    orientation = numbers(_find_group(groups, "PlaneOrientationSequence", frame), "ImageOrientationPatient")
    position = numbers(_find_group(groups, "PlanePositionSequence", frame), "ImagePositionPatient")
    pixel = numbers(measures, "PixelSpacing")
    _require_geometry(position, orientation, pixel)
    values = _find_group(groups, "PixelValueTransformationSequence", frame)
    return Slice(
        acquisition=_read_acquisition(header, groups, frame, contrast),
        position=(position[0], position[1], position[2]),
        along_row=_read_unit_vector(orientation[:3]),
        along_column=_read_unit_vector(orientation[3:]),
        pixel_mm=(pixel[0], pixel[1]),
        stored=stored_of(header, values, frame),
        phase=_read_phase(header, groups, frame),
    )


def _find_group(groups: list[Dataset], keyword: str, frame: int | None) -> Dataset:
    """The item that describes one matter, else the header, the last of the groups, in which old files have it all."""
    if frame is None:
        return groups[0]
    for group in groups:
        found = items(group, keyword)
        if found:
            return found[0]
    return groups[-1]


def _require_geometry(position: Sequence[float], orientation: Sequence[float], pixel: Sequence[float]) -> None:
    lacking = []
    if len(position) != 3:
        lacking.append(say("its place (Image Position)"))
    if not _is_frame(orientation):
        lacking.append(say("its directions (Image Orientation)"))
    if not _is_pixel_size(pixel):
        lacking.append(say("its pixel size (Pixel Spacing)"))
    if lacking:
        message = say(
            "found a CT slice that does not say, or says wrongly, {lacking}; a volume cannot be measured without: "
            "export the series again from the archive",
            lacking=lacking,
        )
        raise Unreadable(message, code="ct-geometry")


def _is_pixel_size(pixel: Sequence[float]) -> bool:
    """Whether the numbers are a plausible distance of rows and of columns."""
    low, high = PLAUSIBLE_MM
    return len(pixel) == 2 and low <= pixel[0] <= high and low <= pixel[1] <= high


def _is_frame(orientation: Sequence[float]) -> bool:
    """Whether six numbers are two directions at a right angle."""
    if len(orientation) != 6:
        return False
    row, column = orientation[:3], orientation[3:]
    if abs(math.hypot(*row) - 1) >= UNIT_WITHIN or abs(math.hypot(*column) - 1) >= UNIT_WITHIN:
        return False
    across = sum(a * b for a, b in zip(row, column, strict=True))
    return abs(across) < UNIT_WITHIN


def _read_unit_vector(direction: Sequence[float]) -> Triple:
    length = math.hypot(*direction)
    x, y, z = direction
    return x / length, y / length, z / length


def _read_acquisition(
    header: Dataset, groups: list[Dataset], frame: int | None, contrast: bool | None
) -> AcquisitionParameters:
    kind = _find_group(groups, "CTImageFrameTypeSequence", frame)
    image_type = words(kind, "FrameType") or words(header, "ImageType")
    values = _find_group(groups, "PixelValueTransformationSequence", frame)
    details = _find_group(groups, "CTXRayDetailsSequence", frame)
    measures = _find_group(groups, "PixelMeasuresSequence", frame)
    return AcquisitionParameters(
        series=text(header, "SeriesInstanceUID"),
        frame_of_reference=text(header, "FrameOfReferenceUID") or text(header, "StudyInstanceUID"),
        kernel=_read_kernel(_find_group(groups, "CTReconstructionSequence", frame)),
        kvp=_read_positive(number(details, "KVP")),
        contrast=contrast,
        thickness_mm=_read_positive(number(measures, "SliceThickness")),
        tilt_deg=number(_find_group(groups, "CTAcquisitionDetailsSequence", frame), "GantryDetectorTilt"),
        derived=not DERIVED_WORDS.isdisjoint(image_type),
        quantity=quantity_of(header, groups, image_type, text(values, "RescaleType").upper()),
    )


def _read_kernel(reconstruction: Dataset) -> str | None:
    """The first kernel as it is written, at most the 16 characters of the standard."""
    kernels = texts(reconstruction, "ConvolutionKernel")
    if not kernels or not kernels[0]:
        return None
    return kernels[0][:16]


def _read_positive(value: float | None) -> float | None:
    if value is None or value <= 0:
        return None
    return value


def _read_phase(header: Dataset, groups: list[Dataset], frame: int | None) -> tuple[str, ...]:
    content = _find_group(groups, "FrameContentSequence", frame)
    of_frame = [text(content, keyword) for keyword in PHASE_OF_FRAME]
    of_file = [text(header, keyword) for keyword in PHASE_OF_FILE]
    return (*of_frame, *of_file)
