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

ON_CASSETTE: Final = (1.0, 1.15)
"""Magnification of a limb laid on its cassette. Our choice: up to 15 cm above the detector at a source distance of
1.15 m."""

AROUND_MIDDLE: Final = (0.95, 1.05)
"""What a correction for the middle of a limb leaves. Our choice: 5 cm to either side at a source distance of 1 m."""

NO_PITCH: Final = say("no usable pixel spacing: lengths stay in pixels; give the detector's pitch with --spacing-mm")

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
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
        The DICOM header; an empty one for pictures without.
    user_mm
        Pixel pitch in mm, one number or (rows, columns).

    Raises
    ------
    BadInput
        If the user's number is no pixel pitch.
    """
    filed = _of_file(header)
    return filed if user_mm is None else _of_user(user_pair(user_mm), filed)


def user_pair(user_mm: float | Pair) -> Pair:
    """Row and column distance from the user's number; refuses what is no pixel pitch.

    >>> user_pair(0.2)
    (0.2, 0.2)
    """
    pair = user_mm if isinstance(user_mm, tuple) else (user_mm, user_mm)
    if not _plausible(pair):
        low, high = PLAUSIBLE_MM
        raise BadInput(
            f"spacing must be {low:g} to {high:g} mm per pixel, got {user_mm}: give the detector's pitch in mm"
        )
    return float(pair[0]), float(pair[1])


def _of_user(pair: Pair, filed: Spacing) -> Spacing:
    remarks: tuple[str, ...] = ()
    if filed.pixel_mm is not None and not _same(pair, filed.pixel_mm, DISAGREES_BEYOND):
        remarks = (
            say(
                "the spacing given ({given} mm) differs from the file's ({filed} mm, {basis}); the given one is used",
                given=_shown(pair),
                filed=_shown(filed.pixel_mm),
                basis=filed.basis,
            ),
        )
    return Spacing(pair, "user", magnification_interval=ON_CASSETTE, cautions=remarks)


def _of_file(header: Dataset) -> Spacing:
    pixel, remarks = _pitch(header, "PixelSpacing")
    detector, more = _pitch(header, "ImagerPixelSpacing")
    remarks += more
    found = next(_rungs(header, pixel, detector), None)
    if found is None:
        return Spacing(cautions=(*remarks, NO_PITCH))
    return replace(found, cautions=remarks + found.cautions)


def _rungs(header: Dataset, pixel: Pair | None, detector: Pair | None) -> Iterator[Spacing]:
    """What each rung offers, best first."""
    if pixel:
        yield from _from_pixel_spacing(text(header, "PixelSpacingCalibrationType").upper(), pixel, detector)
    if detector:
        yield from _from_stated_magnification(header, detector)
    nominal, _ = _pitch(header, "NominalScannedPixelSpacing")
    pitch = detector or pixel or nominal
    if pitch:
        remark = say("the spacing is the detector's, not the patient's: lengths may be up to 15 % too long")
        yield Spacing(pitch, "detector", magnification_interval=ON_CASSETTE, cautions=(remark,))


def _from_pixel_spacing(calibration: str, pixel: Pair, detector: Pair | None) -> Iterator[Spacing]:
    """Pixel Spacing counts as the patient's when it was calibrated or differs from the detector's."""
    factor = detector[0] / pixel[0] if detector else 1.0
    if calibration == "FIDUCIAL":
        yield Spacing(pixel, "calibrated", factor)
    elif calibration == "GEOMETRY" or (detector and not _same(pixel, detector, SAME_WITHIN)):
        low, high = PLAUSIBLE_MAGNIFICATION
        if low <= factor <= high:
            yield Spacing(pixel, "corrected", factor, AROUND_MIDDLE)


def _from_stated_magnification(header: Dataset, detector: Pair) -> Iterator[Spacing]:
    """Detector pitch over the magnification that the file states, or that its distances give."""
    to_detector = number(header, "DistanceSourceToDetector") or 0.0
    to_patient = number(header, "DistanceSourceToPatient") or 0.0
    distances = to_detector / to_patient if to_detector >= to_patient > 0 else 0.0
    for factor in (number(header, "EstimatedRadiographicMagnificationFactor") or 0.0, distances):
        if 1.0 <= factor <= PLAUSIBLE_MAGNIFICATION[1]:
            yield Spacing((detector[0] / factor, detector[1] / factor), "corrected", factor, AROUND_MIDDLE)


def _pitch(header: Dataset, keyword: str) -> tuple[Pair | None, tuple[str, ...]]:
    """Row and column distance of an element, with a remark where it is there but cannot be true."""
    found = numbers(header, keyword)
    if not found:
        return None, ()
    pair = (found[0], found[1]) if len(found) >= 2 else (found[0], found[0])
    if _plausible(pair):
        return pair, ()
    low, high = PLAUSIBLE_MM
    name = {"PixelSpacing": "Pixel Spacing", "ImagerPixelSpacing": "Imager Pixel Spacing"}.get(keyword, keyword)
    remark = say(
        "{name} in the file is {found} mm, not a pixel pitch ({low:g} to {high:g} mm): ignored",
        name=name,
        found=_shown(pair),
        low=low,
        high=high,
    )
    return None, (remark,)


def _plausible(pair: Pair) -> bool:
    low, high = PLAUSIBLE_MM
    return len(pair) == 2 and all(low <= mm <= high for mm in pair)


def _same(a: Pair, b: Pair, within: float) -> bool:
    return all(abs(x - y) <= within * max(x, y) for x, y in zip(a, b, strict=True))


def _shown(pair: Pair) -> str:
    return f"{pair[0]:g}" if pair[0] == pair[1] else f"{pair[0]:g} x {pair[1]:g}"
