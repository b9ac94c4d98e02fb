"""Calcium as lines and tubes: how many mm of it the beam meets, and which pixels it touches."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.constants import FWHM_PER_SIGMA
from calcinet.phantoms.exposure import blur
from calcinet.phantoms.path_lengths import NearPixels, find_pixels_near, mean_chord

LONGEST_TILT: Final = 2.5
"""An artery that runs along the beam is drawn at most this many times as thick. Our choice."""

UPPER_QUARTILE: Final = 75.0
"""Percentile of a deposit's contrast that stands for it. Our choice: its thin rim does not count."""

LEAST_AMOUNT: Final = 0.1
"""Relative calcium that truth may mark, at least. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Deposit:
    """Calcium of one kind; maps of shape (Y, X)."""

    thickness_mm: Pixels
    """Length of the beam in dense calcium."""

    footprint: Mask
    """Pixels that it touches and that truth may mark."""

    label: int
    """Value of `Truth.mask`."""

    contrast_in_noise: float
    percentile: float = UPPER_QUARTILE
    """Percentile of the contrast on the footprint that `contrast_in_noise` is."""

    densest: float = 1.0
    """Density that is not exceeded, of pure calcium; above 1 the calcium is longer along the beam than it is wide."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Tube:
    """A calcified tube; arrays are (N,) along its path."""

    path_px: Floats
    outer_px: Floats
    wall_px: float
    """Thickness of the wall; one of at least the outer radius makes a solid line."""

    left: Floats
    """Relative amount of calcium in the wall on the one side of the path, 0 to about 1.5."""

    right: Floats
    tilt: Floats
    """Length in space over length as projected."""

    @classmethod
    def flat(cls, path_px: Floats, outer_px: Floats, wall_px: float, amount: Floats) -> "Tube":
        """A tube in the plane of the film, both of whose walls hold the same amount."""
        level = np.ones(len(path_px))
        return cls(path_px=path_px, outer_px=outer_px, wall_px=wall_px, left=amount, right=amount, tilt=level)


def draw(tube: Tube, onto: Pixels, footprint: Mask, *, pixel_mm: float, blur_px: float) -> None:
    """Draw a tube on a map of mm of calcium; where tubes meet the thicker one counts.

    The beam meets the wall over the chord of the outer circle less that of the lumen; calcium that is tilted against
    the film is longer by `tilt`. A lumen narrower than the blur is not seen: the footprint then has no gap.
    """
    near = find_pixels_near((onto.shape[0], onto.shape[1]), tube.path_px, tube.outer_px)
    outer = near.at(tube.outer_px)
    lumen = np.maximum(outer - tube.wall_px, 0)
    chord = mean_chord(near.across, outer) - mean_chord(near.across, lumen)
    amount = _mix_walls(tube, near, outer)
    tilt = np.minimum(near.at(tube.tilt), LONGEST_TILT)
    value = chord * amount * tilt * pixel_mm
    here = (near.rows, near.columns)
    onto[here] = np.maximum(onto[here], value.astype(np.float32))
    away = np.abs(near.across)
    seen_lumen = lumen > max(0.5 * FWHM_PER_SIGMA * blur_px, 1.0)
    in_lumen = seen_lumen & (away < lumen - 0.5)
    touched = (away <= outer + 0.5) & ~in_lumen & (amount > LEAST_AMOUNT)
    footprint[near.rows[touched], near.columns[touched]] = True


def _mix_walls(tube: Tube, near: NearPixels, outer: Floats) -> Floats:
    """Relative calcium at each pixel: of the left or right wall at the edges, in between of both mixed."""
    side = np.clip(near.across / np.maximum(outer, 1e-6), -1, 1) * 0.5 + 0.5
    return near.at(tube.left) * (1 - side) + near.at(tube.right) * side


def density(deposit: Deposit, contrast_per_mm: Pixels, noise: Pixels, blur_px: float) -> float:
    """Density, of pure calcium, that gives the deposit its contrast, up to its densest.

    `contrast_per_mm` and `noise` are maps of the film before processing: what a mm of calcium adds, and the SD.
    """
    if not deposit.footprint.any():
        return 0.0
    shown = blur(deposit.thickness_mm, blur_px) * contrast_per_mm / noise
    reached = float(np.percentile(shown[deposit.footprint], deposit.percentile))
    return min(deposit.contrast_in_noise / max(reached, 1e-9), deposit.densest)
