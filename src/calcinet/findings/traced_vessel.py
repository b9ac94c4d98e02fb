"""A vessel's path through an image, as finders trace it."""

from dataclasses import dataclass

from calcinet.arrays import Floats


@dataclass(frozen=True, slots=True, eq=False)
class TracedVessel:
    """A vessel's path through the image."""

    centre_line: Floats
    """Sub-pixel row and column, shape (N, 2), about one point a pixel."""

    half_width_px: Floats
    """Outer half-width, first estimate, shape (N,)."""

    two_walls: bool
    """True where the line runs between both walls; else the vessel is solid or only one wall is seen."""
