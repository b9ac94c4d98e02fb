"""Where a radiograph shows calcium, as probabilities pixel by pixel."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Indices, Mask, Pixels
from calcinet.findings.network_input import OF_RADIOGRAPHS, Prepared, Working, prepare
from calcinet.findings.onnx_model import OnnxModel, load
from calcinet.findings.radiograph.tissue_map import Regions, Tissue
from calcinet.image import Image
from calcinet.weights_manifest import NAME

TILE_PX: Final = 960
"""Longest side of what one tile contributes. Our choice: its halo is then less than half of it, and it takes 0.5 GB."""

HALO_PX: Final = 96
"""Seen round a tile and thrown away. Our choice: over half of what the network sees round a pixel."""

STEP_PX: Final = 32
"""The network halves a tile five times: tiles begin at multiples of this, as if they were cut from the whole film."""

ROUNDING_PX: Final = 2
"""Two ways of taking the nearest pixel may differ by one at either end of a mask."""


@dataclass(frozen=True, slots=True, eq=False)
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


def calcium_maps(image: Image, regions: Regions, *, name: str = NAME, working: Working = OF_RADIOGRAPHS) -> CalciumMaps:
    """Look for calcium on a radiograph.

    Parameters
    ----------
    image
        One slice, rising with attenuation; without a spacing its pixels are taken for those of `working`.
    regions
        Its region map: air and border are not looked at.
    name
        Which network.
    working
        Its resolution.

    Raises
    ------
    BadWeights
        If the network is missing or altered.
    """
    tissue = regions[Tissue.SOFT] | regions[Tissue.BONE]
    prepared = prepare(image, tissue, margin_px=HALO_PX + STEP_PX + ROUNDING_PX, working=working)
    rows, columns = prepared.size
    wanted = tissue[_nearest(rows, tissue.shape[0])][:, _nearest(columns, tissue.shape[1])]
    vessel, net, focus, patch = _applied(load(name), prepared, wanted)
    return CalciumMaps(vessel, net, focus, patch, prepared.shape)


def _nearest(count: int, of: int) -> Indices:
    """Indices of `count` places spread evenly over `of`."""
    return ((np.arange(count) + 0.5) * of / count).astype(np.intp)


def _applied(network: OnnxModel, prepared: Prepared, wanted: Mask) -> Pixels:
    """The network's maps, shape (4, rows, columns), tile by tile; 0 where nothing is wanted."""
    maps = np.zeros((4, *wanted.shape), dtype=np.float32)
    for at in _tiles(wanted):
        (out,) = network.session.run(None, {"image": _with_halo(prepared, at)[None]})
        height, width = wanted[at].shape
        maps[(slice(None), *at)] = out[0, :, HALO_PX : HALO_PX + height, HALO_PX : HALO_PX + width] * wanted[at]
    return maps


def _with_halo(prepared: Prepared, at: tuple[slice, slice]) -> Pixels:
    """A tile and what is round it, its sides multiples of `STEP_PX`; the film's edge is carried on."""
    rows, columns = (
        np.clip(np.arange(of.start - HALO_PX, of.stop + HALO_PX + -(of.stop - of.start) % STEP_PX), 0, size - 1) - first
        for of, size, first in zip(at, prepared.size, (of.start for of in prepared.box), strict=True)
    )
    return prepared.channels[:, rows[:, None], columns]


def _tiles(wanted: Mask) -> Iterator[tuple[slice, slice]]:
    """Boxes that hold together all that is wanted, and little else."""
    for rows in _spans(np.asarray(wanted.any(axis=1))):
        for columns in _spans(np.asarray(wanted[rows].any(axis=0))):
            yield rows, columns


def _spans(wanted: Mask) -> list[slice]:
    """Stretches of at most `TILE_PX`, about equally long, from the first wanted place to the last."""
    places = np.flatnonzero(wanted)
    if not places.size:
        return []
    first, stop = int(places[0]) // STEP_PX * STEP_PX, int(places[-1]) + 1
    count = -(-(stop - first) // TILE_PX)
    length = -(-(stop - first) // (count * STEP_PX)) * STEP_PX
    return [slice(start, min(start + length, stop)) for start in range(first, stop, length)]
