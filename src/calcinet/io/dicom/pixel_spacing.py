"""How large a pixel of a projection image is in the patient, and how we know: the ladder, best rung first.

A detector sees the patient enlarged. The rungs follow what viewers settled on: a calibration made on the image, then a
correction that the file states, then the detector's own pitch with the magnification left open, then nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pydicom.dataset import Dataset

from calcinet.errors import BadInput
from calcinet.image import SpacingBasis
from calcinet.io.dicom.header import number, numbers, text
from calcinet.text import say

PLAUSIBLE_MM: Final = (0.01, 5.0)
"""Pixel pitch of a projection image. Our choice: mammography goes down to 0.025 mm, a reduced scout up to 2 mm."""

PLAUSIBLE_MAGNIFICATION: Final = (0.95, 3.0)
"""Detector over patient distance. Our choice: below 1 is impossible save for rounding; magnification views reach 2."""

SAME_WITHIN: Final = 0.005
"""Two pitches that differ by less, relatively, are one. Our choice: rounding of decimal strings."""

DISAGREES_BEYOND: Final = 0.05
"""A user's number that differs more from the file's, relatively, is remarked on. Our choice."""

CONTRADICTS_BEYOND: Final = 0.15
"""A user's number that differs more from the file's, relatively, may be that of another film: nothing is said as if it
were known. Our choice: what the magnification of a limb on its cassette explains, `ON_CASSETTE`."""

ON_CASSETTE: Final = (1.0, 1.15)
"""Magnification of a limb laid on its cassette. Our choice: up to 15 cm above the detector at a source distance of
1.15 m."""

AROUND_MIDDLE: Final = (0.95, 1.05)
"""What a correction for the middle of a limb leaves. Our choice: 5 cm to either side at a source distance of 1 m."""

NO_PITCH: Final = say("no usable pixel spacing: lengths stay in pixels; give the detector's pitch with --spacing-mm")

ANOTHER_FILM: Final = say("is the spacing given that of another film? What hangs on it is said with this proviso")

ELEMENT_NAMES: Final = {"PixelSpacing": "Pixel Spacing", "ImagerPixelSpacing": "Imager Pixel Spacing"}
"""Names of elements, by keyword."""

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """Pixel size of a projection image and where it comes from."""

    pixel_mm: Pair | None = None
    """Distance of rows and of columns, in mm."""

    basis: SpacingBasis = "none"

    magnification: float = 1.0
    """Divided out of `pixel_mm`."""

    magnification_interval: Pair = (1.0, 1.0)
    """Plausible magnification still left in `pixel_mm`."""

    cautions: tuple[str, ...] = ()


def spacing_of(header: Dataset, user_mm: float | Pair | None = None) -> Spacing:
    """Climb the ladder for one projection image.

    A user's number stands above everything in the file, and is remarked on where it disagrees with it.

    Parameters
    ----------
    header
        The DICOM header.
    user_mm
        Pixel pitch in mm, one number or (rows, columns).

    Raises
    ------
    BadInput
        If the user's number is no pixel pitch.
    """
    filed = _read_file_spacing(header)
    if user_mm is None:
        return filed
    return _prefer_user(user_pair(user_mm), filed)


def user_pair(user_mm: float | Pair) -> Pair:
    """Row and column distance from the user's number; refuses what is no pixel pitch.

    >>> user_pair(0.2)
    (0.2, 0.2)
    """
    pair = user_mm
    if not isinstance(pair, tuple):
        pair = (pair, pair)
    if not _is_plausible(pair):
        low, high = PLAUSIBLE_MM
        raise BadInput(
            f"spacing must be {low:g} to {high:g} mm per pixel, got {user_mm}: give the detector's pitch in mm"
        )
    return float(pair[0]), float(pair[1])


def _prefer_user(pair: Pair, filed: Spacing) -> Spacing:
    remarks: tuple[str, ...] = ()
    if filed.pixel_mm is not None and not _is_close(pair, filed.pixel_mm, DISAGREES_BEYOND):
        remarks = (
            say(
                "the spacing given ({given} mm) differs from the file's ({filed} mm, {basis}); the given one is used",
                given=_format_pair(pair),
                filed=_format_pair(filed.pixel_mm),
                basis=filed.basis,
            ),
        )
    basis: SpacingBasis = "user"
    if filed.pixel_mm is not None and not _is_close(pair, filed.pixel_mm, CONTRADICTS_BEYOND):
        basis = "assumed"
        remarks = (*remarks, ANOTHER_FILM)
    return Spacing(pixel_mm=pair, basis=basis, magnification_interval=ON_CASSETTE, cautions=remarks)


def _read_file_spacing(header: Dataset) -> Spacing:
    """What the first rung that holds offers; remarks on pitches that cannot be true come along."""
    pixel, about_pixel = _read_pitch(header, "PixelSpacing")
    detector, about_detector = _read_pitch(header, "ImagerPixelSpacing")
    remarks = about_pixel + about_detector
    for found in _climb(header, pixel, detector):
        return replace(found, cautions=remarks + found.cautions)
    return Spacing(cautions=(*remarks, NO_PITCH))


def _climb(header: Dataset, pixel: Pair | None, detector: Pair | None) -> Iterator[Spacing]:
    """What each rung offers, best first."""
    if pixel:
        yield from _read_pixel_spacing(text(header, "PixelSpacingCalibrationType").upper(), pixel, detector)
    if detector:
        yield from _read_stated_magnification(header, detector)
    nominal, _ = _read_pitch(header, "NominalScannedPixelSpacing")
    pitch = detector or pixel or nominal
    if pitch:
        remark = say("the spacing is the detector's, not the patient's: lengths may be up to 15 % too long")
        yield Spacing(pixel_mm=pitch, basis="detector", magnification_interval=ON_CASSETTE, cautions=(remark,))


def _read_pixel_spacing(calibration: str, pixel: Pair, detector: Pair | None) -> Iterator[Spacing]:
    """Pixel Spacing counts as the patient's when it was calibrated or differs from the detector's."""
    factor = 1.0
    if detector:
        factor = detector[0] / pixel[0]
    if calibration == "FIDUCIAL":
        yield Spacing(pixel_mm=pixel, basis="calibrated", magnification=factor)
        return
    differs = detector is not None and not _is_close(pixel, detector, SAME_WITHIN)
    low, high = PLAUSIBLE_MAGNIFICATION
    if (calibration == "GEOMETRY" or differs) and low <= factor <= high:
        yield _correct(pixel, factor)


def _read_stated_magnification(header: Dataset, detector: Pair) -> Iterator[Spacing]:
    """Detector pitch over the magnification that the file states, or that its distances give.

    The magnification of a patient at distance p of a source whose detector is at distance d is d / p.
    """
    stated = number(header, "EstimatedRadiographicMagnificationFactor") or 0.0
    for factor in (stated, _divide_distances(header)):
        if 1.0 <= factor <= PLAUSIBLE_MAGNIFICATION[1]:
            yield _correct((detector[0] / factor, detector[1] / factor), factor)


def _divide_distances(header: Dataset) -> float:
    """Magnification by the distances from the source; 0 where the file does not state them, or not rightly."""
    to_detector = number(header, "DistanceSourceToDetector") or 0.0
    to_patient = number(header, "DistanceSourceToPatient") or 0.0
    if not to_detector >= to_patient > 0:
        return 0.0
    return to_detector / to_patient


def _correct(pixel_mm: Pair, magnification: float) -> Spacing:
    return Spacing(
        pixel_mm=pixel_mm, basis="corrected", magnification=magnification, magnification_interval=AROUND_MIDDLE
    )


def _read_pitch(header: Dataset, keyword: str) -> tuple[Pair | None, tuple[str, ...]]:
    """Row and column distance of an element, with a remark where it is there but cannot be true."""
    found = numbers(header, keyword)
    if not found:
        return None, ()
    pair = (found[0], found[min(1, len(found) - 1)])
    if _is_plausible(pair):
        return pair, ()
    low, high = PLAUSIBLE_MM
    remark = say(
        "{name} in the file is {found} mm, not a pixel pitch ({low:g} to {high:g} mm): ignored",
        name=ELEMENT_NAMES.get(keyword, keyword),
        found=_format_pair(pair),
        low=low,
        high=high,
    )
    return None, (remark,)


def _is_plausible(pair: Pair) -> bool:
    low, high = PLAUSIBLE_MM
    return len(pair) == 2 and low <= pair[0] <= high and low <= pair[1] <= high


def _is_close(a: Pair, b: Pair, within: float) -> bool:
    """Whether two pitches differ by no more than a share of the larger."""
    rows = abs(a[0] - b[0]) <= within * max(a[0], b[0])
    columns = abs(a[1] - b[1]) <= within * max(a[1], b[1])
    return rows and columns


def _format_pair(pair: Pair) -> str:
    if pair[0] == pair[1]:
        return f"{pair[0]:g}"
    return f"{pair[0]:g} x {pair[1]:g}"
