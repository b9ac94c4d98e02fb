"""Where a radiograph shows calcium, as probabilities pixel by pixel."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.findings.onnx import Network, load
from calcinet.findings.prepare import prepare
from calcinet.findings.regions import Regions, Tissue
from calcinet.image import Image
from calcinet.model import NAME

TILE_PX: Final = 448
"""Side of what one tile contributes. Our choice: with its halo it stays within a processor's cache and 0.3 GB."""

HALO_PX: Final = 64
"""Seen round a tile and thrown away. A multiple of 16, and over half of what the network sees round a pixel."""

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class CalciumMaps:
    """Probabilities at the detector's own resolution; all of one shape (rows, columns)."""

    vessel: Plane
    """Calcified wall or plaque of a vessel."""
    net: Plane
    """Line of a net."""
    focus: Plane
    """Other calcium."""
    patch: Plane
    """Area covered by a net."""

    shape: tuple[int, int]
    """Rows and columns of the film itself."""

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of the film per pixel of the maps, along rows and columns."""
        rows, columns = self.vessel.shape
        return self.shape[0] / rows, self.shape[1] / columns


def calcium_maps(image: Image, regions: Regions) -> CalciumMaps:
    """Look for calcium on a radiograph.

    Parameters
    ----------
    image
        One slice, rising with attenuation; without a spacing its pixels are taken for 0.2 mm.
    regions
        Its region map: air and border are not looked at.

    Raises
    ------
    BadWeights
        If the network is missing or altered.
    """
    tissue = regions[Tissue.SOFT] | regions[Tissue.BONE]
    prepared = prepare(image, tissue)
    rows, columns = prepared.channels.shape[1:]
    wanted = tissue[_nearest(rows, tissue.shape[0])][:, _nearest(columns, tissue.shape[1])]
    vessel, net, focus, patch = _applied(load(NAME), prepared.channels, wanted)
    return CalciumMaps(vessel, net, focus, patch, prepared.shape)


def _nearest(count: int, of: int) -> NDArray[np.intp]:
    """Indices of `count` places spread evenly over `of`."""
    return ((np.arange(count) + 0.5) * of / count).astype(np.intp)


def _applied(network: Network, channels: Plane, wanted: NDArray[np.bool_]) -> Plane:
    """The network's maps, shape (4, rows, columns), tile by tile; 0 where nothing is wanted."""
    rows, columns = wanted.shape
    maps = np.zeros((4, rows, columns), dtype=np.float32)
    bottom, right = HALO_PX + -rows % 16, HALO_PX + -columns % 16
    padded = np.pad(channels, ((0, 0), (HALO_PX, bottom), (HALO_PX, right)), mode="edge")
    for at in _tiles(rows, columns):
        if not wanted[at].any():
            continue
        height, width = (part.stop - part.start for part in at)
        seen = padded[:, at[0].start : at[0].start + _full(height), at[1].start : at[1].start + _full(width)]
        (out,) = network.session.run(None, {"image": seen[None]})
        maps[(slice(None), *at)] = out[0, :, HALO_PX : HALO_PX + height, HALO_PX : HALO_PX + width]
    maps[:, ~wanted] = 0
    return maps


def _full(side: int) -> int:
    """Side of a tile with its halo, rounded up to a multiple of 16."""
    return side + 2 * HALO_PX + -side % 16


def _tiles(rows: int, columns: int) -> Iterator[tuple[slice, slice]]:
    for row in range(0, rows, TILE_PX):
        for column in range(0, columns, TILE_PX):
            yield slice(row, min(row + TILE_PX, rows)), slice(column, min(column + TILE_PX, columns))
