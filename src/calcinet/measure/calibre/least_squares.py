"""Weighted least squares of many small problems at once, and the weights that residuals deserve."""

from typing import Final

import numpy as np

from calcinet.arrays import Floats

OUTLIER_SIGMAS: Final = 3.0
"""A bin that misses the model by this much has half its weight (Cauchy's weight). Our choice: hardly felt by noise, it
keeps a neighbouring line or bone edge from bending the fit."""

UNKNOWNS: Final = 6
"""Radius, centre, skew, amount, level and slope of a window."""


def trusted(residual: Floats, weight: Floats) -> Floats:
    """`weight` (1 / variance) as the residuals bear it out, shape (W, K).

    Bins far from the model lose weight (Cauchy); a window whose scatter exceeds its noise loses in proportion; and so
    does the whole vessel where neighbouring bins err together, for then they are fewer than they look.
    """
    z = residual * np.sqrt(weight)
    seen = weight > 0
    scatter = np.maximum((z**2).sum(axis=1) / np.maximum(seen.sum(axis=1), 1), 1.0)[:, None]
    kept = 1 / (1 + z**2 / (scatter * OUTLIER_SIGMAS**2))
    scatter = np.maximum((kept * z**2).sum(axis=1) / np.maximum(seen.sum(axis=1) - UNKNOWNS, 1), 1.0)[:, None]
    unit = z * np.sqrt(kept / scatter)
    both = seen[:, 1:] & seen[:, :-1]
    alike = float((unit[:, 1:] * unit[:, :-1] * both).sum()) / max(float((unit**2).sum()), 1e-12)
    fewer = max((1 + alike) / max(1 - alike, 0.05), 1.0)
    return np.asarray(weight * kept / scatter / fewer)


def least_squares(value: Floats, weight: Floats, basis: Floats, stiffness: Floats) -> Floats:
    """Coefficients of the columns of `basis`, shape (W, K, P), in W problems.

    `stiffness` (W, B) is 1 / variance that the last B of them are expected to have; `weight` (W, K) is 1 / variance of
    `value` (W, K).
    """
    weighted = (basis * weight[..., None]).swapaxes(1, 2)
    normal = weighted @ basis
    columns = np.arange(basis.shape[-1] - stiffness.shape[-1], basis.shape[-1])
    normal[:, columns, columns] += stiffness
    return solve(normal, (weighted @ value[..., None])[..., 0])


def solve(normal: Floats, right: Floats) -> Floats:
    """Solve the windows' equations; parameters that the data leave open stay where they are."""
    vector = right.ndim == normal.ndim - 1
    scale = np.sqrt(np.maximum(np.einsum("wii->wi", normal), 1e-30))
    scaled = normal / (scale[:, :, None] * scale[:, None, :]) + 1e-9 * np.eye(normal.shape[-1])
    columns = (right[..., None] if vector else right) / scale[:, :, None]
    solved = np.linalg.solve(scaled, columns) / scale[:, :, None]
    return np.asarray(solved[..., 0] if vector else solved)
