"""Numbers, points and curves drawn at random, from a seed."""

import numpy as np

from calcinet.arrays import Floats, Mask


def log_uniform(rng: np.random.Generator, limits: tuple[float, float]) -> float:
    """A random number whose logarithm is evenly distributed between those of the limits."""
    return float(np.exp(rng.uniform(*np.log(limits))))


def random_pixel(where: Mask, rng: np.random.Generator) -> Floats:
    """Row and column of a random pixel of a mask, shape (2,)."""
    spots = np.flatnonzero(where)
    return np.array(divmod(int(spots[rng.integers(len(spots))]), where.shape[1]), float)


def wander(length: int, scale: float, rng: np.random.Generator) -> Floats:
    """Smooth random sequence of mean 0 and SD about 1 that changes over `scale` steps."""
    knots = int(length / max(scale, 1.0)) + 4
    values = rng.standard_normal(knots)
    at = np.arange(length) / max(scale, 1.0) + 1.0
    left = at.astype(int)
    t = at - left
    smooth = t * t * (3 - 2 * t)
    return np.asarray(values[left] * (1 - smooth) + values[np.minimum(left + 1, knots - 1)] * smooth)
