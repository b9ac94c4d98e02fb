"""Outer diameter of a tubular calcification on CT, freed of blur as far as its volume is."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Indices
from calcinet.errors import NotMeasurable
from calcinet.measure.result import quantity
from calcinet.text import say

LUMEN_MM: Final = 0.85
"""Radius from which a lumen inside the calcium is believed. Our choice: blur makes a solid rod look as if it had one of
0.7 mm at most."""

HALF_RING: Final = 0.55
"""Spread across the two directions over one another, at least, for a wall that goes round: a plaque on one side is
flat. Our choice."""

LEAST_PIXELS: Final = 2.0
"""A diameter of fewer pixels is not resolved. Our choice: two samples across, as for films."""

WINDOW_MM: Final = 6.0
"""Length of a window. Our choice: within it an artery is straight."""

LEAST_VOXELS: Final = 12
"""Fewest voxels of a window. Our choice."""


@dataclass(frozen=True, slots=True)
class CtCalibre:
    """What `ct_calibre` found."""

    calibre_mm: float = quantity("mm", say("Outer diameter of the calcified tube"))
    hollow: bool = False
    """A wall about a lumen; else a rod, or a plaque on one side, whose own thickness this is."""


def ct_calibre(
    voxels: Indices, spacing_mm: tuple[float, float, float], volume_mm3: float, length_mm: float
) -> CtCalibre:
    """Measure the diameter of one tubular part.

    For a wall between the radii r and R, the variances across it sum to (R^2 + r^2)/2, and its cross section A is
    pi (R^2 - r^2): together they give R^2 = variances + A / (2 pi) and r^2 = variances - A / (2 pi).
    A rod has no r, and is as thick as a cylinder of its volume and length, which blur does not change.

    Parameters
    ----------
    voxels
        Of the part (Z, Y, X), shape (N, 3).
    spacing_mm
        Of the volume, (Z, Y, X).
    volume_mm3
        Freed of blur and partial volume, see `measure.ct.volume`.
    length_mm
        Of its centre line.

    Raises
    ------
    NotMeasurable
        If the part has no length, or is thinner than two pixels.
    """
    if length_mm <= 0 or volume_mm3 <= 0 or len(voxels) < 2:
        raise NotMeasurable(say("too small for a calibre"))
    section_mm2 = volume_mm3 / length_mm
    wide, narrow = _measure_spread(voxels * np.array(spacing_mm))
    around, solid = wide**2 + narrow**2, section_mm2 / (2 * np.pi)
    hollow = around - solid > LUMEN_MM**2 and narrow > HALF_RING * wide
    radius2 = 2 * solid
    if hollow:
        radius2 = around + solid
    calibre_mm = 2 * float(np.sqrt(radius2))
    least_mm = LEAST_PIXELS * max(spacing_mm[1:])
    if calibre_mm < least_mm:
        raise NotMeasurable(
            say("narrower than this CT resolves, {width:.1f} mm: its pixels are that large", width=least_mm)
        )
    return CtCalibre(calibre_mm, hollow)


def _measure_spread(places: Floats) -> tuple[float, float]:
    """Standard deviations in mm in the two directions across a part, which may bend: window by window along it."""
    centred = places - places.mean(axis=0)
    axes = np.linalg.eigh(centred.T @ centred)[1]
    along, across = centred @ axes[:, 2], centred @ axes[:, :2]
    window = ((along - along.min()) / WINDOW_MM).astype(np.intp)
    spreads = []
    for number in np.unique(window):
        inside = window == number
        if inside.sum() >= LEAST_VOXELS:
            spreads.append(_measure_deviations(across[inside]))
    if not spreads:
        return _measure_deviations(across)
    wide, narrow = np.median(np.array(spreads), axis=0)
    return float(wide), float(narrow)


def _measure_deviations(across: Floats) -> tuple[float, float]:
    """Larger and smaller standard deviation of points of a plane, shape (N, 2)."""
    centred = across - across.mean(axis=0)
    values = np.maximum(np.linalg.eigvalsh(centred.T @ centred / len(across)), 0)
    return float(np.sqrt(values[1])), float(np.sqrt(values[0]))
