"""Profiles across a vessel, and the tubes that were fitted to them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats

LUMEN_SHARE: Final = 0.5
"""Lumen area over outer area that is assumed before looking: the mean of a uniform distribution from 0 (solid) to 1
(thin wall). It decides only where the blur hides the lumen."""

LUMEN_SHARE_SD: Final = 0.29
"""Sd of the same distribution; it widens the interval."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Profiles:
    """Binned profiles across a vessel, one row a window along it. Bins without pixels have weight 0."""

    u: Floats
    """Mean distance of a bin's pixels from the centre line, shape (W, K)."""

    value: Floats
    """Mean pixel of a bin, shape (W, K)."""

    weight: Floats
    """1 / variance of `value`, shape (W, K)."""

    sigma: Floats
    """Blur across the line, in the unit of `u`, shape (W,)."""

    background: Floats
    """Columns of which the background may be made, shape (W, K, B)."""

    stiffness: Floats
    """1 / variance that each column's coefficient is expected to have, shape (W, B); 0 leaves it free."""

    log_blur_sd: float = 0.0
    """How well `sigma` is known, as the sd of its logarithm."""

    def repeat(self, count: int) -> "Profiles":
        """All windows `count` times, one set after the other."""
        return Profiles(
            u=np.concatenate([self.u] * count),
            value=np.concatenate([self.value] * count),
            weight=np.concatenate([self.weight] * count),
            sigma=np.concatenate([self.sigma] * count),
            background=np.concatenate([self.background] * count),
            stiffness=np.concatenate([self.stiffness] * count),
            log_blur_sd=self.log_blur_sd,
        )


@dataclass(frozen=True, slots=True)
class Common:
    """Parameters that all windows of a vessel have in common."""

    share: float = LUMEN_SHARE
    """Lumen area over outer area."""

    log_blur: float = 0.0
    """Logarithm of the blur over the one that was given."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TubeFit:
    """A tube in each window, with one lumen share for all of them."""

    log_radius: Floats
    """Natural logarithm of the outer radius, shape (W,)."""

    centre: Floats
    """Shift of the tube's middle along `u`, shape (W,)."""

    skew: Floats
    """(right - left) / (right + left) of the two walls, shape (W,)."""

    amount: Floats
    """Line integral across the tube (pixel value times length), shape (W,)."""

    amount_sd: Floats
    """Sd of `amount`, shape (W,)."""

    common: Common
    """Lumen share and blur of the whole vessel."""

    own_sd: Floats
    """Sd of `log_radius` from each window's noise and tissue alone, shape (W,)."""

    influence: Floats
    """Change of `log_radius` with each bin's value, shape (W, K)."""

    weight: Floats
    """1 / variance of each bin as the residuals bear it out, shape (W, K)."""

    common_effect: Floats
    """Change of `log_radius` when what all windows share changes by one sd, two independent ways, shape (W, 2)."""
