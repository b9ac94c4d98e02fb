"""Marks as a reader draws them: added, erased in part, split, joined."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from scipy.spatial import cKDTree

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import BadInput
from calcinet.findings.finding import Finding, Kind
from calcinet.geometry.skeleton import bounding_box
from calcinet.image import Image
from calcinet.record.base import Point
from calcinet.text import say

USUAL_WIDTH_MM: Final = 2.0
"""Of a vessel that a reader draws without a width. Our choice: a first estimate, the calibre is measured."""

USUAL_WIDTH_PX: Final = 8.0
"""The same where the pixel size is unknown. Our choice."""

ACROSS_MM: Final = 3.0
"""Lines of a net that a reader draws stand out from the median over this side. Our choice: wider than a line of a net,
narrower than its meshes."""

ACROSS_PX: Final = 15

STANDS_OUT: Final = 2.0
"""Standard deviations of the film's noise by which they do so. Our choice."""

SUBPIXEL_BITS: Final = 4
"""Outlines are filled to a sixteenth of a pixel."""


def add_mark(
    image: Image, kind: Kind, points: Sequence[Point], *, width_px: float | None, noise_sd: float | None
) -> Finding:
    """A mark that a reader draws.

    Parameters
    ----------
    image
        The film.
    kind
        What it is.
    points
        Rows and columns: the line of a vessel, the outline of others.
    width_px
        Of a vessel, about how wide it is; `USUAL_WIDTH_MM` where None.
    noise_sd
        Of the film, in its grey values; without it the whole outline of a net counts as its lines.

    Raises
    ------
    BadInput
        If it covers no pixel.
    """
    shape = (image.plane.shape[0], image.plane.shape[1])
    if kind is Kind.VESSEL:
        return _add_vessel(shape, np.asarray(points, dtype=float), width_px or _assume_width(image))
    drawn = fill_outline(shape, points)
    if kind is Kind.FOCUS:
        return cut_out(Finding(kind=kind, mask=drawn, origin=(0, 0)))
    lines = drawn if noise_sd is None else _find_lines(image, drawn, noise_sd)
    return cut_out(Finding(kind=kind, mask=lines, patch=drawn, origin=(0, 0)))


def erase_part(finding: Finding, shape: tuple[int, int], points: Sequence[Point]) -> list[Finding]:
    """What is left of a mark without what lies within an outline; of a vessel its pieces, the longest first."""
    gone = fill_outline(shape, points)[finding.box]
    left = replace(finding, mask=finding.mask & ~gone, probability=None)
    if finding.patch is not None:
        left = replace(left, patch=finding.patch & ~gone)
    if not left.mask.any():
        return []
    if finding.kind is not Kind.VESSEL:
        return [cut_out(left)]
    rows, columns = np.rint(finding.centre_lines[0]).astype(int).T - np.array(finding.origin)[:, None]
    inside = (rows >= 0) & (columns >= 0) & (rows < gone.shape[0]) & (columns < gone.shape[1])
    erased = np.zeros(len(rows), dtype=bool)
    erased[inside] = gone[rows[inside], columns[inside]]
    runs = np.split(np.arange(len(rows)), np.flatnonzero(np.diff(erased.astype(np.int8))) + 1)
    kept = [run for run in runs if not erased[run[0]] and len(run) > 1]
    return sorted(_divide_vessel(left, kept), key=lambda part: -len(part.centre_lines[0]))


def split_mark(finding: Finding, points: Sequence[Point]) -> tuple[Finding, Finding]:
    """Both parts of a mark: of a vessel about the place that is nearest to a point, of others on either side of a line.

    Raises
    ------
    BadInput
        If one of them would be empty.
    """
    bare = replace(finding, probability=None)
    if finding.kind is Kind.VESSEL:
        line = finding.centre_lines[0]
        at = int(np.hypot(*(line - np.asarray(points[0])).T).argmin())
        if 2 <= at <= len(line) - 2:
            parts = _divide_vessel(bare, [np.arange(at), np.arange(at, len(line))])
            if len(parts) == 2:
                return parts[0], parts[1]
    else:
        (row, column), (last_row, last_column) = points
        rows, columns = np.indices(finding.mask.shape) + np.array(finding.origin)[:, None, None]
        side = (last_row - row) * (columns - column) - (last_column - column) * (rows - row) > 0
        halves = [_keep_side(bare, side), _keep_side(bare, ~side)]
        if all(half.mask.any() for half in halves):
            return cut_out(halves[0]), cut_out(halves[1])
    raise BadInput(say("there is nothing of the mark on one side: split it elsewhere"))


def join_marks(first: Finding, second: Finding) -> Finding:
    """Two marks of one kind as one; of two vessels the ends that are nearest are joined straight."""
    top, left = np.minimum(first.origin, second.origin)
    ends = [(one.box[0].stop, one.box[1].stop) for one in (first, second)]
    bottom, right = np.max(ends, axis=0)
    mask = np.zeros((bottom - top, right - left), dtype=bool)
    patch = np.zeros_like(mask)
    for one in (first, second):
        row, column = one.origin[0] - top, one.origin[1] - left
        box = slice(row, row + one.mask.shape[0]), slice(column, column + one.mask.shape[1])
        mask[box] |= one.mask
        if one.patch is not None:
            patch[box] |= one.patch
    joined = Finding(kind=first.kind, mask=mask, origin=(int(top), int(left)))
    if first.patch is not None:
        joined = replace(joined, patch=patch)
    if first.kind is not Kind.VESSEL:
        return joined
    line, half_width = _join_lines(first, second)
    return replace(joined, centre_lines=(line,), half_width_px=(half_width,))


def fill_outline(shape: tuple[int, int], points: Sequence[Point]) -> Mask:
    """The pixels within an outline of rows and columns; its edge belongs to it.

    Raises
    ------
    BadInput
        If there are none.
    """
    filled = np.zeros(shape, dtype=np.uint8)
    corners = np.rint(np.asarray(points, dtype=float)[:, ::-1] * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.fillPoly(filled, [corners], 1, shift=SUBPIXEL_BITS)
    if not filled.any():
        raise BadInput(say("what was drawn covers no pixel of the image"))
    return filled > 0


def cut_out(finding: Finding) -> Finding:
    """The same mark in the smallest box that holds it."""
    covered = finding.mask if finding.patch is None else finding.mask | finding.patch
    box = bounding_box(covered)
    origin = (finding.origin[0] + box[0].start, finding.origin[1] + box[1].start)
    patch = None if finding.patch is None else finding.patch[box]
    return replace(finding, mask=finding.mask[box], patch=patch, origin=origin)


def _assume_width(image: Image) -> float:
    if image.pixel_mm is None:
        return USUAL_WIDTH_PX
    return USUAL_WIDTH_MM / min(image.pixel_mm)


def _add_vessel(shape: tuple[int, int], points: Floats, width_px: float) -> Finding:
    line = space_evenly(points)
    if len(line) < 3:
        raise BadInput(say("a vessel is longer than two pixels: draw it along its whole length"))
    band = np.zeros(shape, dtype=np.uint8)
    corners = np.rint(line[:, ::-1] * 2**SUBPIXEL_BITS).astype(np.int32)
    cv2.polylines(band, [corners], False, 1, max(1, round(width_px)), shift=SUBPIXEL_BITS)
    if not band.any():
        raise BadInput(say("what was drawn covers no pixel of the image"))
    half_width = np.full(len(line), width_px / 2)
    return cut_out(
        Finding(kind=Kind.VESSEL, mask=band > 0, origin=(0, 0), centre_lines=(line,), half_width_px=(half_width,))
    )


def space_evenly(points: Floats) -> Floats:
    """A polyline with about one point a pixel of its length.

    >>> space_evenly(np.array([[0.0, 0.0], [0.0, 3.0]])).tolist()
    [[0.0, 0.0], [0.0, 1.0], [0.0, 2.0], [0.0, 3.0]]
    """
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    places = np.linspace(0.0, along[-1], max(2, round(float(along[-1])) + 1))
    return np.stack([np.interp(places, along, points[:, axis]) for axis in (0, 1)], axis=1)


def _find_lines(image: Image, drawn: Mask, noise_sd: float) -> Mask:
    """What stands out of its surroundings within an outline; the whole outline where nothing does."""
    side = ACROSS_PX
    if image.pixel_mm is not None:
        side = max(3, round(ACROSS_MM / min(image.pixel_mm)))
    rows, columns = bounding_box(drawn)
    near = slice(max(0, rows.start - side), rows.stop + side), slice(max(0, columns.start - side), columns.stop + side)
    plane = np.asarray(image.plane[near], np.float32)
    lines = np.zeros_like(drawn)
    lines[near] = (plane - _blur_median(plane, side) > STANDS_OUT * noise_sd) & drawn[near]
    return lines if lines.any() else drawn


def _blur_median(plane: Pixels, side: int) -> Pixels:
    """The median over a square; on a coarser grid where the square is large, for it changes slowly."""
    shrink = max(1, side // 5)
    small = cv2.resize(
        plane, (max(1, plane.shape[1] // shrink), max(1, plane.shape[0] // shrink)), interpolation=cv2.INTER_AREA
    )
    median = cv2.medianBlur(small, 5)
    return np.asarray(cv2.resize(median, plane.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _divide_vessel(finding: Finding, runs: Sequence[np.ndarray]) -> list[Finding]:
    """A vessel for each run of its points, with the marked pixels that are nearest to it, if there are any."""
    line, half_width = finding.centre_lines[0], finding.half_width_px[0]
    if not runs:
        return []
    pixels = np.argwhere(finding.mask)
    away = [cKDTree(line[run]).query(pixels + np.array(finding.origin))[0] for run in runs]
    owner = np.argmin(np.stack([np.asarray(each) for each in away]), axis=0)
    parts = []
    for number, run in enumerate(runs):
        mask = np.zeros_like(finding.mask)
        mask[tuple(pixels[owner == number].T)] = True
        if mask.any():
            part = replace(finding, mask=mask, centre_lines=(line[run],), half_width_px=(half_width[run],))
            parts.append(cut_out(part))
    return parts


def _keep_side(finding: Finding, side: Mask) -> Finding:
    patch = None if finding.patch is None else finding.patch & side
    return replace(finding, mask=finding.mask & side, patch=patch)


def _join_lines(first: Finding, second: Finding) -> tuple[Floats, Floats]:
    """The lines one after the other over the shortest gap, and their half-widths."""
    pairs = []
    for one in _walk_both_ways(first):
        for other in _walk_both_ways(second):
            pairs.append((float(np.hypot(*(other[0][0] - one[0][-1]))), one, other))
    _, one, other = min(pairs, key=lambda pair: pair[0])
    gap = space_evenly(np.stack([one[0][-1], other[0][0]]))[1:-1]
    between = np.full(len(gap), (one[1][-1] + other[1][0]) / 2)
    return np.vstack([one[0], gap, other[0]]), np.concatenate([one[1], between, other[1]])


def _walk_both_ways(finding: Finding) -> list[tuple[Floats, Floats]]:
    line, half_width = finding.centre_lines[0], finding.half_width_px[0]
    return [(line, half_width), (line[::-1], half_width[::-1])]
