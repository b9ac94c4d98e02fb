"""A stack of slices brought onto a regular, upright grid: interpolated between slices, or shifted against a tilt."""

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.io.ct.hounsfield_check import AIR_HU
from calcinet.text import say

Places = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def resampled(volume: Pixels, places: Places) -> Pixels:
    """Slices at fractional places along axis 0, linearly between their neighbours; shape (places, rows, columns)."""
    out: Pixels = np.empty((len(places), *volume.shape[1:]), dtype=np.float32)
    for index, place in enumerate(places):
        below = min(int(place), volume.shape[0] - 1)
        share = np.float32(place - below)
        out[index] = volume[below]
        if share > 0:
            out[index] += share * (volume[below + 1] - volume[below])
    return out


def sheared(volume: Pixels, affine: Floats) -> tuple[Pixels, Floats, str]:
    """Shift each slice within its plane so that the stack stands upright on its first slice.

    Slices move by whole pixels and keep their values: what is scored and measured is what was acquired [agatston1990].
    Each then lies up to half a pixel beside its place, less than any outline is known to.

    Parameters
    ----------
    volume
        Shape (slices, rows, columns), of a leaning stack.
    affine
        From (slice, row, column, 1) to mm; its first column leans.

    Returns
    -------
    tuple
        The upright volume, air where nothing was; its affine, whose axes are at right angles; a sentence that says so.
    """
    upright, step = affine.copy(), affine[:3, 0]
    normal = np.cross(affine[:3, 2], affine[:3, 1])
    normal /= np.linalg.norm(normal)
    angle = float(np.degrees(np.arccos(np.clip(abs(normal @ step) / np.linalg.norm(step), -1, 1))))
    upright[:3, 0] = normal * (normal @ step)
    for axis in (1, 2):
        side = affine[:3, axis]
        per_slice = float(step @ side / (side @ side))
        if round(abs(per_slice) * (volume.shape[0] - 1)):
            volume, before = _shift(volume, per_slice, axis)
            upright[:3, 3] -= before * side
    remark = say(
        "the gantry was tilted by {angle:.0f} degrees: slices were shifted against each other by whole pixels, which "
        "changes no value; at right angles they stand {mm:.2f} mm apart",
        angle=angle,
        mm=float(np.linalg.norm(upright[:3, 0])),
    )
    return volume, upright, remark


def _shift(volume: Pixels, per_slice: float, axis: int) -> tuple[Pixels, int]:
    """Move slice k by the whole pixels next to k x `per_slice` along an axis; also the pixels added before the first.

    One array of the size of the result is made; where nothing was, it holds air.
    """
    moves = np.rint(per_slice * np.arange(volume.shape[0])).astype(np.intp)
    before, length = max(0, -int(moves.min())), volume.shape[axis]
    shape = list(volume.shape)
    shape[axis] += int(np.ptp(moves))
    out: Pixels = np.full(shape, AIR_HU, dtype=np.float32)
    for source, target, start in zip(volume, out, moves + before, strict=True):
        np.moveaxis(target, axis - 1, 0)[start : start + length] = np.moveaxis(source, axis - 1, 0)
    return out, before
