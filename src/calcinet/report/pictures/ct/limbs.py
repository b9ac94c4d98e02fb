"""The way of each limb through a CT, slice by slice: what a straightened picture is centred on. Nothing is measured."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Floats, Indices
from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.pictures.ct.body import Body
from calcinet.vocabulary import Side

SMOOTH_MM: Final = 12.0
"""Standard deviation by which a way is smoothed along the limb. Our choice: a knee stays, a plaque's edge does not."""

TWO_LIMBS_SHARE: Final = 0.5
"""With the body in two parts in so many of its slices, two limbs are shown. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Limb:
    """One limb, or a body that is shown as a whole."""

    side: Side | None
    reach: Indices
    """First and last column of its half in each slice, shape (Z, 2)."""
    centre: Floats
    """Row and column of its middle in each slice, shape (Z, 2)."""
    half_mm: tuple[float, float]
    """Half its size, front to back and side to side."""


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
    if image.laterality in ("L", "R") or not _two(body):
        return [one_limb(body, image, shape, mm)]
    middle = np.rint(_every_slice(_middles(body), body, shape, mm))
    halves = {"R": (np.zeros(shape[0]), middle), "L": (middle + 1, np.full(shape[0], shape[2] - 1))}
    reach = {side: np.stack(ends, axis=1).astype(np.intp) for side, ends in halves.items()}
    return [_limb(body, "R", reach["R"], shape, mm), _limb(body, "L", reach["L"], shape, mm)]


def one_limb(body: Body, image: ImageRecord, shape: tuple[int, int, int], mm: tuple[float, float, float]) -> Limb:
    """Take the whole body as one limb, of the side that the file states."""
    whole = np.tile(np.array([0, shape[2] - 1], np.intp), (shape[0], 1))
    side: Side | None = image.laterality if image.laterality in ("L", "R") else None
    return _limb(body, side, whole, shape, mm)


def way(limb: Limb, image: ImageRecord, affine: Floats, mm: tuple[float, float, float]) -> Floats:
    """Row and column to centre each slice on, shape (Z, 2): the column of the limb's middle, the row of its arteries.

    Where several arteries run the row lies between them; beyond their ends it keeps its distance from the limb's
    middle, which it is where there is none.
    """
    path = _arteries(limb.side, image, affine)
    if len(path) < 2:
        return limb.centre
    slices = np.arange(len(limb.centre))
    away = path[:, 1] - np.interp(path[:, 0], slices, limb.centre[:, 0])
    rows = limb.centre[:, 0] + np.interp(slices, path[:, 0], away)
    smooth = ndimage.gaussian_filter1d(rows, SMOOTH_MM / mm[0], mode="nearest")
    return np.stack([smooth, limb.centre[:, 1]], axis=1)


def has_artery(limb: Limb, image: ImageRecord) -> bool:
    """Whether the way follows an artery."""
    return image.ct is not None and any(artery.side == limb.side for artery in image.ct.arteries)


def _arteries(side: Side | None, image: ImageRecord, affine: Floats) -> Floats:
    """Middle of the arteries' centre lines in each slice that they cross, in voxels (Z, Y, X), shape (N, 3)."""
    chains = [artery for artery in image.ct.arteries if artery.side == side] if image.ct else []
    members = {key for artery in chains for key in artery.findings}
    lines = [_voxels(finding, affine) for finding in image.findings if finding.id in members and finding.place_mm]
    points = np.concatenate([np.empty((0, 3)), *lines])
    levels = np.rint(points[:, 0])
    return np.array([points[levels == z].mean(axis=0) for z in np.unique(levels)]).reshape(-1, 3)


def _voxels(finding: FindingRecord, affine: Floats) -> Floats:
    points = np.array(finding.place_mm, np.float64)
    return np.asarray((np.c_[points, np.ones(len(points))] @ np.linalg.inv(affine).T)[:, :3])


def _two(body: Body) -> bool:
    """Whether most slices show two pieces of a like size."""
    counts = []
    for piece in body.inside:
        labels, _ = ndimage.label(piece)
        sizes = np.sort(np.bincount(labels.ravel())[1:])[::-1]
        if len(sizes):
            counts.append(len(sizes) > 1 and sizes[1] > 0.3 * sizes[0])
    return bool(counts) and float(np.mean(counts)) >= TWO_LIMBS_SHARE


def _middles(body: Body) -> Floats:
    """Column where the body is thinnest in its middle half: between two legs; not a number in an empty slice."""
    found = np.full(len(body.inside), np.nan)
    for z, piece in enumerate(body.inside):
        across = np.flatnonzero(piece.any(axis=0))
        if len(across):
            quarter = (across[-1] - across[0]) // 4
            inner = np.arange(across[0] + quarter, across[-1] - quarter + 1)
            depths = piece[:, inner].sum(axis=0)
            found[z] = np.median(inner[depths == depths.min()]) * body.step[2]
    return found


def _limb(
    body: Body, side: Side | None, reach: Indices, shape: tuple[int, int, int], mm: tuple[float, float, float]
) -> Limb:
    along, down, across = body.step
    centres = np.full((len(body.inside), 2), np.nan)
    sizes = np.zeros((len(body.inside), 2))
    for z, piece in enumerate(body.inside):
        first, last = reach[min(z * along, shape[0] - 1)] // across
        rows, columns = np.nonzero(piece[:, first : last + 1])
        if len(rows):
            centres[z] = rows.mean() * down, (columns.mean() + first) * across
            sizes[z] = np.ptp(rows) * down * mm[1], np.ptp(columns) * across * mm[2]
    centre = np.stack([_every_slice(centres[:, axis], body, shape, mm) for axis in (0, 1)], axis=1)
    shown = sizes[sizes.any(axis=1)]
    half = np.percentile(shown, 98, axis=0) / 2 if len(shown) else np.array([50.0, 50.0])
    return Limb(side, reach, centre, (float(half[0]), float(half[1])))


def _every_slice(values: Floats, body: Body, shape: tuple[int, int, int], mm: tuple[float, float, float]) -> Floats:
    """Carry values at every step to every slice, over gaps and smoothed; the picture's middle where there are none."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return np.full(shape[0], shape[2] / 2)
    every = np.interp(np.arange(shape[0]), known * body.step[0], values[known])
    return np.asarray(ndimage.gaussian_filter1d(every, SMOOTH_MM / mm[0], mode="nearest"))
