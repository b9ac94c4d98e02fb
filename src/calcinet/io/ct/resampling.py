"""A stack of slices brought onto a regular, upright grid: interpolated between slices, or sheared against a tilt."""

from typing import Final

import numpy as np

from calcinet.arrays import Floats, Pixels
from calcinet.io.ct.hounsfield_check import AIR_HU
from calcinet.text import say

Places = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

MOVES_PX: Final = 1e-3
"""Shift from slice to slice below which an axis is not sheared. Our choice: 0.8 pixels over 800 slices."""


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
        if abs(per_slice) > MOVES_PX:
            volume, before = _shift(volume, per_slice, axis)
            upright[:3, 3] -= before * side
    remark = say(
        "the gantry was tilted by {angle:.0f} degrees: slices were shifted against each other by interpolation",
        angle=angle,
    )
    return volume, upright, remark


def _shift(volume: Pixels, per_slice: float, axis: int) -> tuple[Pixels, int]:
    """Move slice k by k x `per_slice` pixels along an axis; also the pixels added before the first."""
    moves = per_slice * np.arange(volume.shape[0])
    before = int(np.ceil(max(0.0, -moves.min())))
    after = int(np.ceil(max(0.0, moves.max()))) + 1
    shape = list(volume.shape)
    shape[axis] += before + after
    out: Pixels = np.full(shape, AIR_HU, dtype=np.float32)
    for index, move in enumerate(moves + before):
        source = np.moveaxis(volume[index], axis - 1, 0)
        _put_shifted(source, move, np.moveaxis(out[index], axis - 1, 0))
    return out, before


def _put_shifted(source: Pixels, move: float, target: Pixels) -> None:
    """Write a slice into a larger one, moved along its first axis; fractions of a pixel are interpolated with air."""
    whole, share = int(np.floor(move)), np.float32(move - np.floor(move))
    padded = np.pad(source, ((1, 1), (0, 0)), constant_values=AIR_HU)
    target[whole : whole + len(source) + 1] = padded[1:] + share * (padded[:-1] - padded[1:])
