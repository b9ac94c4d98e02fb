"""The course of each limb through a CT, slice by slice: what a straightened picture is centred on.

Nothing is measured.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Indices
from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.pictures.ct.body import Body
from calcinet.vocabulary import Side

SMOOTH_MM: Final = 12.0
"""Standard deviation by which a course is smoothed along a limb. Our choice: a knee stays, a plaque's edge does not."""

TWO_LIMBS_SHARE: Final = 0.5
"""Two limbs are shown where the body is in two parts in this share of its slices. Our choice."""

SECOND_LIMB_SHARE: Final = 0.3
"""Area of the second largest part of a slice over the largest, from which it is a limb. Our choice."""

EMPTY_HALF_MM: Final = 50.0
"""Half the size of a limb that is in no slice. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Limb:
    """One limb, or a body that is shown as a whole."""

    side: Side | None
    reach: Indices
    """First and last column of its half in each slice, shape (Z, 2)."""
    centre: Floats
    """Row and column of its middle in each slice, shape (Z, 2)."""
    half_mm: tuple[float, float]
    """Half its size, front to back and side to side."""


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """The body on its coarse grid, and the volume that it is taken from."""

    body: Body
    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]


def find_limbs(
    body: Body, image: ImageRecord, shape: tuple[int, int, int], mm: tuple[float, float, float]
) -> list[Limb]:
    """Tell two legs apart, right one first, or give the whole body as one.

    Parameters
    ----------
    body
        Where the body is.
    image
        Its side, where the file says it.
    shape, mm
        Slices, rows and columns of the volume, and their distances.
    """
    if image.laterality in ("L", "R") or not _has_two_parts(body):
        return [one_limb(body, image, shape, mm)]
    grid = _Grid(body, shape, mm)
    middle = np.rint(_fill_slices(_find_gap_columns(body), grid))
    right = np.stack([np.zeros(shape[0]), middle], axis=1).astype(np.intp)
    left = np.stack([middle + 1, np.full(shape[0], shape[2] - 1)], axis=1).astype(np.intp)
    return [_trace_limb(grid, "R", right), _trace_limb(grid, "L", left)]


def one_limb(body: Body, image: ImageRecord, shape: tuple[int, int, int], mm: tuple[float, float, float]) -> Limb:
    """Take the whole body as one limb, of the side that the file states."""
    whole = np.tile(np.array([0, shape[2] - 1], np.intp), (shape[0], 1))
    side: Side | None = image.laterality if image.laterality in ("L", "R") else None
    return _trace_limb(_Grid(body, shape, mm), side, whole)


def centre_on_arteries(limb: Limb, image: ImageRecord, affine: Floats, mm: tuple[float, float, float]) -> Floats:
    """Row and column to centre each slice on, shape (Z, 2): the column of the limb's middle, the row of its arteries.

    Where there are several arteries, the row is between them; beyond their ends it keeps its distance from the limb's
    middle, which it is where there is none.
    """
    path = _find_artery_middles(limb.side, image, affine)
    if len(path) < 2:
        return limb.centre
    slices = np.arange(len(limb.centre))
    away = path[:, 1] - np.interp(path[:, 0], slices, limb.centre[:, 0])
    rows = limb.centre[:, 0] + np.interp(slices, path[:, 0], away)
    smooth = ndimage.gaussian_filter1d(rows, SMOOTH_MM / mm[0], mode="nearest")
    return np.stack([smooth, limb.centre[:, 1]], axis=1)


def has_artery(limb: Limb, image: ImageRecord) -> bool:
    """Whether an artery of the record runs in a limb."""
    return image.ct is not None and any(artery.side == limb.side for artery in image.ct.arteries)


def _find_artery_middles(side: Side | None, image: ImageRecord, affine: Floats) -> Floats:
    """Middle of the arteries' centre lines in each slice that they cross, in voxels (Z, Y, X), shape (N, 3)."""
    members = _list_artery_findings(side, image)
    lines = [_carry_to_voxels(f, affine) for f in image.findings if f.id in members and f.place_mm]
    points = np.concatenate([np.empty((0, 3)), *lines])
    slices = np.rint(points[:, 0])
    middles = [points[slices == z].mean(axis=0) for z in np.unique(slices)]
    return np.array(middles).reshape(-1, 3)


def _list_artery_findings(side: Side | None, image: ImageRecord) -> set[str]:
    """Ids of the findings that the arteries of one side consist of."""
    members: set[str] = set()
    if image.ct is not None:
        for artery in image.ct.arteries:
            if artery.side == side:
                members.update(artery.findings)
    return members


def _carry_to_voxels(finding: FindingRecord, affine: Floats) -> Floats:
    points = np.array(finding.place_mm, np.float64)
    return np.asarray((np.c_[points, np.ones(len(points))] @ np.linalg.inv(affine).T)[:, :3])


def _has_two_parts(body: Body) -> bool:
    """Whether most slices show two pieces of a like size."""
    two = []
    for piece in body.inside:
        labels, _ = ndimage.label(piece)
        sizes = np.sort(np.bincount(labels.ravel())[1:])[::-1]
        if len(sizes):
            two.append(len(sizes) > 1 and sizes[1] > SECOND_LIMB_SHARE * sizes[0])
    return bool(two) and float(np.mean(two)) >= TWO_LIMBS_SHARE


def _find_gap_columns(body: Body) -> Floats:
    """Column where the body is thinnest in its middle half: between two legs; not a number in an empty slice."""
    columns = np.full(len(body.inside), np.nan)
    for z, piece in enumerate(body.inside):
        across = np.flatnonzero(piece.any(axis=0))
        if len(across):
            quarter = (across[-1] - across[0]) // 4
            inner = np.arange(across[0] + quarter, across[-1] - quarter + 1)
            depths = piece[:, inner].sum(axis=0)
            columns[z] = np.median(inner[depths == depths.min()]) * body.step[2]
    return columns


def _trace_limb(grid: _Grid, side: Side | None, reach: Indices) -> Limb:
    """Follow the middle and the size of what lies between the columns of `reach`."""
    centres, sizes = _measure_pieces(grid, reach)
    rows, columns = _fill_slices(centres[:, 0], grid), _fill_slices(centres[:, 1], grid)
    shown = sizes[sizes.any(axis=1)]
    half = np.full(2, EMPTY_HALF_MM)
    if len(shown):
        half = np.percentile(shown, 98, axis=0) / 2
    half_mm = (float(half[0]), float(half[1]))
    return Limb(side=side, reach=reach, centre=np.stack([rows, columns], axis=1), half_mm=half_mm)


def _measure_pieces(grid: _Grid, reach: Indices) -> tuple[Floats, Floats]:
    """Middle (row, column) and size (mm) of what lies between the columns of `reach` at every step, shape (N, 2).

    A middle is not a number, and a size 0, where there is nothing.
    """
    along, down, across = grid.body.step
    _, down_mm, across_mm = grid.spacing_mm
    centres = np.full((len(grid.body.inside), 2), np.nan)
    sizes = np.zeros((len(grid.body.inside), 2))
    for z, piece in enumerate(grid.body.inside):
        first, last = reach[min(z * along, grid.shape[0] - 1)] // across
        rows, columns = np.nonzero(piece[:, first : last + 1])
        if len(rows):
            centres[z] = rows.mean() * down, (columns.mean() + first) * across
            sizes[z] = np.ptp(rows) * down * down_mm, np.ptp(columns) * across * across_mm
    return centres, sizes


def _fill_slices(values: Floats, grid: _Grid) -> Floats:
    """Carry values at every step to every slice, over gaps and smoothed; the picture's middle where there are none."""
    measured = np.flatnonzero(np.isfinite(values))
    if not len(measured):
        return np.full(grid.shape[0], grid.shape[2] / 2)
    every = np.interp(np.arange(grid.shape[0]), measured * grid.body.step[0], values[measured])
    return np.asarray(ndimage.gaussian_filter1d(every, SMOOTH_MM / grid.spacing_mm[0], mode="nearest"))
