"""Lines along which a silhouette is cut: from row to row where counts are fewest."""

import numpy as np

from calcinet.arrays import Floats, Indices


def find_seam(cost: Floats, *, reach: int = 1) -> Indices:
    """Column of the cheapest path from the first row to the last that moves at most `reach` columns a row.

    Parameters
    ----------
    cost
        Shape (rows, columns); infinite where the path may not run.
    reach
        Columns a row.

    >>> find_seam(np.array([[1.0, 0, 1], [1, 1, 0], [1, 0, 1]])).tolist()
    [1, 2, 1]
    """
    rows, columns = cost.shape
    total = cost[0]
    steps = np.zeros((rows, columns), dtype=np.intp)
    for row in range(1, rows):
        padded = np.pad(total, reach, constant_values=np.inf)
        options = np.lib.stride_tricks.sliding_window_view(padded, columns)
        best = options.argmin(axis=0)
        steps[row] = best - reach
        total = cost[row] + options[best, np.arange(columns)]
    path = np.empty(rows, dtype=np.intp)
    path[-1] = int(total.argmin())
    for row in range(rows - 1, 0, -1):
        path[row - 1] = path[row] + steps[row, path[row]]
    return path
