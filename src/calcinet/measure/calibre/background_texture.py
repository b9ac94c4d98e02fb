"""What the tissue beside a vessel looks like across it: the waves that hide or feign walls, and the noise on them.

A film's noise is not all that a vessel lies in. Muscle, fat and folds have a texture that is coarser than noise and
stronger, and that a profile fitted with noise alone takes for the vessel. So the same profiles are taken beside the
vessel, where it is not, and taken apart into waves across: how strong each wave is there is what may be expected of it
under the vessel.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.measure.calibre.least_squares import predict, solve

MOST_WAVES: Final = 24
"""Most waves that are told apart. Our choice: finer texture acts like noise."""

BINS_A_WAVE: Final = 3
"""Bins for each wave, at least. Our choice, as `MOST_WAVES`."""

NORMAL_MEDIAN_SQUARE: Final = 0.4549
"""Median of the square of a standard normal number."""

NEIGHBOURS: Final = 5
"""Waves whose strengths are averaged. Our choice: tissue has smooth spectra."""

MIN_SEEN: Final = 0.9
"""Share of its bins that a profile beside must have. Our choice."""

MIN_PROFILES: Final = 2
"""With fewer profiles beside the vessel nothing is known of the tissue."""


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """Waves and noise of the tissue beside a vessel."""

    variance: Floats
    """Variance of the amplitude of each wave, in squared pixel values, shape (J,)."""

    noise_sd: float
    """Standard deviation of a pixel about those waves."""


def waves(x: Floats, count: int) -> Floats:
    """Cosines across a profile, the second half-wave first, shape (..., count); `x` runs from -1 to 1."""
    return np.asarray(np.cos(np.pi / 2 * np.arange(2, count + 2) * (x[..., None] + 1)))


def measure_texture(x: Floats, value: Floats, pixels: Floats, noise_sd: float) -> Texture | None:
    """Strength of the waves in profiles of bare tissue; None where there are too few.

    Parameters
    ----------
    x
        Place across, from -1 to 1, shape (S, K).
    value
        Mean pixel of each bin, shape (S, K).
    pixels
        Number of pixels in it, shape (S, K).
    noise_sd
        Standard deviation of a pixel's noise, by the film.
    """
    whole = (pixels > 0).mean(axis=1) >= MIN_SEEN
    x, value, pixels = x[whole], value[whole], pixels[whole]
    if len(x) < MIN_PROFILES:
        return None
    basis = _join_waves(x)
    columns = basis.shape[-1]
    weighted = (basis * pixels[..., None]).swapaxes(1, 2)
    inverse = solve(weighted @ basis, np.broadcast_to(np.eye(columns), (len(x), columns, columns)))
    amplitude = (inverse @ (weighted @ value[..., None]))[..., 0]
    rest = value - predict(basis, amplitude)
    free = np.maximum((pixels > 0).sum(axis=1) - columns, 1)
    noise = float(np.median((pixels * rest**2).sum(axis=1) / free))
    by_noise = noise * np.diagonal(inverse, axis1=1, axis2=2)
    strength = np.median(amplitude**2 - by_noise, axis=0)[2:] / NORMAL_MEDIAN_SQUARE
    return Texture(np.maximum(_smooth(strength), 0.0), max(noise**0.5, 0.1 * noise_sd))


def _join_waves(x: Floats) -> Floats:
    """Level, slope and waves across each profile, shape (S, K, 2 + J)."""
    count = min(MOST_WAVES, x.shape[1] // BINS_A_WAVE)
    return np.concatenate([np.ones_like(x)[..., None], x[..., None], waves(x, count)], axis=-1)


def _smooth(strength: Floats) -> Floats:
    kernel = np.ones(min(NEIGHBOURS, len(strength)))
    near = np.convolve(np.ones_like(strength), kernel, mode="same")
    return np.asarray(np.convolve(strength, kernel, mode="same") / near)
