"""Fitting of intervals: as short as they can be while they hold the truth as often as they say."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, differential_evolution, linprog

HELD: Final = 0.95
"""Share of the truths that an interval holds."""

SEED: Final = 1
"""The same errors give the same numbers."""

COST_OF_MISSING: Final = 20.0
"""Of a share that is not held, in half-intervals: far more than any interval is worth."""

Values = NDArray[np.float64]


def fit_scale(
    size: Values,
    half: Callable[[Values], Values],
    bounds: Sequence[tuple[float, float]],
    *,
    share: float = HELD,
    longest: float = np.inf,
) -> Values:
    """Parameters with which the mean half-interval is least while this share of errors' sizes (N,) is held.

    Parameters
    ----------
    size
        What the intervals are to hold.
    half
        Takes the parameters and gives half-intervals, shape (N,).
    bounds
        Least and greatest value of each parameter.
    share
        Share that is to be held, of those that are stated.
    longest
        A half-interval from which on nothing is stated; its cost is then this.
    """

    def cost(parameters: Values) -> float:
        intervals = half(parameters)
        stated = intervals < longest
        if not stated.any():
            return COST_OF_MISSING
        lacking = max(share - float(np.mean(size[stated] <= intervals[stated])), 0.0)
        return float(np.minimum(intervals, longest).mean()) + COST_OF_MISSING * lacking

    return np.asarray(differential_evolution(cost, Bounds(*np.transpose(bounds)), seed=SEED, tol=1e-8, maxiter=300).x)


def quantile_fit(design: Values, value: Values, share: float = 0.5) -> Values:
    """Weights of linear quantile regression: design (N, K), value (N,); by linear programming, hence exact.

    >>> quantile_fit(np.ones((3, 1)), np.array([1.0, 2.0, 9.0])).round(6).tolist()
    [2.0]
    """
    count, width = design.shape
    cost = np.r_[np.zeros(2 * width), np.full(count, share), np.full(count, 1 - share)]
    both = np.hstack([design, -design, np.eye(count), -np.eye(count)])
    found = linprog(cost, A_eq=both, b_eq=value, bounds=(0, None))
    weights = np.asarray(found.x, dtype=np.float64)
    return weights[:width] - weights[width : 2 * width]
