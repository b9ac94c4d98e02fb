"""Lines along which a silhouette is cut: from row to row where counts are fewest."""

import numpy as np

from calcinet.arrays import Floats, Indices


def seam(cost: Floats, *, reach: int = 1) -> Indices:
    """Column of the cheapest path from the first row to the last that moves at most `reach` columns a row.

    Parameters
    ----------
    cost
        Shape (rows, columns); infinite where the path may not run.
    reach
        Columns a row.

    >>> seam(np.array([[1.0, 0, 1], [1, 1, 0], [1, 0, 1]])).tolist()
    [1, 2, 1]
    """
    rows, columns = cost.shape
    total = np.empty_like(cost)
    total[0] = cost[0]
    came = np.zeros((rows, columns), dtype=np.intp)
    steps = range(-reach, reach + 1)
    for row in range(1, rows):
        padded = np.pad(total[row - 1], reach, constant_values=np.inf)
        options = np.stack([padded[reach + step : reach + step + columns] for step in steps])
        best = options.argmin(axis=0)
        came[row] = best - reach
        total[row] = cost[row] + options[best, np.arange(columns)]
    path = np.empty(rows, dtype=np.intp)
    path[-1] = int(total[-1].argmin())
    for row in range(rows - 1, 0, -1):
        path[row - 1] = path[row] + came[row, path[row]]
    return path
