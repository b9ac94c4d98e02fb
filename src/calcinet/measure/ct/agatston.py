"""The Agatston score of calcium on CT, slice by slice as it was published [agatston1990]."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.constants import NORMAL_95
from calcinet.errors import NotMeasurable
from calcinet.image import Image
from calcinet.measure.ct.hounsfield import require_hounsfield_volume
from calcinet.measure.result import quantity
from calcinet.text import say

THRESHOLD_HU: Final = 130.0
"""Calcium begins here. [agatston1990]"""

DENSITY_STEPS_HU: Final = (130.0, 200.0, 300.0, 400.0)
"""A lesion weighs 1, 2, 3 or 4 by the highest step that its peak reaches. [agatston1990]"""

MIN_AREA_MM2: Final = 1.0
"""A smaller patch is taken for noise. [agatston1990]"""

STANDARD_INCREMENT_MM: Final = 3.0
"""Distance of slices that the score is defined for. [agatston1990]"""

STANDARD_KVP: Final = 120.0
"""Tube voltage that the threshold is used at. Our choice: what calcium scoring is done with; lower voltages make the
same calcium brighter."""

LESION_SD: Final = 0.2
"""Relative standard deviation of what one lesion of one slice adds to the score, by where the slices lie and by noise
at the threshold. Our own fit to generated legs scanned again with shifted slices and other noise."""

SCORE_SD: Final = 0.02
"""The same of a score of ever so many lesions. Our own fit, as before."""

ROUNDING: Final = 1e-6
"""Areas and increments are compared with this much room: they come from decimal fractions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgatstonScore:
    """What `agatston_score` found; no lesion is a score of 0, which is a measurement."""

    score: float = quantity("1", say("Agatston score"), code="DCM:112058")
    lesion_area_mm2: float = quantity("mm2", say("Area of lesions, summed over slices"))
    lesion_count: int = quantity("1", say("Lesions, counted slice by slice"))
    interval: tuple[float, float] | None = None
    """95 %, of the mean score that the same calcium gets from slices of this thickness and kernel wherever they lie;
    None where nothing was scored."""
    cautions: tuple[str, ...] = ()


def agatston_score(
    image: Image, candidates: Mask, *, contrast: bool | None = None, kvp: float | None = None
) -> AgatstonScore:
    """Score the calcium inside `candidates`.

    score = sum over lesions of area weight, times increment / 3 mm [agatston1990]

    In each slice, pixels of 130 HU and more that touch at an edge are a lesion; one of at least 1 mm2 counts with its
    area in mm2 times its weight: 1, 2, 3 or 4 where its brightest pixel has 130, 200, 300 or 400 HU at least. The sum
    over slices is the score at an increment of 3 mm; at another it is scaled, with a caution. Of a stack that was made
    regular, the slices as acquired are scored, each over its own increment. The interval is that of the same calcium
    scanned again; calcium that is not among the candidates is not in it.

    Parameters
    ----------
    image
        Pixels in Hounsfield units, shape (Z, Y, X), with a spacing.
    candidates
        Boolean, same shape: where calcium of the vessels in question may be.
    contrast
        Whether contrast agent was given; None where that is not known.
    kvp
        Tube voltage in kV; None where that is not known.

    Raises
    ------
    NotMeasurable
        If the pixels are not Hounsfield units, the spacing is unknown, or contrast agent is present: it passes the
        threshold as calcium does.
    BadInput
        If the shapes differ.
    """
    increment_mm, row_mm, column_mm = require_hounsfield_volume(
        image, candidates, without_spacing=say("an Agatston score needs the size of a pixel and the distance of slices")
    )
    if contrast:
        raise NotMeasurable(say("contrast agent present: at 130 HU it counts as calcium; score a CT without contrast"))
    shares_mm = image.scored_mm or (increment_mm,) * len(image.pixels)
    calcium = candidates & (image.pixels >= THRESHOLD_HU)
    shares, areas = [], [0.0]
    for share_mm, slice_hu, slice_calcium in zip(shares_mm, image.pixels, calcium, strict=True):
        if share_mm:
            area, peak = _measure_lesions(slice_hu, slice_calcium, row_mm * column_mm)
            shares += (area * density_factor(peak) * share_mm / STANDARD_INCREMENT_MM).tolist()
            areas.extend(area.tolist())
    return AgatstonScore(
        score=sum(shares),
        lesion_area_mm2=sum(areas),
        lesion_count=len(areas) - 1,
        interval=_bound_score(shares),
        cautions=tuple(_state_cautions(shares_mm, contrast, kvp)),
    )


def density_factor(peak_hu: NDArray[np.floating]) -> Indices:
    """Weight of a lesion by its peak.

    >>> density_factor(np.array([130.0, 199.0, 200.0, 1000.0])).tolist()
    [1, 1, 2, 4]
    """
    return np.searchsorted(DENSITY_STEPS_HU, peak_hu, side="right")


def _bound_score(shares: Sequence[float]) -> tuple[float, float] | None:
    """95 % interval of a score that lesions add up to: each errs by `LESION_SD` for itself, all together by `SCORE_SD`.

    >>> [round(end) for end in _bound_score([1.0] * 100) or ()]
    [95, 106]
    """
    score = sum(shares)
    if not score:
        return None
    alone = LESION_SD * float(np.linalg.norm(shares)) / score
    factor = float(np.exp(NORMAL_95 * np.hypot(alone, SCORE_SD)))
    return score / factor, score * factor


def _measure_lesions(hu: Pixels, calcium: Mask, pixel_mm2: float) -> Floats:
    """Area in mm2 and peak in HU of each lesion of one slice, shape (2, N)."""
    labels, count = ndimage.label(calcium)
    if not count:
        return np.empty((2, 0))
    area = np.bincount(labels.ravel(), minlength=count + 1)[1:] * pixel_mm2
    peak = np.asarray(ndimage.maximum(hu, labels, np.arange(1, count + 1)), dtype=np.float64)
    large = area >= MIN_AREA_MM2 - ROUNDING
    return np.stack([area[large], peak[large]])


def _state_cautions(shares_mm: Sequence[float], contrast: bool | None, kvp: float | None) -> list[str]:
    cautions: list[str] = []
    scored = [share for share in shares_mm if share] or [STANDARD_INCREMENT_MM]
    least, most = min(scored), max(scored)
    if most - least > ROUNDING:
        cautions.append(
            say(
                "slices unequally far apart: those acquired are scored, each over half the way to its neighbours "
                "({least:g} to {most:g} mm), and scaled to the 3 mm that the score is defined for",
                least=least,
                most=most,
            )
        )
    elif abs(least - STANDARD_INCREMENT_MM) > ROUNDING:
        cautions.append(
            say("slices {increment:g} mm apart: the score is defined for 3 mm, and scaled to it", increment=least)
        )
    if kvp is not None and abs(kvp - STANDARD_KVP) > ROUNDING:
        cautions.append(say("taken at {kvp:g} kV: 130 HU is meant for 120 kV, at which scores are compared", kvp=kvp))
    if contrast is None:
        cautions.append(say("whether contrast agent was given is not known"))
    return cautions
