"""Weighted least squares of many small problems at once, and the weights that residuals deserve."""

from typing import Final

import numpy as np

from calcinet.arrays import Floats, Mask

OUTLIER_SIGMAS: Final = 3.0
"""A bin that misses the model by this much has half its weight (Cauchy's weight). Our choice: hardly felt by noise, it
keeps a neighbouring line or bone edge from bending the fit."""

UNKNOWNS: Final = 6
"""Radius, centre, skew, amount, level and slope of a window."""


LEAST_INFORMATION: Final = 1e-30
"""Smallest diagonal of a window's equations that they are scaled by."""

RIDGE: Final = 1e-9
"""Added to the scaled diagonal, so that a parameter that the data leave open stays where it is."""


def trust_residuals(residual: Floats, weight: Floats) -> Floats:
    """`weight` (1 / variance) as the residuals bear it out, shape (W, K).

    Bins far from the model lose weight (Cauchy); a window whose scatter exceeds its noise loses in proportion; and so
    does the whole vessel where neighbouring bins err together, for then they are fewer than they look.
    """
    z = residual * np.sqrt(weight)
    seen = weight > 0
    bins = seen.sum(axis=1)
    scatter = _limit_scatter((z**2).sum(axis=1) / np.maximum(bins, 1))
    trust = 1 / (1 + z**2 / (scatter * OUTLIER_SIGMAS**2))
    scatter = _limit_scatter((trust * z**2).sum(axis=1) / np.maximum(bins - UNKNOWNS, 1))
    alike = _correlate_neighbours(z * np.sqrt(trust / scatter), seen)
    fewer = max((1 + alike) / max(1 - alike, 0.05), 1.0)
    return np.asarray(weight * trust / scatter / fewer)


def _limit_scatter(scatter: Floats) -> Floats:
    """Scatter of each window, that of the given noise at least, shape (W, 1)."""
    return np.asarray(np.maximum(scatter, 1.0)[:, None])


def _correlate_neighbours(z: Floats, seen: Mask) -> float:
    """Correlation of the residuals of neighbouring bins, over all windows."""
    both = seen[:, 1:] & seen[:, :-1]
    return float((z[:, 1:] * z[:, :-1] * both).sum()) / max(float((z**2).sum()), 1e-12)


def least_squares(value: Floats, weight: Floats, basis: Floats, stiffness: Floats) -> Floats:
    """Coefficients of the columns of `basis`, shape (W, K, P), in W problems.

    `stiffness` (W, B) is 1 / variance that the last B of them are expected to have; `weight` (W, K) is 1 / variance of
    `value` (W, K).
    """
    weighted = (basis * weight[..., None]).swapaxes(1, 2)
    normal = weighted @ basis
    total = basis.shape[-1]
    columns = np.arange(total - stiffness.shape[-1], total)
    normal[:, columns, columns] += stiffness
    return solve(normal, (weighted @ value[..., None])[..., 0])


def predict(basis: Floats, coefficients: Floats) -> Floats:
    """Values that coefficients (W, P) of the columns of `basis` (W, K, P) give, shape (W, K)."""
    return np.asarray((basis @ coefficients[..., None])[..., 0])


def solve(normal: Floats, right: Floats) -> Floats:
    """Solve the windows' equations (W, P, P) for a right side (W, P) or several (W, P, C)."""
    if right.ndim == normal.ndim - 1:
        return np.asarray(solve(normal, right[..., None])[..., 0])
    scale = np.sqrt(np.maximum(np.einsum("wii->wi", normal), LEAST_INFORMATION))
    scaled = normal / (scale[:, :, None] * scale[:, None, :]) + RIDGE * np.eye(normal.shape[-1])
    return np.asarray(np.linalg.solve(scaled, right / scale[:, :, None]) / scale[:, :, None])
