"""How far a calibre may be off because its vessel was found and traced by a program, beyond what its fit tells.

    sd^2 = even^2 + (px pixel / diameter)^2 + (apart log(diameter / first estimate))^2 + (short (10 mm / length)^2)^2

relative to the diameter: walls of which one hardly shows, a line that leaves its vessel at a branch, plaques beside the
lumen; a few pixels of path; that the finder, which sees the whole film, took the vessel for wider or narrower than the
fit to its profiles did; and that a short line may be a plaque or a stretch of one wall.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

EVEN: Final = 0.06
"""Of every vessel; see `APART`."""

PATH_PX: Final = 0.3
"""Of the path, in pixels."""

APART: Final = 0.5
"""Share of the distance between fit and first estimate."""

SHORT: Final = 0.5
"""Of a line of `SHORT_MM`. `EVEN`, `PATH_PX`, `APART` and `SHORT` are our own fit to arteries that were found on films
where they are known, by benchmarks/fit_calibre_error.py, which prints these numbers."""

SHORT_MM: Final = 10.0
"""Length of the shortest line that is called a vessel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracing:
    """How a vessel was found, and so how far its line may mislead the fit."""

    first_mm: float
    """The finder's first estimate of the outer diameter."""

    length_mm: float
    """Of the line."""

    pixel_mm: float

    def sd(self, diameter_mm: float) -> float:
        """Relative sd of the calibre by all but its fit, which gave `diameter_mm`."""
        apart = APART * np.log(diameter_mm / self.first_mm)
        path, short = PATH_PX * self.pixel_mm / diameter_mm, SHORT * (SHORT_MM / self.length_mm) ** 2
        return float(np.sqrt(EVEN**2 + path**2 + apart**2 + short**2))
