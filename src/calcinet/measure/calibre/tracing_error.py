"""How far a calibre may be off where its vessel was found and traced by a program, not only by what its fit tells.

    sd^2 = (fit sd of the fit)^2 + even^2 + (apart log(diameter / first estimate))^2 + (short (10 mm / length)^2)^2

relative to the diameter. A fit along a line that runs beside its vessel errs by more than it tells. To that is added
what it knows nothing of: walls of which one hardly shows, a line that leaves its vessel at a branch; that the finder,
which sees the whole film, took the vessel for wider or narrower; that a short line may be a plaque or part of a wall.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

FIT: Final = 1.101
"""Factor on what the fit tells."""

EVEN: Final = 0.032
"""Of every vessel."""

APART: Final = 0.046
"""Share of the distance between fit and first estimate."""

SHORT: Final = 0.503
"""Of a line of `SHORT_MM`. These four numbers are our own fit to arteries that were found where they are known, by
benchmarks/fit_calibre_error.py, which prints them."""

SHORT_MM: Final = 10.0
"""Length of the shortest line that is called a vessel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracing:
    """How a vessel was found, and so how far its line may mislead the fit."""

    first_mm: float
    """The finder's first estimate of the outer diameter."""

    length_mm: float
    """Of the line."""

    def sd(self, diameter_mm: float, fit_sd: float) -> float:
        """Relative sd of the calibre `diameter_mm`, of which the fit tells `fit_sd`."""
        apart = APART * np.log(diameter_mm / self.first_mm)
        short = SHORT * (SHORT_MM / self.length_mm) ** 2
        return float(np.sqrt((FIT * fit_sd) ** 2 + EVEN**2 + apart**2 + short**2))
