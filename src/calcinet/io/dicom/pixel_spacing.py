"""How large a pixel of a projection image is in the patient, and how we know: the ladder, best rung first.

A detector sees the patient enlarged. The rungs follow what viewers settled on: a calibration made on the image, then a
correction that the file states, then the detector's own pitch with the magnification left open, then nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pydicom.dataset import Dataset

from calcinet.errors import BadInput
from calcinet.image import SpacingBasis, is_oblong
from calcinet.io.dicom.header import items, number, numbers, tag, text
from calcinet.io.dicom.pixel_shape import (
    OTHER_SHAPE,
    SHAPE_WITHIN,
    aspect_of,
    contradicts_sides,
    describe_oblong,
    describe_one_number,
    differs,
)
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

MAGNIFIED_CODES: Final = frozenset({"399163009", "R-102D6"})
"""View modifier of a magnification view, of SNOMED CT and as it was written before (PS3.16 CID 4015)."""

ANY_MAGNIFIED: Final = (1.0, 2.0)
"""Magnification of a view that is called magnified. Our choice: mammography magnifies 1.5 to 2 times."""

AROUND_MIDDLE: Final = (0.95, 1.05)
"""What a correction for the middle of a limb leaves. Our choice: 5 cm to either side at a source distance of 1 m."""

NO_PITCH: Final = say("no usable pixel spacing: lengths stay in pixels; give the detector's pitch with --spacing-mm")

ANOTHER_FILM: Final = say("is the spacing given that of another film? What hangs on it is said with this proviso")

ELEMENT_NAMES: Final = {
    "PixelSpacing": "Pixel Spacing",
    "ImagerPixelSpacing": "Imager Pixel Spacing",
    "NominalScannedPixelSpacing": "Nominal Scanned Pixel Spacing",
}
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

    aspect: float = 1.0
    """Height of a pixel over its width, where `pixel_mm` is None."""

    contradicted: bool = False
    """Whether the file gives a pixel several shapes, and therefore no size."""


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
    return choose_spacing(header, _read_file_spacing(header), user_mm)


def choose_spacing(header: Dataset, filed: Spacing, user_mm: float | Pair | None) -> Spacing:
    """The file's spacing or the user's, as far as either fits the shape that the file gives its pixels.

    One number is the side of a square pixel: where the file says that pixels are oblong, it cannot be both sides.

    Raises
    ------
    BadInput
        If the user's number is no pixel pitch.
    """
    aspect, remarks = aspect_of(header)
    filed = _compare_with_aspect(filed, aspect)
    chosen = _choose(filed, aspect, user_mm)
    if chosen.pixel_mm is None and not filed.contradicted:
        chosen = replace(chosen, aspect=aspect or 1.0)
    return replace(chosen, cautions=remarks + chosen.cautions)


def _compare_with_aspect(filed: Spacing, aspect: float | None) -> Spacing:
    """The file's spacing without its size where its ratio contradicts that."""
    if filed.pixel_mm is None or not contradicts_sides(aspect, filed.pixel_mm):
        return filed
    remark = say(
        "the sides of a pixel in the file ({pixel} mm) and its Pixel Aspect Ratio contradict each other: neither was "
        "used",
        pixel=_format_pair(filed.pixel_mm),
    )
    return Spacing(cautions=(*filed.cautions, remark), contradicted=True)


def _choose(filed: Spacing, aspect: float | None, user_mm: float | Pair | None) -> Spacing:
    if user_mm is None:
        return _warn_of_missing(filed, aspect)
    pair, shape = user_pair(user_mm), aspect
    if filed.pixel_mm is not None:
        shape = filed.pixel_mm[0] / filed.pixel_mm[1]
    if shape is not None and is_oblong(shape) and not isinstance(user_mm, tuple):
        return _keep_oblong(filed, pair[0])
    chosen = _prefer_user(pair, filed)
    if contradicts_sides(aspect, pair):
        chosen = replace(chosen, basis="assumed", cautions=(*chosen.cautions, OTHER_SHAPE))
    if filed.contradicted:
        return replace(chosen, basis="assumed", cautions=filed.cautions + chosen.cautions)
    return chosen


def _warn_of_missing(filed: Spacing, aspect: float | None) -> Spacing:
    """Ask for a size where there is none; without it, lengths are counted in square ones."""
    remarks: tuple[str, ...] = ()
    if filed.contradicted:
        remarks = (NO_PITCH,)
    if filed.pixel_mm is None and aspect is not None and is_oblong(aspect):
        remarks = (*remarks, describe_oblong(aspect))
    return replace(filed, cautions=filed.cautions + remarks)


def _keep_oblong(filed: Spacing, user_mm: float) -> Spacing:
    if filed.pixel_mm is None:
        return replace(filed, cautions=(*filed.cautions, describe_one_number(user_mm)))
    remark = say(
        "the file's pixels are not square ({filed} mm): the one number given, {given:g} mm, cannot be both their "
        "sides; the file's are used",
        filed=_format_pair(filed.pixel_mm),
        given=user_mm,
    )
    return replace(filed, cautions=(*filed.cautions, remark))


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
    pixel, about_pixel = read_pitch(header, "PixelSpacing")
    detector, about_detector = read_pitch(header, "ImagerPixelSpacing")
    nominal, about_nominal = read_pitch(header, "NominalScannedPixelSpacing")
    remarks = about_pixel + about_detector + about_nominal
    if pixel and detector and _compare_shapes(pixel, detector):
        remark = say(
            "Pixel Spacing ({pixel} mm) and Imager Pixel Spacing ({detector} mm) in the file give a pixel two shapes: "
            "neither was used",
            pixel=_format_pair(pixel),
            detector=_format_pair(detector),
        )
        return Spacing(cautions=(*remarks, remark), contradicted=True)
    for found in _climb(header, pixel, detector, nominal):
        return replace(found, cautions=remarks + found.cautions)
    return Spacing(cautions=(*remarks, NO_PITCH))


def _compare_shapes(pixel: Pair, detector: Pair) -> bool:
    """Whether a pixel cannot be the detector's, seen smaller: the two sides are not enlarged alike.

    Two sizes that no magnification explains on either side are of different things, and say nothing of a shape.
    """
    rows, columns = detector[0] / pixel[0], detector[1] / pixel[1]
    low, high = PLAUSIBLE_MAGNIFICATION
    return differs(rows, columns, SHAPE_WITHIN) and (low <= rows <= high or low <= columns <= high)


def _climb(header: Dataset, pixel: Pair | None, detector: Pair | None, nominal: Pair | None) -> Iterator[Spacing]:
    """What each rung offers, best first."""
    if pixel:
        yield from _read_pixel_spacing(text(header, "PixelSpacingCalibrationType").upper(), pixel, detector)
    if detector:
        yield from _read_stated_magnification(header, detector)
    elif pixel:
        yield from _widen_interval(header, pixel)
    pitch = detector or pixel or nominal
    if pitch and _is_magnified_view(header):
        remark = say(
            "this is a magnification view, but by how much it is magnified the file does not say: lengths may be up to "
            "twice too long"
        )
        yield Spacing(pixel_mm=pitch, basis="detector", magnification_interval=ANY_MAGNIFIED, cautions=(remark,))
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
    factors = _list_magnifications(header)
    if factors and differs(min(factors), max(factors), CONTRADICTS_BEYOND):
        remark = say(
            "the file states two magnifications, {factors:, }, its factor and that of its distances: neither was used, "
            "and lengths are those at the detector, up to {factor:.2g} times too long",
            factors=[f"{factor:.2f}" for factor in factors],
            factor=max(factors),
        )
        yield Spacing(
            pixel_mm=detector,
            basis="detector",
            magnification_interval=(1.0, max(factors) * AROUND_MIDDLE[1]),
            cautions=(remark,),
        )
        return
    for factor in factors:
        yield _correct((detector[0] / factor, detector[1] / factor), factor)


def _is_magnified_view(header: Dataset) -> bool:
    """Whether the view is coded as a magnification view."""
    for view in items(header, "ViewCodeSequence"):
        codes = {text(code, "CodeValue") for code in items(view, "ViewModifierCodeSequence")}
        if not MAGNIFIED_CODES.isdisjoint(codes):
            return True
    return False


def _list_magnifications(header: Dataset) -> list[float]:
    """The magnification that the file states and the one that its distances give, as far as films have them."""
    stated = number(header, "EstimatedRadiographicMagnificationFactor") or 0.0
    return [factor for factor in (stated, _divide_distances(header)) if 1.0 <= factor <= PLAUSIBLE_MAGNIFICATION[1]]


def _widen_interval(header: Dataset, pixel: Pair) -> Iterator[Spacing]:
    """Pixel Spacing alone beside a magnification beyond that of a cassette: at the detector, or in the patient.

    Which of both it is, the file does not say (PS3.3 C.10.7.1.3), and the interval holds both.
    """
    factor = max(_list_magnifications(header), default=1.0)
    if factor <= ON_CASSETTE[1]:
        return
    remark = say(
        "the file states a magnification of {factor:.2g}, but not whether its Pixel Spacing is the detector's or the "
        "patient's: lengths may be up to {factor:.2g} times too long",
        factor=factor,
    )
    yield Spacing(
        pixel_mm=pixel,
        basis="detector",
        magnification_interval=(1.0, factor * AROUND_MIDDLE[1]),
        cautions=(remark,),
    )


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


def read_pitch(header: Dataset, keyword: str, *, within: Pair = PLAUSIBLE_MM) -> tuple[Pair | None, tuple[str, ...]]:
    """Row and column distance of an element, with a remark where it is there but cannot be true."""
    if tag(header, keyword) is None:
        return None, ()
    name, found = ELEMENT_NAMES[keyword], numbers(header, keyword)
    if len(found) != 2:
        remark = say(
            "{name} in the file is not two numbers, the distances of rows and of columns in mm: ignored", name=name
        )
        return None, (remark,)
    pair = (found[0], found[1])
    low, high = within
    if low <= min(pair) and max(pair) <= high:
        return pair, ()
    remark = say(
        "{name} in the file is {found} mm, not a pixel pitch ({low:g} to {high:g} mm): ignored",
        name=name,
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
    return not differs(a[0], b[0], within) and not differs(a[1], b[1], within)


def _format_pair(pair: Pair) -> str:
    if pair[0] == pair[1]:
        return f"{pair[0]:g}"
    return f"{pair[0]:g} x {pair[1]:g}"
