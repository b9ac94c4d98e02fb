"""Calcium as lines and tubes: how many mm of it the beam meets, and which pixels it touches."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.constants import FWHM_PER_SIGMA
from calcinet.phantoms.exposure import blurred
from calcinet.phantoms.path_lengths import mean_chord, near_curve

LONGEST_TILT: Final = 2.5
"""A tube that runs towards the tube's focus is not drawn longer along the beam than this. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Deposit:
    """Calcium of one kind; maps of shape (Y, X)."""

    thickness_mm: Pixels
    """Length of the beam in dense calcium."""

    footprint: Mask
    """Pixels that it touches and that truth may mark."""

    label: int
    """Value of `Truth.mask`."""

    contrast_in_noise: float
    percentile: float
    """Which percentile of the contrast on the footprint is meant."""

    densest: float = 1.0
    """Density that is not exceeded, of pure calcium; above 1 the calcium is longer along the beam than it is wide."""


@dataclass(frozen=True, slots=True, eq=False)
class Tube:
    """A calcified tube; arrays are (N,) along its path."""

    path_px: Floats
    outer_px: Floats
    wall_px: float
    """At least the outer radius means a solid line."""

    left: Floats
    """Relative amount of calcium in the wall on the one side of the path, 0 to about 1.5."""

    right: Floats
    tilt: Floats
    """Length in space over length as projected."""


def draw(tube: Tube, onto: Pixels, footprint: Mask, *, pixel_mm: float, blur_px: float) -> None:
    """Draw a tube on a map of mm of calcium; where tubes meet the thicker one counts."""
    near = near_curve(onto.shape, tube.path_px, tube.outer_px)
    outer = near.at(tube.outer_px)
    lumen = np.maximum(outer - tube.wall_px, 0)
    chord = mean_chord(near.across, outer) - mean_chord(near.across, lumen)
    side = np.clip(near.across / np.maximum(outer, 1e-6), -1, 1) * 0.5 + 0.5  # the far and near wall mix in between
    amount = near.at(tube.left) * (1 - side) + near.at(tube.right) * side
    value = chord * amount * np.minimum(near.at(tube.tilt), LONGEST_TILT) * pixel_mm
    here = (near.rows, near.columns)
    onto[here] = np.maximum(onto[here], value.astype(np.float32))
    hollow = lumen > max(0.5 * FWHM_PER_SIGMA * blur_px, 1.0)
    away = np.abs(near.across)
    touched = (away <= outer + 0.5) & ~(hollow & (away < lumen - 0.5)) & (amount > 0.1)
    footprint[near.rows[touched], near.columns[touched]] = True


def density(deposit: Deposit, contrast_per_mm: Pixels, noise: Pixels, blur_px: float) -> float:
    """Density, of pure calcium, that gives the deposit its contrast, up to its densest.

    `contrast_per_mm` and `noise` are maps of the film before processing: what a mm of calcium adds, and the SD.
    """
    if not deposit.footprint.any():
        return 0.0
    shown = blurred(deposit.thickness_mm, blur_px) * contrast_per_mm / noise
    reached = float(np.percentile(shown[deposit.footprint], deposit.percentile))
    return min(deposit.contrast_in_noise / max(reached, 1e-9), deposit.densest)
