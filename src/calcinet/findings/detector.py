"""Where a film shows calcium, as probabilities pixel by pixel, at one scale."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Indices, Mask, Pixels
from calcinet.findings.network_input import NetworkInput, Resolution, prepare
from calcinet.findings.onnx_model import OnnxModel, load
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.progress import tell_step

TILE_PX: Final = 960
"""Longest side of what one tile contributes. Our choice: its halo is then less than half of it, and it takes 0.5 GB."""

HALO_PX: Final = 96
"""Width that is seen round a tile and thrown away. Our choice: over half of what the network sees round a pixel."""

STEP_PX: Final = 32
"""Tiles begin at multiples of this, as if they were cut from the whole film: the network halves a tile five times."""

ROUNDING_PX: Final = 2
"""Two ways of taking the nearest pixel may differ by one at either end of a mask."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CalciumMaps:
    """Probabilities at the detector's own resolution; all of one shape (rows, columns)."""

    vessel: Pixels
    """Calcified wall or plaque of a vessel."""
    net: Pixels
    """Line of a net."""
    focus: Pixels
    """Other calcium."""
    patch: Pixels
    """Area covered by a net."""

    shape: tuple[int, int]
    """Rows and columns of the film itself."""

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of the film per pixel of the maps, along rows and columns."""
        rows, columns = self.vessel.shape
        return self.shape[0] / rows, self.shape[1] / columns


def calcium_maps(image: Image, regions: Regions, *, name: str, resolution: Resolution) -> CalciumMaps:
    """Look for calcium on a film at one scale.

    Parameters
    ----------
    image
        One slice, rising with attenuation; without a spacing its pixels are taken for those of `resolution`.
    regions
        Its region map: air and border are not looked at.
    name
        Name of the network's weights.
    resolution
        Resolution of the network.

    Raises
    ------
    BadWeights
        If the network is missing or altered.
    """
    tissue = regions[Tissue.SOFT] | regions[Tissue.BONE]
    vessel, net, focus, patch = network_maps(image, tissue, name=name, shrink=resolution.shrink(image))
    return CalciumMaps(vessel=vessel, net=net, focus=focus, patch=patch, shape=image.plane.shape)


def network_maps(image: Image, tissue: Mask, *, name: str, shrink: float) -> Pixels:
    """What a network says of a film that is shrunk by a factor: its maps, shape (maps, rows, columns).

    Only where `tissue`, shape (Y, X) of the film, is true anything is looked at; elsewhere maps are 0.
    """
    given = prepare(image, tissue, margin_px=HALO_PX + STEP_PX + ROUNDING_PX, shrink=shrink)
    rows, columns = given.size
    wanted = tissue[_place_evenly(rows, tissue.shape[0])][:, _place_evenly(columns, tissue.shape[1])]
    return _apply(load(name), given, wanted)


def _place_evenly(count: int, size: int) -> Indices:
    """`count` indices, evenly spread over `size` pixels."""
    return ((np.arange(count) + 0.5) * size / count).astype(np.intp)


def _apply(network: OnnxModel, given: NetworkInput, wanted: Mask) -> Pixels:
    """The network's maps, shape (maps, rows, columns), tile by tile; 0 where nothing is wanted."""
    count = network.session.get_outputs()[0].shape[1]
    maps = np.zeros((count, *wanted.shape), dtype=np.float32)
    tiles = list(_divide_into_tiles(wanted))
    for done, (rows, columns) in enumerate(tiles):
        tell_step(done, len(tiles))
        (out,) = network.session.run(None, {"image": _cut_with_halo(given, rows, columns)[None]})
        tile = wanted[rows, columns]
        height, width = tile.shape
        maps[:, rows, columns] = out[0, :, HALO_PX : HALO_PX + height, HALO_PX : HALO_PX + width] * tile
    return maps


def _cut_with_halo(given: NetworkInput, rows: slice, columns: slice) -> Pixels:
    """A tile and what is round it, its sides multiples of `STEP_PX`; the film's edge is carried on."""
    row_count, column_count = given.size
    row_numbers = _widen(rows, row_count) - given.box[0].start
    column_numbers = _widen(columns, column_count) - given.box[1].start
    return given.channels[:, row_numbers[:, None], column_numbers]


def _widen(span: slice, size: int) -> Indices:
    """The pixels of a tile's side and its halo, in multiples of `STEP_PX`; beyond the film its outermost ones again."""
    fill = -(span.stop - span.start) % STEP_PX
    return np.clip(np.arange(span.start - HALO_PX, span.stop + HALO_PX + fill), 0, size - 1)


def _divide_into_tiles(wanted: Mask) -> Iterator[tuple[slice, slice]]:
    """Boxes that together hold all that is wanted, and little else."""
    for rows in _divide_into_spans(np.asarray(wanted.any(axis=1))):
        for columns in _divide_into_spans(np.asarray(wanted[rows].any(axis=0))):
            yield rows, columns


def _divide_into_spans(wanted: Mask) -> list[slice]:
    """Spans of at most `TILE_PX`, about equally long, from the first wanted pixel to the last."""
    numbers = np.flatnonzero(wanted)
    if not numbers.size:
        return []
    first = int(numbers[0]) // STEP_PX * STEP_PX
    stop = int(numbers[-1]) + 1
    count = -(-(stop - first) // TILE_PX)
    length = -(-(stop - first) // (count * STEP_PX)) * STEP_PX
    return [slice(start, min(start + length, stop)) for start in range(first, stop, length)]
