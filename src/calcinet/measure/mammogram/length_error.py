"""How far the calcified length of breast arteries that was marked is from the true one.

    sqrt(true length / mm) = sqrt(marked length / mm) + `TYPICAL`, 95 % of them within `ERROR` of it

What is marked errs by short stretches that are missed or marked too much: the error of a length rises with its root.
Where nothing was marked the interval begins at 0 and says how much may have been overlooked.
"""

from typing import Final

TYPICAL: Final = 0.1
ERROR: Final = 1.6
"""Our own fit to 47 generated mammograms with pixels of 0.1 mm, twelve of each grade; benchmarks/mammogram.py counts
how often others are held."""

COARSEST_MM: Final = 0.12
"""Of coarser pixels no error is known. Our choice: those of mammography have 0.05 to 0.1 mm."""


def bound_length(marked_mm: float, pixel_mm: float) -> tuple[float, float] | None:
    """95 % interval of the calcified length in mm; None at pixels that it was not fitted to.

    >>> [round(end, 1) for end in bound_length(100.0, 0.1) or ()]
    [72.2, 136.9]
    >>> [round(end, 1) for end in bound_length(0.0, 0.1) or ()]
    [0.0, 2.9]

    Parameters
    ----------
    marked_mm
        Of all arteries of one view.
    pixel_mm
        The larger side of a pixel.
    """
    if pixel_mm > COARSEST_MM:
        return None
    middle = marked_mm**0.5 + TYPICAL
    return max(0.0, middle - ERROR) ** 2, (middle + ERROR) ** 2
