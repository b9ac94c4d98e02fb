"""Fitting of intervals: as short as they can be while they hold the truth as often as they say."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog, minimize

HELD: Final = 0.95
"""Share of the truths that an interval holds."""

SPREADS: Final = (0.3, 1.0, 3.0)
"""Multiples of the start from which the search begins: the loss has several valleys."""

Values = NDArray[np.float64]


def pinball(error: Values, share: float) -> float:
    """Mean loss whose least value the quantile of this share has: share times what lies above, the rest times below."""
    return float(np.mean(np.where(error > 0, share * error, (share - 1) * error)))


def fit_scale(size: Values, half: Callable[[Values], Values], start: Sequence[float], share: float = HELD) -> Values:
    """Parameters, none below 0, with which `half` is the quantile of the errors' `size` (N,) of this share.

    `half` takes the parameters and gives half-intervals (N,). What they are too long by costs, and what they miss by,
    in the ratio of the shares: so they are no longer than they need to be.
    """

    def loss(parameters: Values) -> float:
        return pinball(size - half(np.abs(parameters)), share)

    found = [minimize(loss, spread * np.array(start), method="Nelder-Mead") for spread in SPREADS]
    return np.abs(np.asarray(min(found, key=lambda one: float(one.fun)).x))


def quantile_fit(design: Values, value: Values, share: float = 0.5) -> Values:
    """Weights of linear quantile regression: design (N, K), value (N,); by linear programming, hence exact.

    >>> quantile_fit(np.ones((3, 1)), np.array([1.0, 2.0, 9.0])).round(6).tolist()
    [2.0]
    """
    count, width = design.shape
    cost = np.r_[np.zeros(2 * width), np.full(count, share), np.full(count, 1 - share)]
    both = np.hstack([design, -design, np.eye(count), -np.eye(count)])
    found = linprog(cost, A_eq=both, b_eq=value, bounds=(0, None))
    return np.asarray(found.x[:width] - found.x[width : 2 * width])


def conformal(rest: Values, share: float) -> float:
    """Quantile of what is left over, (N,), raised for its own uncertainty: rank (N + 1) share.

    A new one of the same kind then lies below it with at least this probability (split conformal prediction).
    """
    rank = int(np.ceil((len(rest) + 1) * share))
    return float(np.sort(rest)[min(rank, len(rest)) - 1])
