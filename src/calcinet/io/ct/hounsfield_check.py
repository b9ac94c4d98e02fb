"""Whether voxels are Hounsfield units: air, fat and muscle must stand where physics puts them."""

from typing import Final

import numpy as np

from calcinet.arrays import Mask, Pixels
from calcinet.errors import Unreadable
from calcinet.text import say

AIR_HU: Final = -1024.0
"""What padding becomes: the lowest value of the usual 12 bits."""

PADDING_HU: Final = (-2000.0, -2048.0, -3024.0, -3072.0)
"""Values that devices put where nothing was reconstructed."""

LEAST_PADDED: Final = 0.002
"""Share of a slice, or a volume, that has the very lowest value where that is far below air and no other value is: what
was put in place of values, not noise. Our choice."""

PADDING_ABOVE_HU: Final = 31743.0
"""The highest value that scanners give metal, on the extended scale of 16 bits; what exceeds it is no value."""

PADDING_BELOW_HU: Final = -900.0
"""A stated padding value above this lies among tissue, and is not believed. Our choice: lung begins there."""

LOOKED_AT: Final = 2_000_000
"""Voxels that are looked at. Our choice: a peak of a thousandth then has 2000."""

GAS_HU: Final = (-1500.0, -500.0)
"""Air at -1000 and the noise of the sharpest kernels below it; lung up to its vessels."""

SOFT_HU: Final = (-200.0, 200.0)
"""Fat at -100, muscle at 50, and their noise."""

FAT_HU: Final = (-150.0, -30.0)
"""Fat and its noise: what tells HU from other scales where no air is in the picture."""

MIN_SOFT: Final = 0.3
"""Share of all that is denser than lung. Our choice: vessels with contrast and bone leave more."""

MIN_FAT: Final = 0.005
"""Share of what is denser than lung, where there is no air. Our choice: muscle alone has more in it."""

MIN_GAS: Final = 0.01
"""Share of the volume from which air must stand at its place. Our choice."""

GAS_PEAK_HU: Final = (-1150.0, -650.0)
"""Air's peak, whose calibration may be off; lung's may be as high."""

GAS_BINS: Final = 50
"""Of 20 HU. Our choice: wide against the scatter of counts, narrow against the range that is allowed."""

MAX_BELOW: Final = 0.01
"""Share of voxels below air's noise. Our choice."""

MAX_AT_FLOOR: Final = 0.05
"""Share at the lowest value where that is no air: the values were cut off there. Our choice."""

SPONGY_HU: Final = (250.0, 700.0)
"""Cancellous bone, and the rim of cortical bone where voxels hold only a part of it."""

MAX_DENSE_OVER_SPONGY: Final = 8.0
"""What is denser, over that. Our choice: windows cut close round the bones of generated legs have 0.3 to 6; the same
legs stored without their intercept of -1000, where tissue stands as high as cortical bone and air at 0, 11 to 100."""

MIN_DENSE: Final = 0.02
"""Share of all from which this is asked. Our choice: metal alone has less."""


def without_padding(hu: Pixels, padded: Mask | None) -> None:
    """Turn what stands for nothing into air, in place; `padded` marks the pixels that the header names."""
    lowest = hu.min()
    if padded is not None:
        hu[padded] = AIR_HU
    if lowest <= PADDING_HU[0]:
        hu[np.isin(hu, PADDING_HU)] = AIR_HU
    if lowest < GAS_HU[0]:
        _replace_constant(hu)


def _replace_constant(hu: Pixels) -> None:
    """Turn the one value that lies below all air into air, in place, where many voxels have it and none another."""
    below = hu < GAS_HU[0]
    if below.mean() >= LEAST_PADDED and np.ptp(hu[below]) == 0:
        hu[below] = AIR_HU


def require_hounsfield(volume: Pixels) -> None:
    """Refuse a volume whose values cannot be HU.

    Parameters
    ----------
    volume
        Shape (Z, Y, X); padding is air already.

    Raises
    ------
    Unreadable
        If air, fat or soft tissue are not where they must be.
    """
    values = _sample(volume)
    why = _compare_levels(values)
    if why is not None:
        message = say(
            "the values are not Hounsfield units: {why}; expected air near -1000 and soft tissue between -200 and 200: "
            "give the CT itself, not a map, a picture or another kind of scan made from it",
            why=why,
        )
        raise Unreadable(message, code="ct-not-hu")


def _sample(volume: Pixels) -> Pixels:
    """Voxels spread over the volume, by a stride that is no divisor of a side."""
    flat = volume.reshape(-1)
    stride = max(1, flat.size // LOOKED_AT) | 1
    return flat[::stride]


def _compare_levels(values: Pixels) -> str | None:
    """What speaks against HU."""
    if not np.isfinite(values).all():
        return say("some are no numbers")
    low = float(values.min())
    if low == float(values.max()):
        return say("all are {value:.6g}", value=low)
    below = float((values < GAS_HU[0]).mean())
    if below > MAX_BELOW:
        return say("{share:.0%} are lower than air", share=below)
    gas = values[(values >= GAS_HU[0]) & (values < GAS_HU[1])]
    tissue = values[values >= GAS_HU[1]]
    fault = _check_tissue(tissue)
    if fault is not None:
        return fault
    if gas.size >= MIN_GAS * values.size:
        return _check_gas(gas)
    return _check_without_gas(tissue, low)


def _check_tissue(tissue: Pixels) -> str | None:
    share = 0.0
    if tissue.size:
        share = float(_is_within(tissue, SOFT_HU).mean())
    if share >= MIN_SOFT:
        return None
    return say("{share:.0%} of what is denser than lung is as dense as soft tissue", share=share)


def _check_gas(gas: Pixels) -> str | None:
    counts, edges = np.histogram(gas, bins=GAS_BINS, range=GAS_HU)
    peak = float(edges[counts.argmax()])
    if GAS_PEAK_HU[0] <= peak <= GAS_PEAK_HU[1]:
        return None
    return say("what is lighter than fat is commonest at {peak:.0f}", peak=peak)


def _check_without_gas(tissue: Pixels, low: float) -> str | None:
    """Without air in the picture, fat must be there, and no floor that the values were cut off at."""
    if float((tissue <= low + 0.5).mean()) > MAX_AT_FLOOR:
        return say("there is no air, and many have the lowest value, {low:.6g}", low=low)
    dense = float((tissue > SPONGY_HU[1]).mean())
    spongy = float(_is_within(tissue, SPONGY_HU).mean())
    if dense >= MIN_DENSE and dense > MAX_DENSE_OVER_SPONGY * spongy:
        return say("there is no air, and {share:.0%} are as dense as cortical bone", share=dense)
    fat = float(_is_within(tissue, FAT_HU).mean())
    if fat >= MIN_FAT:
        return None
    return say("there is neither air nor fat among them")


def _is_within(values: Pixels, bounds: tuple[float, float]) -> Mask:
    return (values >= bounds[0]) & (values <= bounds[1])
