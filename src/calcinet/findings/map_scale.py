"""Between the pixels of the detector's maps and those of the film."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.components import Box, Component
from calcinet.findings.detector import CalciumMaps

CERTAIN: Final = 0.5
"""A pixel at least this probable is marked. Our choice: where a false and a missed pixel cost the same."""


def resize_to_maps(maps: CalciumMaps, mask: Mask) -> Mask:
    """Bring a mask of the film, shape (Y, X), to the pixels of the detector's maps."""
    size = maps.vessel.shape[::-1]
    return cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0


def scale_points(points: Floats, maps: CalciumMaps) -> Floats:
    """Convert points of the maps, shape (N, 2), to pixels of the film: x_film = (x_map + 1/2) scale - 1/2."""
    return np.asarray((points + 0.5) * maps.scale - 0.5)


def scale_box(box: Box, maps: CalciumMaps) -> Box:
    """All pixels of the film that a box of the maps touches."""
    rows, columns = box
    row_scale, column_scale = maps.scale
    row_count, column_count = maps.shape
    return _scale_slice(rows, row_scale, row_count), _scale_slice(columns, column_scale, column_count)


def enlarge(probability: Pixels, component: Component, maps: CalciumMaps, box: Box, *, least: float = CERTAIN) -> Mask:
    """A component of the maps in a box of the film; its edge is where the probability crosses `least`."""
    if probability.shape == maps.shape:
        whole = np.zeros(maps.shape, dtype=bool)
        whole[component.box] = component.mask
        return whole[box]
    rows, columns = _widen(component.box[0]), _widen(component.box[1])
    values = probability[rows, columns]
    values = np.pad(values * _dilate_within(component, rows, columns, values.shape), 1)
    for axis, first in enumerate((rows.start, columns.start)):
        at = _convert_to_maps(box[axis], maps.scale[axis], probability.shape[axis]) - first + 1
        values = _interpolate(values, np.clip(at, 0, values.shape[axis] - 1), axis)
    return np.asarray(values > least)


def _widen(span: slice) -> slice:
    """One pixel more at both ends, as far as there is one."""
    return slice(max(span.start - 1, 0), span.stop + 1)


def _convert_to_maps(span: slice, scale: float, size: int) -> Floats:
    """Positions of the film's pixels along one axis of the maps: x_map = (x_film + 1/2) / scale - 1/2."""
    return np.clip((np.arange(span.start, span.stop) + 0.5) / scale - 0.5, 0, size - 1)


def _scale_slice(span: slice, scale: float, size: int) -> slice:
    first = int((span.start - 1) * scale)
    last = int(np.ceil((span.stop + 1) * scale))
    return slice(max(0, first), min(size, last))


def _dilate_within(component: Component, rows: slice, columns: slice, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """The component and the pixels next to it, 1 and 0, in a box of the maps round its own."""
    near = np.zeros(shape, dtype=np.uint8)
    top, left = component.box[0].start - rows.start, component.box[1].start - columns.start
    height, width = component.mask.shape
    near[top : top + height, left : left + width] = component.mask
    return np.asarray(cv2.dilate(near, np.ones((3, 3), dtype=np.uint8)), dtype=np.uint8)


def _interpolate(values: Pixels, at: Floats, axis: int) -> Pixels:
    """Values at positions along an axis, linear in between."""
    low = np.minimum(at.astype(np.intp), values.shape[axis] - 2)
    share = np.expand_dims((at - low).astype(np.float32), 1 - axis)
    before, after = values.take(low, axis), values.take(low + 1, axis)
    return np.asarray(before * (1 - share) + after * share, dtype=np.float32)
